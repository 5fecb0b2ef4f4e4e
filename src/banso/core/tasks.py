"""Jobs of the ground floor."""

from typing import Any

from procrastinate.contrib.django import app

from banso.core.events import handle
from banso.core.jobs import PATIENT, STALLED_AFTER_SECONDS, job


@job("core.handle")
def run_handler(handler: str, events: list[int]) -> None:
    """Let one handler hear some events. Twice is once: handlers are idempotent."""
    handle(handler, events)


@app.periodic(cron="* * * * *")
@app.task(
    name="core.revive_stalled_jobs",
    queueing_lock="core.revive_stalled_jobs",
    pass_context=True,
    retry=PATIENT,
)
async def revive_stalled_jobs(context: Any, timestamp: int) -> None:
    """Every minute: jobs whose worker died run again. procrastinate finds them, we retry them."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await manager.retry_job(stalled)
