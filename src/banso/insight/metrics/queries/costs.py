"""What winning customers cost, and how much of a post our people give to customers."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from banso.core.as_of import known
from banso.core.scope import current_workspace
from banso.insight.metrics.models import SalesCost, TeamTime
from banso.lib.periods import Period, periods_between

FULL_TIME = Decimal(1)


def sales_costs(
    periods: Iterable[Period], known_at: datetime | None = None
) -> dict[Period, int | None]:
    """What winning customers cost in each period: minor units of the workspace's currency.

    None where it is not known of every month. `known_at`: as was told by then; None: by now. 1 query.
    """
    asked = {one: _months_of(one) for one in periods}
    told = cost_of_months([month for months in asked.values() for month in months], known_at)
    return {one: _whole([told[month] for month in months]) for one, months in asked.items()}


def cost_of_months(
    months: Sequence[date], known_at: datetime | None = None
) -> dict[date, int | None]:
    """By first day: minor units of the workspace's currency; None: not known. 1 query."""
    rows = SalesCost.objects.filter(month__in=months, currency=current_workspace().currency)
    told = dict(rows.filter(known(known_at)).values_list("month", "amount"))
    return {month: told.get(month) for month in months}


def fte(
    person_ids: Iterable[UUID], day: date, known_at: datetime | None = None
) -> dict[UUID, Decimal]:
    """How much of a full-time post each person gives to customers on that day; 1 unless told. 1 query."""
    people = list(person_ids)
    rows = TeamTime.objects.filter(known(known_at), person_id__any=people, since__lte=day)
    rows = rows.order_by("since")
    told = dict(rows.values_list("person_id", "fte"))
    return {person: told.get(person, FULL_TIME) for person in people}


def team_times() -> list[TeamTime]:
    """Everything that counts of anybody's time, by person, the latest first. 1 query."""
    rows = TeamTime.objects.filter(known()).select_related("person")
    return list(rows.order_by("person__name_reading", "person__name", "person_id", "-since"))


def _months_of(period: Period) -> list[date]:
    return [one.start for one in periods_between(period.start, period.last_day, "month")]


def _whole(amounts: Sequence[int | None]) -> int | None:
    known = [one for one in amounts if one is not None]
    return sum(known) if len(known) == len(amounts) else None
