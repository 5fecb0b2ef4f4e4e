"""The renewal desk: renewals that are due, what is expected of them, and how others went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from banso.core import cursors
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers.fields import annotate, known_field, prepare
from banso.customers.models import Contract, Customer, Forecast, Renewal, Step, decided_by
from banso.customers.queries.lists import matching
from banso.customers.services.renewals import ended_lines, standing_notices
from banso.lib.money import monthly
from banso.lib.months import DAY, last_day

Which = Literal["ahead", "passed", "closed"]
LATE = timedelta(days=90)  # how long after its end a term still waits for its renewal
MOST, PAGE = 200, 50
FAR = date(2999, 12, 31)
MONEY: Any = DecimalField(max_digits=20, decimal_places=6)
DAYS = ("deadline", "expected")
SORTS = ("deadline", "customer", "mrr", "forecast", "step", "expected")


@dataclass(frozen=True, slots=True)
class AskedRenewals:
    """Which renewals: every value that is given must fit.

    `within`: days ahead to the deadline; of closed ones days since. None: however far.
    `step` None: any; "": not begun. `sort` is one of SORTS, with - before it to fall.
    """

    which: Which = "ahead"
    q: str = ""
    owner_id: UUID | None = None
    tier: str = ""
    forecast: str = ""
    step: str | None = None
    outcome: str = ""
    within: int | None = 90
    sort: str = ""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A term that runs out. `renewal` unsaved where nobody has said what they expect of it.

    `mrr`: what is up for renewal, minor units a month. `is_noticed`: a notice of cancellation stands.
    """

    contract: Contract
    renewal: Renewal
    mrr: Decimal
    is_noticed: bool

    @property
    def customer(self) -> Customer:
        found: Customer = self.contract.customer
        return found

    @property
    def deadline_on(self) -> date | None:
        """What is counted down to: 解約申出期限, else the last day (満了日)."""
        return self.contract.notice_on or last_day(self.contract.end_on)

    @property
    def expected_mrr(self) -> Decimal | None:
        """What the next term is expected to bring a month, where that was said."""
        amount = self.renewal.expected_amount
        return None if amount is None else monthly(amount, self.contract.term_months)

    @property
    def last_on(self) -> date | None:
        return last_day(self.contract.end_on)


@dataclass(frozen=True, slots=True)
class DuePage:
    rows: list[DueRow]
    next_cursor: str
    on: date


@dataclass(frozen=True, slots=True)
class ForecastSum:
    """How many renewals are expected to go one way, and the MRR that is up for renewal in them."""

    forecast: Forecast
    count: int
    mrr: dict[str, Decimal]  # by currency, minor units


def due_page(asked: AskedRenewals, *, cursor: str = "", limit: int = PAGE) -> DuePage:
    """One page of what is due, the nearest deadline first unless sorted. 2 queries.

    Refused for a cursor of another list.
    """
    on, size = current_workspace().today(), max(1, min(limit, MOST))
    key, falls = _sorting(asked.sort)
    rows = _sorted(_due(asked, on), key, falls)
    kind = f"renewals:{asked.which}:{asked.sort}"
    if cursor:
        rows = _after(rows, *cursors.read(kind, cursor), falls=falls, key=key)
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    place = [_packed(last.place), str(last.pk)] if last else None
    return DuePage(list(_due_rows(found[:size])), cursors.write(kind, place) if place else "", on)


def every_due(asked: AskedRenewals) -> Iterator[DueRow]:
    """All that is due, in the list's order. 2 queries."""
    key, falls = _sorting(asked.sort)
    return _due_rows(list(_sorted(_due(asked, current_workspace().today()), key, falls)))


def due_sums(asked: AskedRenewals) -> list[ForecastSum]:
    """What is due by forecast, whichever forecast and step are asked for. 1 query."""
    whole = AskedRenewals(
        which=asked.which,
        q=asked.q,
        owner_id=asked.owner_id,
        tier=asked.tier,
        within=asked.within,
    )
    found = _due(whole, current_workspace().today()).order_by()
    said = found.values("said", "currency").annotate(n=Count("pk"), total=Sum("monthly"))
    rows = list(said.values_list("said", "currency", "n", "total"))
    return [_sum(one, [row[1:] for row in rows if row[0] == one]) for one in Forecast]


