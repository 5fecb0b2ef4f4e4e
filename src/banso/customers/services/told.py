"""Of whom anything was told since a moment: events about customers, and touches."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from banso.core.models import Event
from banso.core.snapshots import is_later, is_snapshot, snapshot, snapshot_and, written_since
from banso.customers.models import Touch
from banso.customers.services.touches import TOUCHES_KEPT

MANY = 1000  # more are quicker tested together with everybody else, and not on the live queue
SAFETY = timedelta(hours=1)
FORM = "1"  # of stamps
_TOLD = """
SELECT customer_id FROM core_event
WHERE workspace_id = %(workspace)s AND customer_id IS NOT NULL AND {told}
UNION
SELECT customer_id FROM customers_touch WHERE workspace_id = %(workspace)s AND {touched}
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What was written since a stamp. `customer_ids` None: too many, or it cannot be told."""

    stamp: str
    customer_ids: tuple[UUID, ...] | None


def stamp_now() -> str:
    """The time, and which transactions have committed. Take it before reading. 1 query."""
    return _stamp(snapshot(Event, Touch))


def told_since(stamp: str) -> Told:
    """Customers of events and touches committed since `stamp`, by id. 1 query.

    All, where they are more than 1,000, and where the stamp is empty, of another server (a
    restored backup) or older than touches are kept.
    """
    then = stamp.rpartition("|")[2]
    if not (_is_fresh(stamp) and is_snapshot(then)):
        return Told("", None)
    (told, values), (touched, more) = written_since(then), written_since(then, place=1)
    asked = _TOLD.format(told=told, touched=touched)
    written, rows = snapshot_and((asked, values | more | {"limit": MANY + 1}), Event, Touch)
    if len(rows) > MANY or not is_later(written, then):
        return Told(_stamp(written), None)
    return Told(_stamp(written), tuple(sorted(row[0] for row in rows)))


def _stamp(written: str) -> str:
    return f"{FORM}|{timezone.now().timestamp():.0f}|{written}"


def _is_fresh(stamp: str) -> bool:
    form, _sep, at = stamp.rpartition("|")[0].partition("|")
    kept = (TOUCHES_KEPT - SAFETY).total_seconds()
    return form == FORM and at.isdecimal() and timezone.now().timestamp() - int(at) < kept
