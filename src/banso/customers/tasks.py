"""Clocks of the customer book."""

from procrastinate.contrib.django import app

from banso.core.jobs import PATIENT, each_workspace
from banso.customers import services


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
    """Once a day, old touches too. Safe late and twice."""
    for _workspace in each_workspace():
        services.purge_bin()
        services.forget_touches()
