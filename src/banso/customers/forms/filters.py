"""The form that adds one filter: an operator and a value that fit the Field."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.declarations import Words
from banso.core.errors import Refused
from banso.customers.fields import Field
from banso.customers.filter_words import OPERATOR_LABELS
from banso.customers.filters import OPERATORS, Condition, condition
from banso.customers.forms.fields import RoomForm, people
from banso.lib.bad_value import BadValue
from banso.lib.dates import parse_date
from banso.lib.money import parse_amount

DAYS = {"within_days", "past_days"}
WITHOUT_VALUE = {"empty", "not_empty"}
LISTING = {"choice", "person"}
NUMBERS = {"number", "money", "share"}
DATE_LABELS: dict[str, Words] = {
    "is": gettext_lazy("on the day"),
    "gte": gettext_lazy("on the day or later"),
    "gt": gettext_lazy("after the day"),
    "lte": gettext_lazy("on the day or earlier"),
    "lt": gettext_lazy("before the day"),
}


class FilterForm(RoomForm):
    """Made for one Field. `conditions()` after is_valid are what to add."""

    op = forms.ChoiceField(label=gettext_lazy("Condition"))

    def __init__(self, *args: Any, field: Field, permits: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.field, self.permits = field, permits
        self.found: list[Condition] = []
        self.fields["op"].choices = _operators(field)  # type: ignore[attr-defined]
        self.fields["value"] = _value(field)
        if "between" in OPERATORS[field.kind]:
            label = _("to (only for “between”)")
            self.fields["until"] = forms.CharField(label=label, required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            self.found = self._conditions(cleaned) if "op" in cleaned else []
        except Refused as refusal:
            self.add_error("value", str(refusal.message))
        except BadValue:
            self.add_error("value", _("This value cannot be read."))
        return cleaned

    def _conditions(self, cleaned: dict[str, Any]) -> list[Condition]:
        op, raw = cleaned["op"], cleaned.get("value")
        if op in WITHOUT_VALUE:
            return [self._one(op, None)]
        if self.field.kind in LISTING:
            return self._listed(op, list(raw or []))
        if op == "between":
            return [self._one(op, [self._read(op, raw), self._read(op, cleaned.get("until"))])]
        return [self._one(op, self._read(op, raw))]

    def _listed(self, op: str, values: list[str]) -> list[Condition]:
        if not values:
            raise Refused(_("Choose at least one value."))
        if op == "is_not":
            return [self._one(op, value) for value in values]
        return [self._one("is", values[0]) if len(values) == 1 else self._one("in", values)]

    def _one(self, op: str, value: Any) -> Condition:
        return condition(self.field.key, op, value, permits=self.permits)

    def _read(self, op: str, text: Any) -> Any:
        """What was typed, as the operator takes it: full-width digits, dates, per cent."""
        text = str(text or "").strip()
        if op in DAYS:
            return str(parse_amount(text))
        if self.field.kind == "date":
            return parse_date(text, "ymd").isoformat()
        if self.field.kind in NUMBERS:
            number = parse_amount(text.rstrip("%％"))
            return format(number / Decimal(100) if self.field.kind == "share" else number, "f")
        return text


def _operators(field: Field) -> list[tuple[str, Any]]:
    labels = {**OPERATOR_LABELS, **(DATE_LABELS if field.kind == "date" else {})}
    return [(op, labels[op]) for op in OPERATORS[field.kind] if op != "in"]


def _value(field: Field) -> forms.Field:
    label = _("Value")
    if field.kind in LISTING:
        return forms.MultipleChoiceField(
            label=label,
            choices=_choices(field),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    if field.kind == "bool":
        choices = [("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    hints = {
        "date": _("A day (2026/4/1), or a number of days."),
        "share": _("In per cent."),
        "money": _("In whole units of the currency, such as 500,000."),
    }
    hint = hints.get(field.kind) or str(field.unit)
    return forms.CharField(label=label, required=False, max_length=200, help_text=hint)


def _choices(field: Field) -> Iterable[tuple[str, Any]]:
    if field.kind == "person":
        return [(str(one.pk), one.name) for one in people()]
    return list(field.choices()) if field.choices else []
