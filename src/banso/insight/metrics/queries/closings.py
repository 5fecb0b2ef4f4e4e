"""Months that were closed, and which lines of the ledger touched them since."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from banso.core import cursors
from banso.core.models import Person
from banso.customers.models import ContractChange
from banso.insight.metrics.models import Closing
from banso.insight.metrics.queries.reported import month_of
from banso.insight.metrics.queries.voiding import voided_by
from banso.lib.periods import add_months, period_of

PAGE = 12


@dataclass(frozen=True, slots=True)
class Touch:
    """A line dated in a closed month that was recorded, or voided, after the month was closed."""

    closing: Closing
    line: ContractChange
    is_voided: bool
    at: datetime
    by: Person | None


def closed_months() -> "QuerySet[Closing]":
    """Closings that stand, the latest month first. No query yet."""
    standing: QuerySet[Closing] = Closing.objects.filter(reopened_at=None)
    return standing.select_related("closed_by", "reopened_by").order_by("-month", "-pk")


def closing_page(
    *, cursor: str = "", limit: int = PAGE, reopened: bool = False
) -> tuple[list[Closing], str]:
    """Closings, the latest month first, and the cursor of those before; 1 query.

    With `reopened` those too that do not stand any more.
    """
    rows: QuerySet[Closing] = Closing.objects.select_related("closed_by", "reopened_by")
    rows = rows if reopened else rows.filter(reopened_at=None)
    if cursor:
        month, pk = cursors.read("closings", cursor)
        rows = rows.filter(month__lte=month).exclude(month=month, pk__gte=pk)
    found = list(rows.order_by("-month", "-pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    place = [last.month.isoformat(), str(last.pk)] if last else None
    return found[:limit], cursors.write("closings", place) if place else ""


def next_to_close(today: date) -> date | None:
    """The month after the last one closed, else the last that is over; None when none is. 1 query."""
    last = period_of(today, "month").before.start
    closed = closed_months().first()
    month = add_months(closed.month, 1) if closed else last
    return month if month <= last else None


def touches(closings: Iterable[Closing], contracts: Collection[UUID] | None = None) -> list[Touch]:
    """Lines (of these contracts) by which closed months were touched, the latest first. 3 queries."""
    stand = {one.month: one for one in closings}
    if not stand:
        return []
    lines = ContractChange.objects.filter(_since(stand.values()))
    if contracts is not None:
        lines = lines.filter(contract_id__in=contracts)
    listed = list(lines.select_related("customer", "contract__product", "by").order_by("pk"))
    voiders = voided_by([line for line in listed if line.voided_at])
    found = [one for line in listed for one in _touches(line, stand, voiders)]
    return sorted(found, key=lambda one: (one.at, one.line.pk), reverse=True)


def _since(closings: Iterable[Closing]) -> Q:
    """Lines dated in the months and recorded, or voided, after these were closed."""
    wanted = Q(pk__in=[])
    for one in closings:
        later = Q(recorded_at__gt=one.closed_at) | Q(voided_at__gt=one.closed_at)
        end = month_of(one).end
        wanted |= later & Q(effective_on__gte=one.month, effective_on__lt=end)
    return wanted


def _touches(
    line: ContractChange, stand: Mapping[date, Closing], voiders: Mapping[int, Person]
) -> list[Touch]:
    closing = stand[line.effective_on.replace(day=1)]
    found = []
    if line.recorded_at > closing.closed_at:
        found.append(Touch(closing, line, False, line.recorded_at, line.by))
    if line.voided_at and line.voided_at > closing.closed_at:
        found.append(Touch(closing, line, True, line.voided_at, voiders.get(line.pk)))
    return found
