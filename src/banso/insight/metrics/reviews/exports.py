"""Targets as a file."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, day_of, sheet_of
from banso.insight.metrics.models import TargetKind
from banso.insight.metrics.reviews.known import with_targets
from banso.insight.metrics.reviews.queries import every_target


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Every target that stands, the latest period first. A rate is a fraction of 1."""
    columns: list[Headed] = [
        (_("KPI"), lambda one: one.kpi),
        (_("For a"), lambda one: str(TargetKind(one.kind).label)),
        (_("First day"), lambda one: one.starts_on),
        (_("Target"), lambda one: one.value.normalize()),
        (_("Currency"), lambda one: one.currency),
        (_("Set by"), lambda one: one.by.name if one.by else ""),
        (_("Set on"), lambda one: day_of(one.set_at)),
    ]
    return sheet_of(every_target(with_targets()), columns)


TARGET_LIST = List("targets", gettext_lazy("Targets"), "metrics.read", "targets", read)
