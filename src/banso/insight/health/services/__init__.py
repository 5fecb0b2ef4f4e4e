"""Every write of the health room."""

from banso.insight.health.services.alerts import open_alert_tasks
from banso.insight.health.services.history import thin_scores
from banso.insight.health.services.judgements import judge
from banso.insight.health.services.opportunities import open_opportunity_tasks
from banso.insight.health.services.runs import (
    are_scored,
    begin_run,
    ensure_scores,
    finish_run,
    rescore_touched,
    score_customers,
    score_on,
)

__all__ = [
    "are_scored",
    "begin_run",
    "ensure_scores",
    "finish_run",
    "judge",
    "open_alert_tasks",
    "open_opportunity_tasks",
    "rescore_touched",
    "score_customers",
    "score_on",
    "thin_scores",
]
