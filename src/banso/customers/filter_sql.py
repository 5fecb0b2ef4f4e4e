"""From an operator and a checked value to SQL over a Field's annotation."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.core import get_global
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Case,
    DecimalField,
    F,
    Func,
    IntegerField,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Lower

from banso.customers.fields import Expression, Field
from banso.lib.money import minor_digits
from banso.lib.names import fold_company
from banso.lib.text import fold

_COMPARING = {"gte": "gte", "gt": "gt", "lte": "lte", "lt": "lt", "is": "exact"}
_HIRAGANA = "".join(chr(code) for code in range(0x3041, 0x3097))
_KATAKANA = "".join(chr(code + 0x60) for code in range(0x3041, 0x3097))


def test(field: Field, op: str, value: Any, on: date) -> Q:
    """Whether the condition holds, over a queryset annotated with the Field as of `on`.

    No data meets no condition but `empty` and `is_not`.
    """
    alias = field.alias
    match op:
        case "empty":
            return _empty(field)
        case "not_empty":
            return ~_empty(field)
        case "contains":
            return _contains(field, value)
        case "is_not":
            return ~Q(_compare(alias, "exact", value)) | Q(_compare(alias, "isnull", True))
        case "in":
            return Q(_compare(alias, "in", list(value)))
        case "within_days":
            return _range(alias, on, on + timedelta(days=value))
        case "past_days":
            return _range(alias, on - timedelta(days=value), on)
        case "between":
            return _range(alias, *(_scaled(field, one) for one in value))
        case _:
            return Q(_compare(alias, _COMPARING[op], _scaled(field, value)))


def _compare(alias: str, lookup: str, value: Any) -> tuple[str, Any]:
    """Both names are ours: the alias of a declared Field and one of the lookups above."""
    return (f"{alias}__{lookup}", value)


def _range(alias: str, low: Any, high: Any) -> Q:
    return Q(_compare(alias, "gte", low)) & Q(_compare(alias, "lte", high))


def _empty(field: Field) -> Q:
    missing = Q(_compare(field.alias, "isnull", True))
    return missing | Q(_compare(field.alias, "exact", "")) if field.kind == "text" else missing


def _contains(field: Field, text: str) -> Q:
    if field.folded:
        return Q(_compare(field.folded, "contains", fold_company(text)))
    return Q(_FoldedContains(F(field.alias), Value(f"%{_escaped(fold(text))}%")))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class _FoldedContains(Func):
    """Width, case and the two kana make no difference."""

    conditional = True
    arg_joiner = " LIKE "
    template = "(%(expressions)s)"

    def __init__(self, text: Any, pattern: Any) -> None:
        normal = Func(text, template="normalize((%(expressions)s)::text, NFKC)")
        narrow = Lower(normal, output_field=TextField())
        kana = (Value(_HIRAGANA), Value(_KATAKANA))
        folded = Func(narrow, *kana, function="translate", output_field=TextField())
        super().__init__(folded, pattern, output_field=BooleanField())


def _scaled(field: Field, number: Any) -> Any:
    """A number of money is major units; the annotation is minor units of each one's currency."""
    return Value(number, _NUMERIC) * minor_per_major() if field.kind == "money" else number


_NUMERIC: "DecimalField[Any, Any]" = DecimalField(max_digits=30, decimal_places=6)


_TEXTS: "ArrayField[Any, Any]" = ArrayField(TextField())


def minor_per_major() -> Case:
    """How many minor units one unit of the customer's currency has: 1, 100 or 1,000."""
    digits = {code: minor_digits(code) for code in get_global("all_currencies")}
    odd = sorted({one for one in digits.values() if one != 2})
    whens = [
        When(
            currency__in=sorted(code for code, of in digits.items() if of == count),
            then=Value(Decimal(10**count), _NUMERIC),
        )
        for count in odd
    ]
    return Case(*whens, default=Value(Decimal(100), _NUMERIC), output_field=_NUMERIC)


def sorting(field: Field, on: date, *, kept: bool = False) -> Expression:
    """What a list sorts by: the reading of names, the listed order of choices, major units.

    `kept`: the list reads what is kept of today.
    """
    if kept and field.now_sorts_by:
        return field.now_sorts_by(on)
    if field.sorts_by:
        return field.sorts_by(on)
    if field.kind == "money":
        return F(field.alias) / minor_per_major()
    if field.kind == "choice" and field.choices:
        codes = Value([code for code, _words in field.choices()], _TEXTS)
        place: IntegerField[Any, Any] = IntegerField()
        return Func(
            Cast(codes, _TEXTS), F(field.alias), function="array_position", output_field=place
        )
    return F(field.alias)
