"""What the health room gives to the rest of the house."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.core.declarations import CSMS, EVERYONE, EventText, Panel, Permission, declare
from banso.core.lists.declarations import declare_list
from banso.customers.fields import Field, declare_fields
from banso.customers.holdings import Holding, declare_holdings
from banso.insight.health import expressions
from banso.insight.health.exports import HEALTH_LIST
from banso.insight.health.models import Band, Judgement, Opportunity
from banso.insight.health.services import are_scored, ensure_scores
from banso.insight.health.services.alerts import TASK_CODE
from banso.insight.health.services.opportunities import TASK_CODE as OPPORTUNITY_CODE
from banso.insight.health.task_words import opportunity_words, task_words
from banso.insight.health.wording import reason_text
from banso.work.wording import declare_task_words


def _band_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    band = str(facts.get("band", ""))
    label = Band(band).label if band in Band.values else band
    return {**facts, "band": label, "score": round(float(facts.get("score", 0)))}


def _kind_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = str(facts.get("kind", ""))
    known = kind in Opportunity.Kind.values
    return {**facts, "kind": Opportunity.Kind(kind).label if known else kind}


def _mood_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    mood = str(facts.get("mood", ""))
    known = mood in Judgement.Mood.values
    return {**facts, "mood": Judgement.Mood(mood).label if known else mood}


def _rows(customer_id: Any) -> str:
    return reverse("health:explain", args=[customer_id])


declare(
    Permission("health.read", _("See health scores and why"), EVERYONE),
    Permission("health.judge", _("Judge how a customer is"), CSMS),
    Panel("customer.how", "health:panel", "health.read", _("Health"), order=10),
    EventText(
        "health.alert_raised",
        _("Health fell to %(score)d (%(band)s)"),
        "alert",
        _band_words,
    ),
    EventText(
        "health.alert_worsened",
        _("Health fell further to %(score)d (%(band)s)"),
        "alert",
        _band_words,
    ),
    EventText("health.alert_closed", _("The health alert is over"), "check"),
    EventText("health.opportunity_opened", _("Opportunity: %(kind)s"), "bell", _kind_words),
    EventText("health.opportunity_closed", _("Opportunity over: %(kind)s"), "check", _kind_words),
    EventText("health.judged", _("Judged by the CSM: %(mood)s"), "user", _mood_words),
)
declare_list(HEALTH_LIST)
declare_task_words(TASK_CODE, task_words)
declare_task_words(OPPORTUNITY_CODE, opportunity_words)

declare_fields(
    Field(
        "health.score",
        _("Health score"),
        "number",
        expressions.score,
        joins=expressions.scores,
        unit=pgettext_lazy("of a score", "points"),
        rows=_rows,
        higher_is_better=True,
        permission="health.read",
        prepare=ensure_scores,
        ready=are_scored,
        in_every_list=True,
    ),
    Field(
        "health.band",
        _("Health"),
        "choice",
        expressions.band,
        joins=expressions.scores,
        choices=lambda: Band.choices,
        rows=_rows,
        permission="health.read",
        prepare=ensure_scores,
        ready=are_scored,
    ),
    Field(
        "health.coverage",
        _("Coverage of the score"),
        "share",
        expressions.coverage,
        joins=expressions.scores,
        rows=_rows,
        higher_is_better=True,
        permission="health.read",
        prepare=ensure_scores,
        ready=are_scored,
        in_every_list=True,
    ),
    Field(
        "health.change_7",
        _("Change of the score in 7 days"),
        "number",
        expressions.change_7,
        joins=expressions.scores,
        unit=pgettext_lazy("of a score", "points"),
        rows=_rows,
        higher_is_better=True,
        permission="health.read",
        prepare=ensure_scores,
        ready=are_scored,
    ),
    Field(
        "health.judgement",
        _("CSM's judgement"),
        "choice",
        expressions.judgement,
        choices=lambda: Judgement.Mood.choices,
        rows=_rows,
        permission="health.read",
        prepare=ensure_scores,
        ready=are_scored,
    ),
    Field(
        "health.risk",
        _("Risk × MRR × nearness of the deadline"),
        "number",
        expressions.risk,
        joins=expressions.scores,
        rows=_rows,
        filterable=False,
        permission="health.read",
        prepare=ensure_scores,
        ready=are_scored,
        greatest_first=True,
    ),
    Field(
        "health.reason",
        _("Why the score is as it is"),
        "text",
        expressions.reason,
        joins=expressions.scores,
        rows=_rows,
        sortable=False,
        filterable=False,
        permission="health.read",
        words=reason_text,
        prepare=ensure_scores,
        ready=are_scored,
        in_every_list=True,
    ),
)

declare_holdings(
    Holding("health.score", _("Health scores, by day"), "health:explain"),
    Holding("health.alert", _("Alerts"), "health:explain"),
    Holding("health.opportunity", _("Opportunities"), "health:explain"),
    Holding("health.judgement", _("Judgements"), "health:explain"),
)
