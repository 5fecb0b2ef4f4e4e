"""The rules by which this workspace counts."""

from banso.insight.metrics.models import KpiRules


def rules() -> KpiRules:
    """The workspace's own, else the defaults (unsaved). 1 query."""
    found: KpiRules | None = KpiRules.objects.first()
    return found or KpiRules()
