"""Everything the dashboard shows, of one reading of the ledger. Codes and numbers only, so that it
can be kept and be told in any language.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from banso.insight.metrics import answers
from banso.insight.metrics.asking import Asked, CountedBy, Figure, Standing
from banso.insight.metrics.queries import OF_A_YEAR
from banso.lib.periods import Kind, Period, add_months, period_of, trailing

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from banso.insight.metrics.making.reading import Reading

TRENDS: dict[Kind, int] = {"month": 13, "quarter": 9, "half": 7, "year": 5}
OF_PERIOD = ("mrr", "logo_churn", "renewal_rate", "expansion")
COHORTS = 12
AROUND = 6  # months of the calendar of renewals before and after
LOST_BY = ("reason", "tenure", "stage")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a page of figures is about; the fields mean what they mean in `Asked`."""

    period: Period
    unit: CountedBy = "user"
    attributes: Standing = "then"
    known_at: datetime | None = None

    def asked(self, kpi: str, periods: Iterable[Period] = (), by: str = "") -> Asked:
        chosen = tuple(periods) or (self.period,)
        return Asked(kpi, chosen, by, self.known_at, self.unit, self.attributes)


@dataclass(frozen=True, slots=True)
class CohortLine:
    """Who first paid in a month, and which share was there at the close of it and of each later one.

    `size`: customers, or their MRR. Months that are not over have no share.
    """

    month: date
    size: Decimal
    n: int
    shares: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure of a closed month, which shows what was reported; `now`: what the ledger says of it."""

    closing: UUID
    figure: Figure
    now: Figure


@dataclass(frozen=True, slots=True)
class Board:
    """`courses`: each KPI of the tiles up to the chosen period, which comes last. `opening`: the NRR
    of the period, whose denominator is the MRR it opened with. `renewals`: months, each with what
    came of its terms. `exchanged`: what rates alone made of the MRR between the period before and
    the opening. `first_paid`: None where nobody ever paid. `today`: the day it was told on.
    `reported`: of closed months, by KPI, and `closed`: which periods those are, or end with one; both
    are put in when the board is shown, never kept.
    """

    chosen: Chosen
    today: date
    first_paid: date | None
    customers: int
    courses: dict[str, tuple[Figure, ...]]
    opening: Figure
    movements: Figure
    renewal_churn: tuple[Figure, ...]
    cohorts: tuple[CohortLine, ...]
    cohorts_mrr: tuple[CohortLine, ...]
    renewals: tuple[Figure, ...]
    accounts_per_csm: tuple[Figure, ...]
    arr_per_csm: tuple[Figure, ...]
    losses: dict[str, tuple[Figure, ...]]
    exchanged: Decimal | None = None
    reported: dict[str, tuple[Reported, ...]] = field(default_factory=dict)
    closed: tuple[Period, ...] = ()

    def figure(self, kpi: str) -> Figure:
        """The KPI's figure of the chosen period."""
        return self.courses[kpi][-1]

    @property
    def in_money(self) -> list[Figure]:
        """Those that may lack an exchange rate."""
        courses = (one for row in self.courses.values() for one in row)
        return [*courses, *self.renewals, *self.renewal_churn, *self.arr_per_csm, self.movements]

    def reported_of(self, kpi: str, period: Period) -> Reported | None:
        """Where a figure of the board is shown as it was reported."""
        told = self.reported.get(kpi, ())
        return next((one for one in told if one.figure.period == period), None)


def dashboard(chosen: Chosen, reading: "Reading | None" = None) -> Board:
    """The board of a period that has begun. Reads the ledger once, unless a `reading` is given.

    What an exchange rate is missing for has no value, and a note.
    """
    reading = reading or answers.read_for(chosen.asked("mrr"))
    return _Making(chosen, reading).board()


@dataclass(frozen=True, slots=True)
class _Making:
    chosen: Chosen
    reading: "Reading"

    def board(self) -> Board:
        chosen, book, births = self.chosen, self.reading.book, self.reading.book.births()
        paid = births[births > 0]
        recent = trends(chosen.period)
        told_by = min(chosen.period.last_day, self.reading.today)
        return Board(
            chosen=chosen,
            today=self.reading.today,
            first_paid=date.fromordinal(int(paid.min())) if len(paid) else None,
            customers=int(book.active(told_by).sum()),
            courses={
                **{kpi: self._figures(kpi, recent) for kpi in OF_PERIOD},
                **{kpi: self._figures(kpi, map(trailing, recent)) for kpi in OF_A_YEAR},
            },
            opening=self._figures("nrr")[0],
            movements=self._figures("movements")[0],
            exchanged=answers.exchange_differences(
                [(chosen.period, chosen.period.before)], self.reading
            )[0],
            renewal_churn=self._figures("renewal_churn", recent),
            cohorts=self._cohorts("cohort"),
            cohorts_mrr=self._cohorts("cohort_mrr"),
            renewals=self._figures("renewals_due", self._months_around()),
            accounts_per_csm=self._figures("accounts_per_csm", by="tier"),
            arr_per_csm=self._figures("arr_per_csm", by="tier"),
            losses={
                by: self._figures("churn_timing", [trailing(chosen.period)], by) for by in LOST_BY
            },
        )

    def _figures(
        self, kpi: str, periods: Iterable[Period] = (), by: str = ""
    ) -> tuple[Figure, ...]:
        return tuple(
            answers.figures(self.chosen.asked(kpi, periods, by), self.reading, without_rates=True)
        )

    def _months_around(self) -> list[Period]:
        """The months around the end of the period, or around today while it runs."""
        middle = min(self.chosen.period.last_day, self.reading.today).replace(day=1)
        return [_month(middle, n) for n in range(1 - AROUND, AROUND + 1)]

    def _cohorts(self, kpi: str) -> tuple[CohortLine, ...]:
        """The cohorts of the last months that are over, the oldest first."""
        last = _last_over(self.chosen.period, self.reading.today)
        months = [_month(last, n) for n in range(1 - COHORTS, 1)]
        told = {(one.cut, one.period): one for one in self._figures(kpi, months)}
        lines = (_cohort(told, months[number:]) for number in range(COHORTS))
        return tuple(line for line in lines if line)


def _cohort(told: dict[tuple[str, Period], Figure], months: list[Period]) -> CohortLine | None:
    """The cohort of the first of the months; None where nobody first paid in it."""
    cells = [told.get((months[0].code, month)) for month in months]
    first = cells[0]
    if first is None or first.denominator is None:
        return None
    shares = tuple(one.value if one else None for one in cells)
    return CohortLine(months[0].start, first.denominator, first.n, shares)


def trends(period: Period) -> list[Period]:
    """The period and those before it that its trend shows, the oldest first."""
    found = [period]
    while len(found) < TRENDS[period.kind]:
        found.append(found[-1].before)
    return found[::-1]


def _last_over(period: Period, today: date) -> date:
    """The first day of the last month of the period that is over, or of the month before it."""
    last = add_months(period.end, -1)
    return min(last, add_months(today.replace(day=1), -1))


def _month(first: date, months: int) -> Period:
    return period_of(add_months(first, months), "month")


def as_json(board: Board) -> Any:
    """As a JSON row keeps it; numbers are texts, so that none loses a digit."""
    return _adapter().dump_python(board, mode="json")


def from_json(kept: Any) -> Board:
    """The same board again."""
    return _adapter().validate_python(kept)


@cache
def _adapter() -> "TypeAdapter[Board]":
    from pydantic import TypeAdapter  # noqa: PLC0415  (commands that read no board start sooner)

    return TypeAdapter(Board)
