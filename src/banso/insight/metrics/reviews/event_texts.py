"""How events of targets, reviews and reports read on a timeline."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import EventText, Titles, Words
from banso.core.scope import current_workspace
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.figure_words import value_words
from banso.insight.metrics.models import Review, TargetKind, known_kind
from banso.insight.metrics.reviews.wording import period_name
from banso.lib.periods import period_of

PAGE = "metrics:review"


def _target(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its KPI, period and value in words."""
    entry, kind = MEASURES.get(str(facts.get("kpi"))), str(facts.get("kind"))
    if entry is None or kind not in TargetKind.values:
        return {**facts, "kpi": "—", "period": "—", "value": "—"}
    day = date.fromisoformat(str(facts["starts_on"]))
    period = period_of(day, known_kind(kind), current_workspace().fiscal_start_month)
    value = value_words(Decimal(str(facts["value"])), entry.unit, str(facts.get("currency", "")))
    return {**facts, "kpi": entry.label, "period": period_name(period), "value": value}


def _month(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    day = str(facts.get("month", ""))
    return {**facts, "month": period_name(period_of(date.fromisoformat(day), "month"))}


def _titles(ids: Collection[str]) -> Mapping[str, str]:
    return {str(one.pk): period_name(one.period) for one in Review.objects.filter(pk__in=ids)}


def _of_review(verb: str, wording: Words, icon: str = "chart") -> EventText:
    name = f"metrics.review_{verb}"
    return EventText(name, wording, icon, page=PAGE, titles=Titles("metrics.read", _titles))


EVENT_TEXTS = (
    EventText(
        "metrics.target_set", _("Target of %(kpi)s for %(period)s: %(value)s"), words=_target
    ),
    EventText(
        "metrics.target_voided", _("Target taken away: %(kpi)s for %(period)s"), words=_target
    ),
    _of_review("begun", _("A quarterly review was begun")),
    _of_review("noted", _("The reasons in a quarterly review were changed"), "pencil"),
    _of_review("closed", _("A quarterly review was closed"), "check"),
    _of_review("reopened", _("A closed quarterly review was opened again"), "undo"),
    EventText("metrics.decision_made", _("A review decided something"), "check"),
    EventText("metrics.decision_changed", _("A decision of a review was changed"), "pencil"),
    EventText("metrics.decision_voided", _("A decision of a review was taken back"), "undo"),
    EventText("metrics.decision_assigned", _("A decision of a review became a task"), "check"),
    EventText("metrics.ask_made", _("The report of %(month)s asks for a decision"), words=_month),
    EventText("metrics.ask_voided", _("The report of %(month)s asks for one less"), words=_month),
)
