"""Conditions in words, for chips and segments: 「更新日: 90日以内」."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from banso.core.declarations import Words
from banso.core.ui.marks import spaced
from banso.core.ui.wording import short_day
from banso.customers.filters import Condition

PATTERNS: Mapping[str, Words] = {
    "is": _("%(field)s: %(value)s"),
    "is_not": _("%(field)s: not %(value)s"),
    "in": _("%(field)s: %(value)s"),
    "contains": _("%(field)s contains “%(value)s”"),
    "gte": _("%(field)s: %(value)s or more"),
    "gt": _("%(field)s: more than %(value)s"),
    "lte": _("%(field)s: %(value)s or less"),
    "lt": _("%(field)s: under %(value)s"),
    "between": _("%(field)s: %(low)s to %(high)s"),
    "within_days": _("%(field)s: within %(value)s"),
    "past_days": _("%(field)s: in the last %(value)s"),
    "empty": _("%(field)s: no data"),
    "not_empty": _("%(field)s: has data"),
}
DATE_PATTERNS: Mapping[str, Words] = {
    "gte": _("%(field)s: %(value)s or later"),
    "gt": _("%(field)s: after %(value)s"),
    "lte": _("%(field)s: %(value)s or earlier"),
    "lt": _("%(field)s: before %(value)s"),
}
OPERATOR_LABELS: Mapping[str, Words] = {
    "is": _("is"),
    "is_not": _("is not"),
    "in": _("is one of"),
    "contains": _("contains"),
    "gte": _("or more"),
    "gt": _("more than"),
    "lte": _("or less"),
    "lt": _("under"),
    "between": _("between"),
    "within_days": _("within (days)"),
    "past_days": _("in the last (days)"),
    "empty": _("no data"),
    "not_empty": _("has data"),
}


def describe(condition: Condition, *, people: Mapping[UUID, str] | None = None) -> str:
    """The condition as a phrase in the reader's language. `people`: names by id. No query."""
    is_date = condition.field.kind == "date"
    pattern = (DATE_PATTERNS if is_date else {}).get(condition.op, PATTERNS[condition.op])
    words = {"field": str(condition.field.label), "value": "", "low": "", "high": ""}
    if condition.op == "between":
        words["low"], words["high"] = (_worded(condition, one, people) for one in condition.value)
    elif condition.op in {"within_days", "past_days"}:
        days = ngettext("%(days)d day", "%(days)d days", condition.value)
        words["value"] = days % {"days": condition.value}
    elif isinstance(condition.value, tuple):
        words["value"] = ", ".join(_worded(condition, one, people) for one in condition.value)
    elif condition.value is not None:
        words["value"] = _worded(condition, condition.value, people)
    return str(pattern) % words


def _worded(condition: Condition, value: Any, people: Mapping[UUID, str] | None) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, Decimal):
        return _number(condition, value)
    if isinstance(value, UUID):
        return (people or {}).get(value, str(value))
    choices = dict(condition.field.choices()) if condition.field.choices else {}
    return str(choices.get(value, value))


def _number(condition: Condition, value: Decimal) -> str:
    if condition.field.kind == "share":
        return f"{value * 100:,.6f}".rstrip("0").rstrip(".") + "%"
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    unit = condition.field.unit
    return f"{text}{spaced(unit)}" if unit else text
