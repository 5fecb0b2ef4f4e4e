"""Imports run here, beside people's own work."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from banso.core.errors import DATABASE_AWAY
from banso.core.jobs import PATIENT, each_workspace, job
from banso.core.models import ImportRun
from banso.office.connections import arrivals, services, sweeping, telling

WHILE_AWAY = RetryStrategy(max_attempts=10, wait=15, retry_exceptions=DATABASE_AWAY)


@job("connections.check_import", queue="bulk", retry=False)
def check_import(run_id: str) -> None:
    """A dry run. Not repeated by itself: a person sees it and may."""
    services.check_now(UUID(run_id))


@job("connections.run_import", queue="bulk", retry=WHILE_AWAY)
def run_import(run_id: str) -> None:
    """An import. One that a dead worker or database left is run again whole: nothing was kept."""
    services.run_now(UUID(run_id))
    telling.tell_of_run(ImportRun.objects.get(pk=run_id))


@job("connections.undo_import", queue="bulk", retry=WHILE_AWAY)
def undo_import(run_id: str, by: str) -> None:
    """An import is taken back whole. One that a dead worker left is begun again: nothing was undone."""
    services.undo_now(UUID(run_id), by=UUID(by))


@job(arrivals.LOOK, queue="bulk")
def look_now(repeated_import_id: str) -> None:
    """Files are looked for because somebody asked. Twice is once."""
    arrivals.look_as_asked(UUID(repeated_import_id))


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="connections.look_for_files",
    queue="bulk",
    queueing_lock="connections.look_for_files",
    retry=PATIENT,
)
def look_for_files(timestamp: int) -> None:
    """Every five minutes: files that are due are taken, and missing ones told. Twice is once."""
    for _workspace in each_workspace():
        arrivals.look_for_files()


@app.periodic(cron="50 18 * * *")  # 03:50 in Japan
@app.task(
    name="connections.sweep_files",
    queue="bulk",
    queueing_lock="connections.sweep_files",
    retry=PATIENT,
)
def sweep_files(timestamp: int) -> None:
    """Every night: files of drafts that nobody goes on with, and of uploads that nobody knows, are
    gone. Twice is once."""
    for _workspace in each_workspace():
        sweeping.sweep_drafts()
    sweeping.sweep_files()
