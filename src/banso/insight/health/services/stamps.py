"""Up to which facts a day's scores are true: events and touches alike."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from banso.core.models import Event
from banso.core.snapshots import is_later, is_snapshot, snapshot, snapshot_and, written_since
from banso.customers.models import Touch
from banso.customers.services import TOUCHES_KEPT
from banso.insight.health.scorecards import VERSIONS

# More than this is quicker scored together with everybody else, and not on the live queue.
MANY = 1000
SAFETY = timedelta(hours=1)
# Whose usage somebody may be waiting for, while everybody is still to be scored.
LATELY, A_MOMENT = 200, timedelta(seconds=10)
# Events that change what scores read. Alerts and tasks follow from scores and change nothing; a
# source or a match of usage changes nothing before its rollup, which touches the customers.
_TELLING = r"""
name LIKE 'customers.%' AND name NOT LIKE 'customers.segment\_%' OR name = 'usage.usage_begun' OR name LIKE 'work.call\_%'
    OR name LIKE 'core.import\_%' OR name = 'core.company_days_set' OR name = 'health.judged'
"""
_TOUCHED = """
SELECT customer_id FROM core_event
WHERE workspace_id = %(workspace)s AND ({telling}) AND {told}
UNION
SELECT customer_id FROM customers_touch
WHERE workspace_id = %(workspace)s AND NOT derived AND {touched}
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """What was written since a stamp. `customer_ids` None: everybody may have changed."""

    stamp: str
    customer_ids: tuple[UUID, ...] | None


def stamp_now() -> str:
    """The scorecards' versions, the time, and which transactions have committed. 1 query.

    Take it before reading the facts: what is committed in between is then read twice, never
    missed, however long its transaction was under way.
    """
    return _stamp(snapshot(Event, Touch))


def _stamp(written: str) -> str:
    return f"{VERSIONS}|{timezone.now().timestamp():.0f}|{written}"


def touched_since(stamp: str) -> Touched:
    """Customers of telling events and touches committed since `stamp`, by id. 1 query.

    Everybody, where there are more than 1,000, where an event belongs to no customer, and where
    the stamp is of other scorecards or another server, or older than touches are kept.
    """
    then = stamp.rpartition("|")[2]
    if not (_is_fresh(stamp) and is_snapshot(then)):
        return Touched(stamp_now(), None)
    (told, values), (touched, more) = written_since(then), written_since(then, place=1)
    asked = _TOUCHED.format(telling=_TELLING, told=told, touched=touched)
    written, rows = snapshot_and((asked, values | more | {"limit": MANY + 1}), Event, Touch)
    ids = {row[0] for row in rows}
    if len(ids) > MANY or None in ids or not is_later(written, then):
        return Touched(_stamp(written), None)
    return Touched(_stamp(written), tuple(sorted(ids)))


def lately_touched() -> tuple[UUID, ...]:
    """Customers whose usage has arrived in this moment, the last 200 touches. 1 query."""
    since = timezone.now() - A_MOMENT
    touched = Touch.objects.filter(at__gt=since, derived=False).order_by("-at")
    return tuple(sorted(set(touched.values_list("customer_id", flat=True)[:LATELY])))


def is_continued(stamp: str) -> bool:
    """Whether everything that was written since `stamp` can still be told. 1 query."""
    return _is_fresh(stamp) and is_later(snapshot(Event, Touch), stamp.rpartition("|")[2])


def _is_fresh(stamp: str) -> bool:
    """Of these scorecards, and of a time since which every touch is kept."""
    versions, _sep, at = stamp.rpartition("|")[0].rpartition("|")
    if versions != VERSIONS or not at.isdecimal():
        return False
    return timezone.now().timestamp() - int(at) < (TOUCHES_KEPT - SAFETY).total_seconds()