def _sum(forecast: Forecast, rows: Sequence[tuple[str, int, Decimal]]) -> ForecastSum:
    mrr = {currency: total for currency, _n, total in rows}
    return ForecastSum(forecast, sum(n for _c, n, _t in rows), mrr)


def due_row(contract_id: UUID) -> DueRow:
    """One renewal that is due, however far off or long ago. Contract.DoesNotExist else. 2 queries."""
    found = _waiting().get(pk=contract_id)
    return next(_due_rows([found]))


def values_of(ids: Sequence[UUID], keys: Sequence[str]) -> dict[UUID, dict[str, Any]]:
    """Values of declared Fields by key, today, for a page of customers.

    1 query, and those by which Fields make the values of the day exist.
    """
    fields = {key: field for key in keys if (field := known_field(key))}
    if not fields:
        return {}
    on = current_workspace().today()
    kept = prepare(fields.values(), on=on)
    rows = annotate(Customer.objects.filter(pk__in=ids), fields, on=on, kept=kept)
    found = rows.values_list("pk", *(field.alias for field in fields.values()))
    return {pk: dict(zip(fields, values, strict=True)) for pk, *values in found}


def count_due(on: date) -> dict[str, int]:
    """How many deadlines lie ahead within 90 days, and how many have passed. 1 query."""
    rows = _waiting().filter(_decided_by(on + LATE), end_on__gt=on - LATE).order_by()
    return dict(
        rows.aggregate(
            ahead=Count("pk", filter=_is_ahead(on)), passed=Count("pk", filter=~_is_ahead(on))
        )
    )


def closed_page(
    asked: AskedRenewals, *, cursor: str = "", limit: int = PAGE
) -> tuple[list[Renewal], str]:
    """Renewals that were closed, the latest first, and the cursor of those before. 1 query."""
    rows, size = closed_renewals(asked), max(1, min(limit, MOST))
    if cursor:
        at, pk = cursors.read("renewals:closed", cursor)
        moment = datetime.fromisoformat(at)
        rows = rows.filter(closed_at__lte=moment).exclude(closed_at=moment, pk__gte=pk)
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    place = [last.closed_at.isoformat(), str(last.pk)] if last and last.closed_at else None
    return found[:size], cursors.write("renewals:closed", place) if place else ""


def closed_renewals(asked: AskedRenewals) -> "QuerySet[Renewal]":
    """All of them, with contract, customer, owner, lines and reasons. No query yet."""
    found = _fitting(Renewal.objects.exclude(closed_at=None), asked, "contract__")
    found = found.filter(contract__deleted_at=None, contract__customer__deleted_at=None)
    if asked.outcome:
        found = found.filter(outcome=asked.outcome)
    if asked.within is not None:
        today = current_workspace().today()
        found = found.filter(due_on__gt=today - timedelta(days=asked.within))
    related = ("contract__customer__main_owner", "contract__product", "line__loss")
    found = found.select_related(*related, "adjustment__loss", "closed_by")
    ordered: QuerySet[Renewal] = found.order_by("-closed_at", "-pk")
    return ordered


def _waiting() -> "QuerySet[Any]":
    """Contracts whose term will end or has ended with nobody having said what follows.

    `decided`: the day it counts down to; `said`, `at_step`, `answer_on` as planned; `monthly`: MRR.
    """
    running: QuerySet[Any] = Contract.objects.filter(
        ~Exists(ended_lines()),
        customer__deleted_at=None,
        is_trial=False,
        end_on__isnull=False,
    )
    waiting: QuerySet[Any] = running.annotate(
        planned=FilteredRelation("renewals", condition=Q(renewals__closed_at=None)),
        decided=decided_by(),
        said=Coalesce("planned__forecast", Value(Forecast.UNDECIDED.value)),
        at_step=Coalesce("planned__step", Value(Step.NONE.value)),
        answer_on=Coalesce("planned__expected_on", Value(FAR), output_field=DateField()),
        monthly=Cast("amount", MONEY) / F("term_months"),
        noticed=Exists(standing_notices()),
    )
    return waiting


