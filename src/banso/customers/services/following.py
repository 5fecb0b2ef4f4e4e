"""Memberships follow what is told of customers: those touched at once, everybody every night."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banso.core import sql
from banso.core.jobs import enqueue_once
from banso.core.scope import current_workspace
from banso.customers.fitting import Definition, definition, definitions, ready
from banso.customers.models import Customer, Segment, SegmentRun
from banso.customers.services.current import keep_current
from banso.customers.services.memberships import leave_binned, retest
from banso.customers.services.tier_proposals import propose_tiers
from banso.customers.services.told import stamp_now, told_since
from banso.customers.sheets import next_customers

AT_ONCE = 4000  # customers in a transaction, between which others are followed
FEW = 2000  # of whom a segment is filled, or tiers are proposed, while a person waits
FOLLOW, EVERYBODY, FILL, PROPOSE = (
    "customers.follow_touched", "customers.retest_everybody", "customers.fill_segment",
    "customers.propose_tiers",
)  # fmt: skip
_COUNT = """
UPDATE customers_segment segment SET size = known.size
FROM (SELECT one.id, count(stay.id) AS size FROM customers_segment one
    LEFT JOIN customers_segmentmember stay
        ON stay.workspace_id = one.workspace_id AND stay.segment_id = one.id
    WHERE one.workspace_id = %(workspace)s GROUP BY one.id) AS known
WHERE segment.id = known.id AND segment.size <> known.size
"""


def follow_soon() -> None:
    """A job will follow what the caller's transaction tells of customers, if there are segments."""
    if Segment.objects.exists():
        enqueue_once(FOLLOW, lock=FOLLOW)


def retest_soon() -> None:
    """Everybody will be tested, because anybody may have changed. Queues one job, on bulk."""
    if Segment.objects.exists():
        enqueue_once(EVERYBODY, lock=EVERYBODY)


def locked_run() -> SegmentRun:
    """The workspace's run; nobody else tests until the transaction ends."""
    SegmentRun.objects.get_or_create()
    run: SegmentRun = SegmentRun.objects.select_for_update().get()
    return run


@transaction.atomic
def follow_touched() -> bool:
    """Whoever was touched since the last test is tested; False when that is everybody.

    Segments whose values of today are not there yet (scores) wait for whoever makes them.
    """
    run, today = locked_run(), current_workspace().today()
    told = told_since(run.stamp)
    if told.customer_ids is None:
        return False
    if told.customer_ids:
        retest(told.customer_ids, _ready(today), on=today)
    SegmentRun.objects.filter(pk=run.pk).update(stamp=told.stamp)
    return True


def retest_everybody() -> int:
    """Every segment has exactly the members that fit today; how many came or went.

    In steps of 4,000 customers, each in its own transaction, so that others are followed in
    between. A run that was broken off goes on; several may work on it.
    """
    keep_current()
    _begin_run()
    moved = 0
    while (step := _next_step()) is not None:
        moved += step
    return moved


def is_due() -> bool:
    """Whether a day has begun since everybody was last tested, or a run was broken off. 1 query."""
    if not Segment.objects.exists():
        return False
    run = SegmentRun.objects.first()
    return run is None or not run.is_done or run.day != current_workspace().today()


@transaction.atomic
def _begin_run() -> None:
    run, today = locked_run(), current_workspace().today()
    for segment in Segment.objects.filter(edition=0).order_by("pk"):
        _number(segment, run)
        segment.save(update_fields=["edition", "permissions"])
    run.stamp, run.day = stamp_now(), today
    run.testing = [one.segment.edition for one in _ready(today)]
    run.reached, run.is_done = None, False
    run.save()


@transaction.atomic
def _next_step() -> int | None:
    """How many came or went among the next customers; None when there are no more."""
    run = locked_run()
    if run.is_done or run.day is None:
        return None
    told = [one for one in _ready(run.day) if one.segment.edition in run.testing]
    some = next_customers(run.reached, AT_ONCE)
    if some.ids:
        run.reached = some.last
        run.save(update_fields=["reached"])
        return retest(some, told, on=run.day)
    run.is_done = True
    run.save(update_fields=["is_done"])
    moved = leave_binned(told, on=run.day)
    _count_anew()
    _now_known(told)
    return moved


def _count_anew() -> None:
    """Stays go with customers that are deleted outright, as an import's undo does."""
    sql.run(_COUNT)


def _ready(on: date) -> list[Definition]:
    return ready(definitions(Segment.objects.order_by("pk")), on=on)


def _now_known(told: list[Definition]) -> None:
    ids = [one.segment.pk for one in told]
    Segment.objects.filter(pk__in=ids, filled_at=None).update(filled_at=timezone.now())


def new_edition(segment: Segment, run: SegmentRun) -> None:
    """The segment's conditions are new and have a number of their own. Saves the run alone."""
    _number(segment, run)
    if not run.stamp and not Segment.objects.exclude(pk=segment.pk).exists():
        run.stamp, run.day = stamp_now(), current_workspace().today()
    run.save()


def _number(segment: Segment, run: SegmentRun) -> None:
    segment.edition = run.editions = run.editions + 1
    told = definition(segment)
    needed = told.permissions if told else []
    segment.permissions = sorted({*segment.permissions, *needed})


def fill_soon(segment: Segment) -> None:
    """Its members are known: at once in a small book, by a job in a large one."""
    if Customer.objects.all()[FEW : FEW + 1].exists():
        enqueue_once(FILL, lock=f"{FILL}:{segment.pk}", segment_id=str(segment.pk))
    else:
        fill_segment(segment.pk)


def fill_segment(segment_id: UUID) -> None:
    """The segment has the members that fit today. Twice is once; nothing where it is gone.

    Where values of today are not there yet, whoever makes them has everybody tested.
    """
    reached = _fill_step(segment_id, None)
    while reached:
        reached = _fill_step(segment_id, reached)


@transaction.atomic
def _fill_step(segment_id: UUID, reached: UUID | None) -> UUID | None:
    """The next customers are tested; the last of them, None when there are no more."""
    locked_run()
    today = current_workspace().today()
    told = ready(definitions(Segment.objects.filter(pk=segment_id)), on=today)
    if not told:
        return None
    some = next_customers(reached, AT_ONCE)
    if some.ids:
        retest(some, told, on=today)
    if len(some.ids) == AT_ONCE:
        return some.last
    _now_known(told)
    return None


def propose_soon(segment: Segment) -> None:
    """What the segment proposes now is open: at once for few members, by a job for many."""
    if segment.size > FEW:
        enqueue_once(PROPOSE, lock=PROPOSE)
    else:
        propose_tiers(None)


def propose_to_everybody() -> None:
    """Open are the proposals that segments make now. In steps of 4,000 customers; twice is once."""
    reached = _propose_step(None)
    while reached:
        reached = _propose_step(reached)


@transaction.atomic
def _propose_step(reached: UUID | None) -> UUID | None:
    """The next customers are proposed what is due; the last of them, None when there are no more."""
    locked_run()
    some = next_customers(reached, AT_ONCE)
    if some.ids:
        propose_tiers(some)
    return some.last if len(some.ids) == AT_ONCE else None
