"""Background work: jobs that open a workspace, clocks, and the revival of stalled jobs."""

import logging
from collections.abc import Callable, Collection, Iterator
from functools import wraps
from typing import Any

from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.worker import Worker

from banso.core.models import Workspace
from banso.core.once import enqueue_once as enqueue_once
from banso.core.once import run_in_turn
from banso.core.outbox import deferrer
from banso.core.scope import current_workspace_id, open_workspace

log = logging.getLogger("banso.jobs")
PATIENT = RetryStrategy(max_attempts=6, exponential_wait=3)
STALLED_AFTER_SECONDS = 30
MOST_LIVES = 10  # a job that takes its worker down this often is left alone


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
                if once:
                    run_in_turn(name, lock=once, run=run, args=args)
                else:
                    run(**args)

        return app.task(name=name, queue=queue, retry=retry)(scoped)

    return register


def enqueue(name: str, *, queue: str | None = None, **args: Any) -> None:
    """Queue the job `name` for the open workspace; it commits with the caller's rows."""
    task = deferrer(name, queue=queue) if queue else deferrer(name)
    task.defer(workspace=str(current_workspace_id()), **args)


def each_workspace() -> Iterator[Workspace]:
    """Open every workspace in turn. For clocks, which belong to none."""
    for workspace in Workspace.objects.order_by("pk"):
        with open_workspace(workspace):
            yield workspace


async def revive_stalled(manager: JobManager) -> int:
    """Jobs whose worker died wait to run again; returns how many.

    One that has taken its worker down too often fails for good. One whose twin waits already
    (same queueing lock) fails too: the twin does its work. Safe beside itself.
    """
    stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    return sum([await _revive(manager, job) for job in stalled])


class Unseen:
    """Jobs that a worker of this process has, as the database says, and does not run: when it
    could not write down that they had ended."""

    def __init__(self, manager: JobManager) -> None:
        self.manager = manager
        self.suspects: set[int] = set()

    async def revive(self, workers: Collection[Worker]) -> int:
        """Those that were so already at the last call wait to run again; returns how many."""
        suspects: dict[int, Job] = {}
        for worker in workers:
            if worker.worker_id is not None:
                held = await self.manager.list_jobs_async(
                    status=Status.DOING.value, worker_id=worker.worker_id
                )
                seen = {context.job.id for context in worker._running_jobs.values()}
                suspects |= {job.id: job for job in held if job.id and job.id not in seen}
        again = [job for pk, job in suspects.items() if pk in self.suspects]
        self.suspects = set(suspects)
        return sum([await _revive(self.manager, job) for job in again])


async def _revive(manager: JobManager, job: Job) -> bool:
    try:
        if job.attempts < MOST_LIVES and await _wait_again(manager, job):
            return True
        await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    except ConnectorException:  # another process was faster, or the database is away
        return False
    log.error("stalled job given up", extra={"facts": {"job": job.id}})
    return False


async def _wait_again(manager: JobManager, stalled: Job) -> bool:
    try:
        await manager.retry_job(stalled)
    except UniqueViolation:
        return False
    return True
