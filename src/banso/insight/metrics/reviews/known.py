"""Which KPIs of the registry targets, reviews and reports are about."""

from banso.insight.metrics.asking.registry import MEASURES

# Tables of figures rather than one: nobody can promise them.
NO_TARGET = {"movements", "cohort", "cohort_mrr", "churn_timing"}
# What every review shows, in this order; others follow where they have a target.
REVIEWED = ("mrr", "nrr", "grr", "logo_churn", "renewal_rate", "upsell", "cross_sell")
REPORTED = ("mrr", "nrr", "grr", "logo_churn", "renewal_rate")


def may_have_target(kpi: str) -> bool:
    return kpi in MEASURES and kpi not in NO_TARGET


def with_targets() -> list[str]:
    """Every KPI that can have a target, in the registry's order."""
    return [kpi for kpi in MEASURES if may_have_target(kpi)]
