"""Jobs and clocks of the metrics room."""

from typing import Any

from procrastinate.contrib.django import app

from banso.core.jobs import PATIENT, each_workspace, job
from banso.insight.metrics import services
from banso.insight.metrics.boards.kept import from_words


@job(services.WORK_OUT, queue="bulk")
def work_out(chosen: dict[str, Any]) -> None:
    """A dashboard is worked out anew."""
    services.work_out(from_words(chosen))


@job(services.WORK_OUT_BUYERS, queue="bulk")
def work_out_buyers() -> None:
    """What customers without a contract are worth is worked out anew."""
    services.work_out_buyers()


@app.periodic(cron="20 * * * *")
@app.task(
    name="metrics.begin_days",
    queue="bulk",
    queueing_lock="metrics.begin_days",
    retry=PATIENT,
)
def begin_days(timestamp: int) -> None:
    """Every hour, so that each workspace has its figures soon after its own midnight. Safe twice."""
    for _workspace in each_workspace():
        services.begin_day()
