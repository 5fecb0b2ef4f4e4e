"""Background work: jobs that open a workspace, clocks, and the revival of stalled jobs."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.db import transaction
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from banso.core.models import Workspace
from banso.core.scope import current_workspace_id, open_workspace

PATIENT = RetryStrategy(max_attempts=6, exponential_wait=3)
STALLED_AFTER_SECONDS = 30


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
        def scoped(workspace: str, **args: Any) -> None:
            with open_workspace(Workspace.objects.get(pk=workspace)):
                run(**args)

        return app.task(name=name, queue=queue, retry=retry)(scoped)

    return register


def enqueue(name: str, *, queue: str | None = None, **args: Any) -> None:
    """Queue the job `name` for the open workspace; it commits with the caller's rows."""
    task = app.configure_task(name, queue=queue) if queue else app.configure_task(name)
    task.defer(workspace=str(current_workspace_id()), **args)


def enqueue_once(name: str, *, lock: str, **args: Any) -> bool:
    """Queue the job unless one with the same lock already waits; True when it was queued.

    The savepoint keeps the caller's transaction alive when the lock is taken.
    """
    workspace = str(current_workspace_id())
    try:
        with transaction.atomic():
            app.configure_task(name, queueing_lock=f"{workspace}:{lock}").defer(
                workspace=workspace, **args
            )
    except AlreadyEnqueued:
        return False
    return True


def each_workspace() -> Iterator[Workspace]:
    """Open every workspace in turn. For clocks, which belong to none."""
    for workspace in Workspace.objects.order_by("pk"):
        with open_workspace(workspace):
            yield workspace
