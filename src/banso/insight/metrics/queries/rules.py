"""The rules by which this workspace counts."""

from datetime import datetime

from banso.core.as_of import known
from banso.insight.metrics.models import KpiRules

COUNTED_BY = ("grace_days", "reversal_days", "gross_margin", "sub_owner_weight")


def rules(known_at: datetime | None = None) -> KpiRules:
    """The workspace's own as known at a moment (None: now), else the defaults (unsaved). 1 query."""
    found: KpiRules | None = KpiRules.objects.filter(known(known_at)).first()
    return found or KpiRules()


def rules_differ(then: datetime, now: datetime | None) -> bool:
    """Whether figures counted by other rules at these two moments. 2 queries."""
    one, other = (rules(at) for at in (then, now))
    return any(getattr(one, name) != getattr(other, name) for name in COUNTED_BY)
