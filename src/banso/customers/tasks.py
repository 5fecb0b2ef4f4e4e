"""Clocks and long work of the customer book."""

from uuid import UUID

from procrastinate.contrib.django import app

from banso.core.jobs import PATIENT, each_workspace, job
from banso.customers import services
from banso.customers.bulk_edits import running, undoing


@app.periodic(cron="10 * * * *")
@app.task(
    name="customers.renew_due_contracts",
    queue="bulk",
    queueing_lock="customers.renew_due_contracts",
    retry=PATIENT,
)
def renew_due_contracts(timestamp: int) -> None:
    """Hourly, so that every zone's midnight is soon followed. Twice is once."""
    for workspace in each_workspace():
        services.renew_due_contracts(workspace.today())


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="customers.keep_current",
    queue="bulk",
    queueing_lock="customers.keep_current",
    retry=PATIENT,
)
def keep_current(timestamp: int) -> None:
    """Every five minutes: what an import or a new day has left stale. Safe late and twice."""
    for _workspace in each_workspace():
        services.keep_current()


@app.periodic(cron="30 18 * * *")  # 03:30 in Japan
@app.task(
    name="customers.purge_bins",
    queue="bulk",
    queueing_lock="customers.purge_bins",
    retry=PATIENT,
)
def purge_bins(timestamp: int) -> None:
    """Once a day; old touches, and what bulk edits replaced, too. Safe late and twice."""
    for _workspace in each_workspace():
        services.purge_bin()
        services.forget_touches()
        undoing.forget_former_values()


@job("customers.bulk_edit", queue="bulk")
def bulk_edit(edit_id: str) -> None:
    """The rest of a bulk edit. One that a dead worker left goes on where it stood."""
    running.run_bulk_edit(UUID(edit_id))


@job("customers.undo_bulk_edit", queue="bulk")
def undo_bulk_edit(edit_id: str) -> None:
    """The rest of its undo."""
    undoing.run_undo(UUID(edit_id))
