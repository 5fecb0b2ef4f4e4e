"""Up to which event a day's scores are true."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from banso.core.models import Event
from banso.insight.health.scorecards import VERSIONS

MANY = 500
# Events that change what scores read. Alerts and tasks follow from scores and change nothing.
TELLING = (
    Q(name__startswith="customers.")
    | Q(name__startswith="usage.")
    | Q(name__startswith="work.call_")
    | Q(name__startswith="core.import_")
    | Q(name="core.company_days_set")
    | Q(name="health.judged")
)


@dataclass(frozen=True, slots=True)
class Touched:
    """What happened since a stamp. `customer_ids` None: everybody may have changed."""

    stamp: str
    customer_ids: tuple[UUID, ...] | None


def stamp_now() -> str:
    """The scorecards' versions and the latest telling event. 1 query."""
    return _stamp(_telling().order_by("-id").values_list("id", flat=True).first() or 0)


def touched_since(stamp: str) -> Touched:
    """Customers that events have touched since `stamp`; at most 500, else everybody. 1 query."""
    versions, _sep, seen = stamp.rpartition(":")
    if versions != VERSIONS or not seen.isdecimal():
        return Touched(stamp_now(), None)
    later = _telling().filter(id__gt=int(seen)).order_by("id")
    rows = list(later.values_list("id", "customer_id")[: 4 * MANY])
    ids = {customer for _id, customer in rows}
    newest = _stamp(rows[-1][0]) if rows else stamp
    if len(rows) == 4 * MANY or len(ids) > MANY or None in ids:
        return Touched(stamp_now(), None)
    return Touched(newest, tuple(customer for customer in ids if customer is not None))


def _telling() -> "QuerySet[Event]":
    events: QuerySet[Event] = Event.objects.filter(TELLING)
    return events


def _stamp(event_id: int) -> str:
    return f"{VERSIONS}:{event_id}"
