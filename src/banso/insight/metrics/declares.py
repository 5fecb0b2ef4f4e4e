"""What the metrics room gives to the rest of the house."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from banso.core.declarations import (
    EVERYONE,
    MANAGERS,
    EventText,
    Kpi,
    Panel,
    Permission,
    declare,
)
from banso.core.lists.declarations import declare_document, declare_list
from banso.core.ui.wording import day, money
from banso.customers.models import ChangeKind
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.exports.buyers import BUYERS
from banso.insight.metrics.exports.course import COURSE
from banso.insight.metrics.exports.opened import OPENED
from banso.insight.metrics.exports.restatements import RESTATEMENTS
from banso.insight.metrics.reviews.documents import REPORT, REVIEW
from banso.insight.metrics.reviews.event_texts import EVENT_TEXTS
from banso.insight.metrics.reviews.exports import TARGET_LIST


def _rate_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    known = {"currency": "", "rate": "", "into": "", **facts}
    return {**known, "on": _day(facts.get("on"))}


def _cost_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    amount = money(facts.get("amount"), str(facts.get("currency", "JPY")))
    return {"month": str(facts.get("month", ""))[:7], "amount": amount}


def _month_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a closing, and of a line of the ledger that touched it."""
    kind = str(facts.get("kind", ""))
    is_voided = facts.get("voided")
    return {
        "month": str(facts.get("month", ""))[:7].replace("-", "/"),
        "kind": ChangeKind(kind).label if kind in ChangeKind.values else "",
        "on": _day(facts.get("on")),
        "done": pgettext("of a line of the ledger", "voided")
        if is_voided
        else pgettext("of a line of the ledger", "recorded"),
    }


def _day(told: Any) -> str:
    return day(date.fromisoformat(told)) if told else ""


declare(
    Permission("metrics.read", _("See revenue and retention figures"), EVERYONE),
    Permission("metrics.manage", _("Set how figures are counted, close months"), MANAGERS),
    Panel("settings.tabs", "metrics:settings", "metrics.read", _("Counting figures"), order=40),
    EventText(
        "metrics.rate_added",
        _("Exchange rate recorded: 1 %(currency)s = %(rate)s %(into)s from %(on)s"),
        "globe",
        _rate_words,
    ),
    EventText(
        "metrics.rate_voided",
        _("Exchange rate voided: 1 %(currency)s = %(rate)s %(into)s from %(on)s"),
        "globe",
        _rate_words,
    ),
    EventText("metrics.rules_set", _("The counting rules were changed"), "settings"),
    EventText(
        "metrics.cost_set",
        _("Cost of winning customers, %(month)s: %(amount)s"),
        "pencil",
        _cost_words,
    ),
    EventText(
        "metrics.month_closed",
        _("Month closed: %(month)s"),
        "lock",
        _month_words,
        page="metrics:closing",
    ),
    EventText(
        "metrics.month_reopened",
        _("Closed month reopened: %(month)s"),
        "undo",
        _month_words,
        page="metrics:closing",
    ),
    EventText(
        "metrics.closed_month_touched",
        _("%(month)s is closed, and a line dated in it was %(done)s (%(kind)s, %(on)s)"),
        "alert",
        _month_words,
    ),
    EventText("metrics.fte_set", _("Somebody's time for customers was changed: %(fte)s"), "user"),
    *EVENT_TEXTS,
)
declare_list(RESTATEMENTS, OPENED, COURSE, BUYERS)
declare(
    *(
        Kpi(
            id=one.id,
            label=one.label,
            formula=one.formula,
            numerator=one.numerator,
            denominator=one.denominator,
            unit=one.unit,
            edges=one.edges,
            source=one.source,
            higher_is_better=one.higher_is_better,
        )
        for one in MEASURES.values()
    )
)
declare_document(REVIEW, REPORT)
declare_list(TARGET_LIST)
