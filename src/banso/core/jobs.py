"""Background work: jobs that open a workspace, clocks, and the revival of stalled jobs."""

import logging
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.db import connection, transaction
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from banso.core import sql
from banso.core.models import Workspace
from banso.core.scope import current_workspace_id, open_workspace

log = logging.getLogger("banso.jobs")
PATIENT = RetryStrategy(max_attempts=6, exponential_wait=3)
STALLED_AFTER_SECONDS = 30
MOST_LIVES = 10  # a job that takes its worker down this often is left alone
BARRIER_SECONDS, LOOKS_EVERY_SECONDS = 0.25, 0.01
# Once: the queueing lock of enqueue_once, in words that are nobody else's.
RELY = "SELECT pg_advisory_xact_lock_shared(hashtextextended('once:' || %(lock)s, 0))"
NOBODY_RELIES = "SELECT pg_try_advisory_xact_lock(hashtextextended('once:' || %s, 0))"
WAITS = """
    SELECT 1 FROM procrastinate_jobs
    WHERE queueing_lock = ANY(%(locks)s::text[]) AND status = 'todo'
"""
# Equal queueing locks wait for each other's transaction: each open one that queues has its own.
SLOTS = ("", "#2", "#3", "#4")
FREE_SLOT = """
    SELECT slot FROM unnest(%s::text[]) AS slot
    WHERE pg_try_advisory_xact_lock(hashtextextended('slot:' || slot, 0)) LIMIT 1
"""


def on_app_ready(_app: App) -> None:
    """procrastinate has loaded every room's `tasks`."""


def job(
    name: str, *, queue: str = "live", retry: RetryStrategy | bool = PATIENT
) -> Callable[[Callable[..., None]], Any]:
    """Register a function as a job that runs inside the workspace it was queued from.

    Jobs take ids, may run twice, and call a service.
    """

    def register(run: Callable[..., None]) -> Any:
        @wraps(run)
        def scoped(workspace: str, once: str = "", **args: Any) -> None:
            with open_workspace(Workspace.objects.get(pk=workspace)):
                is_last = not once or _nobody_relies(_queueing_lock(once))
                run(**args)
                if not is_last:
                    enqueue_once(name, lock=once, **args)

        return app.task(name=name, queue=queue, retry=retry)(scoped)

    return register


def enqueue(name: str, *, queue: str | None = None, **args: Any) -> None:
    """Queue the job `name` for the open workspace; it commits with the caller's rows."""
    task = app.configure_task(name, queue=queue) if queue else app.configure_task(name)
    task.defer(workspace=str(current_workspace_id()), **args)


@transaction.atomic(savepoint=False)
def enqueue_once(name: str, *, lock: str, **args: Any) -> bool:
    """Queue the job unless one with the same lock already waits; True when it was queued.

    Either way such a job begins after the caller's commit and sees the caller's rows, also when
    the waiting one is taken just now: who relies on it holds a shared advisory lock until the
    end of the transaction, and a job that finds such holders runs once more after itself. Waits
    for nobody's transaction: while another that has queued the job is open, a second is queued.
    Call it last in a transaction. One round trip when a job waits, 6 queries
    when not.
    """
    slots = [_queueing_lock(lock) + slot for slot in SLOTS]
    # `WAITS` is a statement of its own: it sees what is now.
    asked = ((RELY, {"lock": slots[0]}), (WAITS, {"locks": slots}))
    _relied, waits = sql.quick_all(*asked, reason="locks name their workspace")
    if waits.fetchone():
        return False
    with connection.cursor() as cursor:
        cursor.execute(FREE_SLOT, [slots])
        free = cursor.fetchone()
    try:
        with transaction.atomic():  # another may have committed at this moment: undo only this
            app.configure_task(name, queueing_lock=free[0] if free else None).defer(
                workspace=str(current_workspace_id()), once=lock, **args
            )
    except AlreadyEnqueued:
        return False
    return True


def each_workspace() -> Iterator[Workspace]:
    """Open every workspace in turn. For clocks, which belong to none."""
    for workspace in Workspace.objects.order_by("pk"):
        with open_workspace(workspace):
            yield workspace


async def revive_stalled(manager: JobManager) -> int:
    """Jobs whose worker died wait to run again; returns how many.

    One that has taken its worker down too often fails for good. One whose twin waits already
    (same queueing lock) fails too: the twin does its work.
    """
    revived = 0
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        if stalled.attempts < MOST_LIVES and await _wait_again(manager, stalled):
            revived += 1
            continue
        log.error("stalled job given up", extra={"facts": {"job": stalled.id}})
        await manager.finish_job(stalled, status=Status.FAILED, delete_job=False)
    return revived


def _queueing_lock(lock: str) -> str:
    return f"{current_workspace_id()}:{lock}"


def _nobody_relies(queueing_lock: str) -> bool:
    """Whether all who took the job that begins now for a waiting one have committed.

    Waits for them a moment, by looking: a waiting exclusive lock would hold up every newcomer
    behind the longest transaction.
    """
    give_up = time.monotonic() + BARRIER_SECONDS
    while True:
        with connection.cursor() as cursor:
            cursor.execute(NOBODY_RELIES, [queueing_lock])
            row = cursor.fetchone()
        if row and row[0]:
            return True
        if time.monotonic() > give_up:
            return False
        time.sleep(LOOKS_EVERY_SECONDS)


async def _wait_again(manager: JobManager, stalled: Job) -> bool:
    try:
        await manager.retry_job(stalled)
    except UniqueViolation:
        return False
    return True
