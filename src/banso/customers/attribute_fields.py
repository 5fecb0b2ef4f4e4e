"""Custom attributes as Fields: `customers.attributes.<key>`, different in every workspace."""

from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    Func,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from banso.customers.fields import Expression, Family, Field, Kind
from banso.customers.models import AttributeKind, CustomAttribute

PREFIX = "customers.attributes."
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_KINDS: dict[str, Kind] = {
    AttributeKind.TEXT: "text",
    AttributeKind.NUMBER: "number",
    AttributeKind.DATE: "date",
    AttributeKind.BOOL: "bool",
    AttributeKind.CHOICE: "choice",
}
_TYPES: dict[str, tuple[str, Any]] = {
    AttributeKind.NUMBER: ("number", DecimalField(max_digits=40, decimal_places=12)),
    AttributeKind.BOOL: ("boolean", BooleanField()),
}


def find(key: str) -> Field | None:
    """The Field of an attribute of the open workspace. 1 query."""
    attribute = CustomAttribute.objects.filter(key=key.removeprefix(PREFIX)).first()
    return field_of(attribute) if attribute else None


def listed() -> list[Field]:
    """Every attribute of the open workspace as a Field, by label. 1 query."""
    return [field_of(one) for one in CustomAttribute.objects.order_by("label", "key")]


def field_of(attribute: CustomAttribute) -> Field:
    """The attribute as a Field. Values do not tell since when they hold: any day reads today's."""

    def expression(on: date) -> Expression:
        return _value(attribute)

    is_choice = attribute.kind == AttributeKind.CHOICE
    return Field(
        key=PREFIX + attribute.key,
        label=attribute.label,
        kind=_KINDS[attribute.kind],
        expression=expression,
        choices=(lambda: [(one, one) for one in attribute.choices]) if is_choice else None,
    )


def _value(attribute: CustomAttribute) -> Expression:
    """Read with care: a value of another type than the attribute's reads as no data."""
    text = KeyTextTransform(attribute.key, "attributes")
    if attribute.kind == AttributeKind.DATE:
        is_day = Func(text, Value(_DAY), template="(%(expressions)s)", arg_joiner=" ~ ")
        is_day.output_field = BooleanField()
        return Case(When(is_day, then=Cast(text, DateField())), output_field=DateField())
    if attribute.kind not in _TYPES:
        return Cast(text, TextField())
    name, column = _TYPES[attribute.kind]
    json = KeyTransform(attribute.key, "attributes")
    is_it = Func(
        Func(json, function="jsonb_typeof"),
        Value(name),
        template="(%(expressions)s)",
        arg_joiner=" = ",
        output_field=BooleanField(),
    )
    return Case(When(is_it, then=Cast(text, column)), output_field=column)


FAMILY = Family(PREFIX, find, listed)
