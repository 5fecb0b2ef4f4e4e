"""The renewal desk: renewals that are due, in their order, and their sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.utils.translation import gettext as _

from banso.core import cursors
from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers.models import Contract, Customer, Forecast, Renewal, Step
from banso.customers.queries.waiting import (
    LATE,
    AskedRenewals,
    decided_until,
    due,
    is_ahead,
    waiting,
)
from banso.customers.services.renewal_plans import not_due
from banso.lib.money import monthly
from banso.lib.months import last_day

MOST, PAGE = 200, 50
DAYS = ("deadline", "expected")
SORTS = ("deadline", "customer", "mrr", "forecast", "step", "expected")


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
    rows = _sorted(due(asked, on), key, falls)
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
    return _due_rows(list(_sorted(due(asked, current_workspace().today()), key, falls)))


def due_sums(asked: AskedRenewals) -> list[ForecastSum]:
    """What is due by forecast, whichever forecast and step are asked for. 1 query."""
    whole = AskedRenewals(
        which=asked.which,
        q=asked.q,
        owner_id=asked.owner_id,
        tier=asked.tier,
        within=asked.within,
    )
    found = due(whole, current_workspace().today()).order_by()
    said = found.values("said", "currency").annotate(n=Count("pk"), total=Sum("monthly"))
    rows = list(said.values_list("said", "currency", "n", "total"))
    return [_sum(one, [row[1:] for row in rows if row[0] == one]) for one in Forecast]


def _sum(forecast: Forecast, rows: Sequence[tuple[str, int, Decimal]]) -> ForecastSum:
    mrr = {currency: total for currency, _n, total in rows}
    return ForecastSum(forecast, sum(n for _c, n, _t in rows), mrr)


def due_row(contract_id: UUID) -> DueRow:
    """One renewal that is due, however far off or long ago. 2 queries.

    Raises Contract.DoesNotExist; Refused (code "not_due") where a colleague has ended the contract
    meanwhile, and for others that nobody need renew.
    """
    found = waiting().filter(pk=contract_id).first()
    if found is None:
        Contract.objects.filter(customer__deleted_at=None).get(pk=contract_id)
        raise not_due()
    return next(_due_rows([found]))


def count_due(on: date) -> dict[str, int]:
    """How many deadlines lie ahead within 90 days, and how many have passed. 1 query."""
    rows = waiting().filter(decided_until(on + LATE), end_on__gt=on - LATE).order_by()
    return dict(
        rows.aggregate(
            ahead=Count("pk", filter=is_ahead(on)), passed=Count("pk", filter=~is_ahead(on))
        )
    )


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
    open_ones = Renewal.objects.filter(
        contract_id__any=[one.pk for one in contracts], closed_at=None
    )
    planned = {one.contract_id: one for one in open_ones}
    for one in contracts:
        renewal = planned.get(one.pk) or Renewal(contract=one)
        yield DueRow(one, renewal, one.monthly, one.noticed)
