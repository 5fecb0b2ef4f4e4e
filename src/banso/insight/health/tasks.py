"""Jobs and clocks of the health room."""

from procrastinate.contrib.django import app

from banso.core.jobs import PATIENT, each_workspace, enqueue_once, job
from banso.core.scope import current_workspace
from banso.insight.health import services


@job("health.rescore")
def rescore() -> None:
    """Score whoever was touched; hand over to the bulk queue when that is everybody."""
    if not services.rescore_touched():
        enqueue_once("health.score_day", lock="health.score_day")


@job("health.score_day", queue="bulk")
def score_day() -> None:
    """Today's scores are true to every fact recorded so far."""
    services.ensure_scores(current_workspace().today())


@app.periodic(cron="5 * * * *")
@app.task(
    name="health.begin_days",
    queue="bulk",
    queueing_lock="health.begin_days",
    retry=PATIENT,
)
def begin_days(timestamp: int) -> None:
    """Every hour, so that each workspace is scored soon after its own midnight. Safe twice."""
    for _workspace in each_workspace():
        enqueue_once("health.score_day", lock="health.score_day")


@app.periodic(cron="40 18 * * *")  # 03:40 in Japan
@app.task(
    name="health.thin_scores",
    queue="bulk",
    queueing_lock="health.thin_scores",
    retry=PATIENT,
)
def thin_scores(timestamp: int) -> None:
    """Once a day: of scores older than 100 days the ends of months stay. Safe late and twice."""
    for _workspace in each_workspace():
        services.thin_scores()
