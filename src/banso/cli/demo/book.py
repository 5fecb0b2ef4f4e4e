"""The plan of the book: what will stand in it, before anything is written. No database.

Money is yen, days are days in Tokyo, ends are exclusive as in contracts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from banso.cli.demo.names import Company, Human


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a contract's ledger: what holds from `effective_on` up to `covers_until`."""

    kind: str
    effective_on: date
    covers_until: date | None
    amount: int
    term_months: int
    seats: int | None
    notice_on: date | None = None
    notice_months: int | None = None

    @property
    def mrr(self) -> float:
        return 0.0 if self.kind == "end" else self.amount / self.term_months


@dataclass(slots=True)
class PlannedContract:
    """A contract by its ledger, oldest line first; the first is "new"."""

    number: str
    product: str
    plan: str
    billing: str
    lines: list[Line]
    is_trial: bool = False

    @property
    def paper(self) -> str:
        """The number of the paper (契約番号), which sells the options too."""
        return "-".join(self.number.split("-")[:2])

    def line_on(self, day: date) -> Line | None:
        """What holds on the day: the latest line that covers it."""
        line = next((one for one in reversed(self.lines) if one.effective_on <= day), None)
        ended = line is None or (line.covers_until is not None and line.covers_until <= day)
        return None if ended else line

    def mrr_on(self, day: date) -> float:
        line = self.line_on(day)
        return 0.0 if line is None or self.is_trial else line.mrr


@dataclass(slots=True)
class PlannedContact:
    human: Human
    email: str
    department: str
    title: str
    roles: tuple[str, ...]
    phone: str = ""
    presence: str = "here"
    presence_since: date | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A cancellation notice: said on, leaving on, and why."""

    noticed_on: date
    effective_on: date
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the CSM thinks of a customer."""

    mood: str
    note: str
    made_on: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class Call:
    """Something that stands open about a customer."""

    kind: str
    since: date
    note: str


@dataclass(slots=True)
class PlannedCustomer:
    """One customer. `state`: active, churned or trial; `fate`: what its data shall show.

    Fates are healthy, watch and danger, for those that send usage; withheld and judged send
    none (judged: the CSM says how they are); fresh ones have only begun.
    """

    number: int
    company: Company
    tier: str
    state: str
    fate: str
    story: str
    owner: str  # the key of a Mate
    since: date
    sub_owner: str = ""
    parent: int | None = None  # the number of whose branch it is
    leaves_on: date | None = None
    employees: int = 0
    goals: str = ""
    purpose: str = ""
    stages: list[tuple[str, date]] = field(default_factory=list)
    contracts: list[PlannedContract] = field(default_factory=list)
    contacts: list[PlannedContact] = field(default_factory=list)
    touches: list[date] = field(default_factory=list)
    attributes: dict[str, object] = field(default_factory=dict)
    usage_from: date | None = None  # None: soon after signing
    notice: Notice | None = None
    judged: Judged | None = None
    call: Call | None = None

    @property
    def sends_usage(self) -> bool:
        return self.fate not in ("withheld", "judged")

    @property
    def external_id(self) -> str:
        return f"C-{self.number:04}"

    def last_day(self, today: date) -> date:
        """The last day they may use the product, so far."""
        return min(self.leaves_on - timedelta(days=1), today) if self.leaves_on else today

    def mrr_on(self, day: date) -> float:
        return sum(contract.mrr_on(day) for contract in self.contracts)

    def seats_on(self, day: date) -> int:
        """Licences of the main contract that day; 0 without one."""
        line = self.contracts[0].line_on(day)
        return (line.seats or 0) if line else 0


@dataclass(frozen=True, slots=True)
class Book:
    """The whole plan, customers in the order of their numbers."""

    seed: int
    today: date
    customers: list[PlannedCustomer]

    def active(self) -> list[PlannedCustomer]:
        return [one for one in self.customers if one.state == "active"]

    def of_story(self, story: str) -> PlannedCustomer:
        return next(one for one in self.customers if one.story == story)


@dataclass(frozen=True, slots=True)
class Retention:
    """GRR and NRR of a cohort: shares of its starting MRR, new customers left out."""

    start_mrr: float
    kept: float
    now: float

    @property
    def grr(self) -> float:
        return self.kept / self.start_mrr

    @property
    def nrr(self) -> float:
        return self.now / self.start_mrr


def retention(customers: Iterable[PlannedCustomer], *, start: date, end: date) -> Retention:
    """GRR = Σ min(end, start) ÷ Σ start and NRR = Σ end ÷ Σ start over customers paying at start."""
    pairs = [(one.mrr_on(start), one.mrr_on(end)) for one in customers]
    cohort = [(before, after) for before, after in pairs if before > 0]
    return Retention(
        start_mrr=sum(before for before, _ in cohort),
        kept=sum(min(pair) for pair in cohort),
        now=sum(after for _, after in cohort),
    )
