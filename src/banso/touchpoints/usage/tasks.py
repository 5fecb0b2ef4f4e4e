"""Clocks of the usage store."""

from procrastinate.contrib.django import app

from banso.core.jobs import PATIENT, each_workspace, job
from banso.touchpoints.usage import services


@app.periodic(cron="10 18 * * *")  # 03:10 in Japan
@app.task(name="usage.keep_store", queueing_lock="usage.keep_store", queue="bulk", retry=PATIENT)
def keep_store(timestamp: int) -> None:
    """Once a day: next month's partition, old ids forgotten. Safe late and twice."""
    for _workspace in each_workspace():
        services.keep_store()


@job("usage.roll_up")
def roll_up() -> None:
    """Queued once by what arrives. Safe late, twice, or beside itself (one at a time)."""
    services.roll_up_due()


@job("usage.match_waiting")
def match_waiting() -> None:
    """Queued once when customers or contacts appear. Safe twice."""
    services.match_waiting()
