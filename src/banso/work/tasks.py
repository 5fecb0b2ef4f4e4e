"""Clocks of the work room."""

from procrastinate.contrib.django import app

from banso.core.jobs import PATIENT, each_workspace
from banso.work import services


@app.periodic(cron="40 18 * * *")  # 03:40 in Japan
@app.task(
    name="work.purge_activities",
    queue="bulk",
    queueing_lock="work.purge_activities",
    retry=PATIENT,
)
def purge_activities(timestamp: int) -> None:
    """Once a day. Safe late and twice."""
    for _workspace in each_workspace():
        services.purge_activities()
