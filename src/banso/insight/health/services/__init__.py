"""Every write of the health room."""

from banso.insight.health.services.alerts import open_alert_tasks
from banso.insight.health.services.judgements import judge
from banso.insight.health.services.runs import ensure_scores, rescore_touched, score_customers

__all__ = ["ensure_scores", "judge", "open_alert_tasks", "rescore_touched", "score_customers"]