def _due(asked: AskedRenewals, on: date) -> "QuerySet[Any]":
    rows = _fitting(_waiting().filter(end_on__gt=on - LATE), asked, "")
    rows = rows.filter(_is_ahead(on) if asked.which == "ahead" else ~_is_ahead(on))
    if asked.within is not None and asked.which == "ahead":
        rows = rows.filter(_decided_by(on + timedelta(days=asked.within)))
    if asked.forecast:
        rows = rows.filter(said=asked.forecast)
    if asked.step is not None:
        rows = rows.filter(at_step=asked.step)
    return rows


def _is_ahead(on: date) -> Q:
    """Whether there is still time: the notice deadline, else the last day of the term, is not over."""
    return Q(decided__gte=on) & (Q(notice_on__isnull=False) | Q(end_on__gt=on))


def _decided_by(last: date) -> Q:
    """Whether the notice deadline, else the last day of the term, is `last` or before."""
    after = last + DAY  # an end is the first day without cover
    return Q(decided__lte=after) & (Q(notice_on=None) | Q(notice_on__lte=last))


def _fitting(rows: "QuerySet[Any]", asked: AskedRenewals, to: str) -> "QuerySet[Any]":
    """`to`: the way from a row to its contract."""
    if asked.owner_id:
        owner = Q((f"{to}customer__main_owner", asked.owner_id))
        rows = rows.filter(owner | Q((f"{to}customer__sub_owner", asked.owner_id)))
    if asked.tier:
        rows = rows.filter((f"{to}customer__tier", asked.tier))
    if asked.q.strip():
        found = matching(q=asked.q, on=current_workspace().today()).values("pk")
        number = Q((f"{to}number__istartswith", asked.q.strip()))
        rows = rows.filter(Q((f"{to}customer__in", found)) | number)
    return rows


def _sorting(sort: str) -> tuple[str, bool]:
    """Which of SORTS, and whether it falls. Refused for others."""
    key = sort.removeprefix("-") or "deadline"
    if key not in SORTS:
        raise Refused(_("The list cannot be sorted by this."), code="unknown_sort", field="sort")
    return key, sort.startswith("-")


def _sorted(rows: "QuerySet[Any]", key: str, falls: bool) -> "QuerySet[Any]":
    rows = rows.annotate(place=_places()[key])
    order = ("-place", "-pk") if falls else ("place", "pk")
    return rows.order_by(*order).select_related("customer__main_owner", "product")


def _places() -> dict[str, Any]:
    return {
        "deadline": F("decided"),
        "customer": F("customer__name_sort"),
        "mrr": F("monthly"),
        "forecast": _rank("said", Forecast.values),
        "step": _rank("at_step", Step.values),
        "expected": F("answer_on"),
    }


def _rank(name: str, values: Sequence[str]) -> Case:
    known = [When(Q((name, value)), then=Value(n)) for n, value in enumerate(values)]
    return Case(*known, default=Value(len(values)), output_field=IntegerField())


def _packed(value: Any) -> Any:
    return value if isinstance(value, int | str) else str(value)


def _after(rows: "QuerySet[Any]", place: Any, pk: str, *, falls: bool, key: str) -> "QuerySet[Any]":
    """What follows a row of the list."""
    reads: dict[str, Any] = {"mrr": Decimal, **dict.fromkeys(DAYS, date.fromisoformat)}
    value = reads[key](place) if key in reads else place
    beyond = "lt" if falls else "gt"
    same = Q(place=value) & Q((f"pk__{beyond}", pk))
    return rows.filter(Q((f"place__{beyond}", value)) | same)


def _due_rows(contracts: Sequence[Any]) -> Iterator[DueRow]:
    """With what is expected of each. 1 query."""
    open_ones = Renewal.objects.filter(contract__in=contracts, closed_at=None)
    planned = {one.contract_id: one for one in open_ones}
    for one in contracts:
        renewal = planned.get(one.pk) or Renewal(contract=one)
        yield DueRow(one, renewal, one.monthly, one.noticed)
