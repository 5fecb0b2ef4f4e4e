"""Jobs of which one is enough: queued once, run one at a time, and no wake-up lost.

Jobs of one lock are alike: what they are to do they read for themselves.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from banso.core import sql
from banso.core.outbox import deferrer
from banso.core.quick import quick_all
from banso.core.scope import current_workspace_id

BARRIER_SECONDS, LOOKS_EVERY_SECONDS = 0.25, 0.01
LONGEST_TURN_SECONDS = 1.0  # then others have the worker, too
PACE_SECONDS = 0.2  # under steady load: what comes in between is done together
ASKS_AGAIN_SECONDS = 1
RELY = "SELECT pg_advisory_xact_lock_shared(hashtextextended('once:' || %(lock)s, 0))"
NOBODY_RELIES = "SELECT pg_try_advisory_xact_lock(hashtextextended('once:' || %(lock)s, 0))"
WAITS = """
    SELECT 1 FROM procrastinate_jobs
    WHERE queueing_lock = ANY(%(locks)s::text[]) AND status = 'todo'
"""
# Equal queueing locks wait for each other's transaction: each open one that queues has its own.
SLOTS = ("", "#2", "#3", "#4")
FREE_SLOT = """
    SELECT slot FROM unnest(%(locks)s::text[]) AS slot
    WHERE pg_try_advisory_xact_lock(hashtextextended('slot:' || slot, 0)) LIMIT 1
"""
# Held by the connection, not by a transaction: it ends with the turn, or with a killed worker.
TAKE_TURN = "SELECT pg_try_advisory_lock(hashtextextended('turn:' || %(lock)s, 0))"
LEAVE_TURN = "SELECT pg_advisory_unlock(hashtextextended('turn:' || %(lock)s, 0))"
TAKE_WAITING = """
    DELETE FROM procrastinate_jobs
    WHERE queueing_lock = ANY(%(locks)s::text[]) AND status = 'todo' RETURNING 1
"""
REASON = "locks name their workspace"


@transaction.atomic(savepoint=False)
def enqueue_once(name: str, *, lock: str, waits: bool | None = None, **args: Any) -> bool:
    """Queue the job unless one with the same lock already waits; True when it was queued.

    Either way such a job begins after the caller's commit and sees the caller's rows, also when
    the waiting one is taken just now: who relies on it holds a shared advisory lock until the
    end of the transaction, and a job that finds such holders works once more after itself. Waits
    for nobody's transaction: while another that has queued the job is open, a second is queued.
    Call it last in a transaction. One round trip when one waits, 6 queries when not. Who has done
    `RELY` and then `WAITS` among statements of their own (`locks_of`) tells what was found: `waits`.
    """
    if waits is None:
        locks = locks_of(lock)
        # `WAITS` is a statement of its own: it sees what is now.
        asked = ((RELY, {"lock": locks[0]}), (WAITS, {"locks": locks}))
        _relied, found = quick_all(*asked, reason=REASON)
        waits = bool(found)
    return not waits and _queue(name, lock, args)


def run_in_turn(name: str, *, lock: str, run: Callable[..., None], args: Mapping[str, Any]) -> None:
    """`run(**args)` has seen all that was committed when this began. One at a time for a lock.

    While another is at it, that one works once more instead of us: a worker is never kept
    waiting. Where it dies, a job that waits a second does.
    """
    locks = locks_of(lock)
    if not _take_turn(locks) and not _leave_to_other(name, lock, args):
        return
    while True:
        try:
            is_done = _work(locks, run, args)
        finally:
            _ask(LEAVE_TURN, {"lock": locks[0]})
        if not is_done:
            enqueue_once(name, lock=lock, **args)
            return
        if not _ask(WAITS, {"locks": locks}) or not _take_turn(locks):
            return


def _work(locks: list[str], run: Callable[..., None], args: Mapping[str, Any]) -> bool:
    """Works until nobody asks for more; False when others should have their turn before that."""
    give_up = time.monotonic() + LONGEST_TURN_SECONDS
    while True:
        begun = time.monotonic()
        nobody_relies = _nobody_relies(locks[0])
        run(**args)
        if not _ask(WAITS, {"locks": locks}) and nobody_relies:
            return True
        time.sleep(max(0.0, begun + PACE_SECONDS - time.monotonic()))
        if time.monotonic() > give_up:
            return False
        _ask(TAKE_WAITING, {"locks": locks})


def _leave_to_other(name: str, lock: str, args: Mapping[str, Any]) -> bool:
    """Whoever is at it finds a waiting job; True when they have ended meanwhile and it is ours."""
    locks = locks_of(lock)
    if not _ask(WAITS, {"locks": locks}):
        with transaction.atomic():
            _queue(name, lock, args, seconds=ASKS_AGAIN_SECONDS)
    return _take_turn(locks)


def _queue(name: str, lock: str, args: Mapping[str, Any], *, seconds: int = 0) -> bool:
    free = sql.run_for_all(FREE_SLOT, {"locks": locks_of(lock)}, reason=REASON)
    later: dict[str, Any] = {"schedule_in": {"seconds": seconds}} if seconds else {}
    job = deferrer(name, queueing_lock=free[0][0] if free else None, **later)
    try:
        with transaction.atomic():  # another may have committed at this moment: undo only this
            job.defer(workspace=str(current_workspace_id()), once=lock, **args)
    except AlreadyEnqueued:
        return False
    return True


def _nobody_relies(lock: str) -> bool:
    """Whether all who took the job that begins now for a waiting one have committed.

    Waits for them a moment, by looking: a waiting exclusive lock would hold up every newcomer
    behind the longest transaction.
    """
    give_up = time.monotonic() + BARRIER_SECONDS
    while not _ask(NOBODY_RELIES, {"lock": lock}):
        if time.monotonic() > give_up:
            return False
        time.sleep(LOOKS_EVERY_SECONDS)
    return True


def _take_turn(locks: list[str]) -> bool:
    return _ask(TAKE_TURN, {"lock": locks[0]})


def _ask(statement: str, params: Mapping[str, Any]) -> bool:
    found = sql.run_for_all(statement, params, reason=REASON)
    return bool(found and found[0][0])


def locks_of(lock: str) -> list[str]:
    """Every queueing lock that stands for `lock` in the open workspace, the plain one first."""
    return [f"{current_workspace_id()}:{lock}{slot}" for slot in SLOTS]
