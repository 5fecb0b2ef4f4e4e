"""Who is to be met: rhythms of the tiers, and customers whose meeting is overdue."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from banso.customers.models import Customer
from banso.customers.queries import Owned
from banso.work import cadences as sql
from banso.work.models import Cadence


@dataclass(frozen=True, slots=True)
class Overdue:
    """A customer whose meeting is overdue. `last_on`: the last one, None where none is noted."""

    customer: Customer
    due_on: date
    last_on: date | None


def cadences() -> dict[str, int]:
    """Days between meetings of every tier, 0 where there is no rhythm. 1 query."""
    told = dict(Cadence.objects.values_list("tier", "days"))
    return {tier.value: told.get(tier.value, days) for tier, days in sql.USUAL.items()}


def meetings_overdue(on: date, *, owner: Owned | None, limit: int) -> list[Overdue]:
    """Customers who should have been met before the day `on`, longest overdue first. 2 queries.

    `owner`: only whose main or sub owner this is. Tiers without a rhythm are not looked at.
    """
    tiers = [tier for tier, days in cadences().items() if days]
    rows = Customer.objects.filter(owner.rows("pk") if owner else Q(), tier__in=tiers)
    due = rows.annotate(due_on=sql.meeting_due_on(on), last_on=sql.last_meeting_on(on))
    first = due.select_related("main_owner").order_by("due_on", "pk")[:limit]  # nobody's day last
    late = (one for one in first if one.due_on and one.due_on < on)
    return [Overdue(one, one.due_on, one.last_on) for one in late]
