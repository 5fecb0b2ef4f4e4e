"""Conditions over Fields: what lists, segments and plays filter by.

Only listed Fields and operators pass; everything else is Refused in words. Numbers of money are
major units. Input never names a column: it only chooses among Fields and operators.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.customers import filter_sql
from banso.customers.fields import Field, annotate, known_field
from banso.customers.filter_values import read_value, write_value
from banso.customers.models import Customer

OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("contains", "is", "is_not", "in", "empty", "not_empty"),
    "choice": ("is", "is_not", "in", "empty", "not_empty"),
    "person": ("is", "is_not", "in", "empty", "not_empty"),
    "bool": ("is", "empty", "not_empty"),
    "number": ("gte", "gt", "lte", "lt", "is", "between", "empty", "not_empty"),
    "money": ("gte", "gt", "lte", "lt", "is", "between", "empty", "not_empty"),
    "share": ("gte", "gt", "lte", "lt", "is", "between", "empty", "not_empty"),
    "date": (
        "within_days", "past_days", "gte", "gt", "lte", "lt", "is", "between", "empty", "not_empty",
    ),
}  # fmt: skip
MAX_CONDITIONS = 20
MAX_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold: `field` by key, `op` of OPERATORS, `value` read and checked.

    Made by `condition`, `parse` or `parse_query`. Values: str, bool, Decimal (money in major
    units), date, UUID, int (days), a tuple of them for in and between, None for empty and
    not_empty.
    """

    field: Field
    op: str
    value: Any = None

    def to_json(self) -> dict[str, Any]:
        """As a segment keeps it; `parse` reads it back."""
        return {"field": self.field.key, "op": self.op, "value": write_value(self.value)}

    def to_query(self) -> str:
        """As it stands in an address, `?f=`; `parse_query` reads it back."""
        value = write_value(self.value)
        text = ",".join(map(str, value)) if isinstance(value, list) else value
        parts = [self.field.key, self.op, "" if text is None else str(text)]
        return ":".join(parts).rstrip(":") if text is None else ":".join(parts)


def condition(
    key: str, op: str, value: Any = None, *, permits: frozenset[str] | None = None
) -> Condition:
    """The condition, checked. Refused in words for an unknown Field, operator or wrong value.

    `permits`: Fields that need a permission outside it are unknown; None knows all.
    """
    field = filterable_field(key, permits=permits)
    if op not in OPERATORS[field.kind]:
        raise Refused(
            _("“%(field)s” cannot be filtered this way.") % {"field": field.label},
            code="unknown_operator",
            field="filter",
        )
    return Condition(field, op, read_value(field, op, value))


def filterable_field(key: str, *, permits: frozenset[str] | None = None) -> Field:
    """The Field of this key that may be filtered and seen, else Refused."""
    field = known_field(key) if isinstance(key, str) else None
    if field is None or not field.filterable or not _seen(field, permits):
        raise _no_column(key)
    return field


def sort_field(sort: str, *, permits: frozenset[str] | None = None) -> tuple[Field, bool]:
    """The Field and whether it falls, from `key` or `-key`. Refused when it cannot be sorted.

    A Field whose greatest values matter falls by itself, and rises with -.
    """
    falls = sort.startswith("-")
    field = known_field(sort.removeprefix("-"))
    if field is None or not field.sortable or not _seen(field, permits):
        raise _no_column(sort)
    return field, falls != field.greatest_first


def visible_columns(keys: Iterable[str], *, permits: frozenset[str] | None = None) -> list[Field]:
    """The Fields of these keys, each once. Refused when one is unknown or over 40 are asked."""
    listed = list(dict.fromkeys(keys))
    if len(listed) > MAX_COLUMNS:
        raise _unreadable()
    found = [(key, known_field(key)) for key in listed]
    for key, field in found:
        if field is None or not _seen(field, permits):
            raise _no_column(key)
    return list({field.key: field for _key, field in found if field}.values())


def _seen(field: Field, permits: frozenset[str] | None) -> bool:
    return permits is None or field.permission in permits


def _no_column(key: Any) -> Refused:
    words = _("There is no column “%(key)s”.") % {"key": str(key)[:80]}
    return Refused(words, code="unknown_field", field="filter")


def parse(raw: Any, *, permits: frozenset[str] | None = None) -> list[Condition]:
    """Conditions from JSON: [{"field", "op", "value"}]. Refused for anything else."""
    if not isinstance(raw, list) or len(raw) > MAX_CONDITIONS:
        raise _unreadable()
    return [_from_json(one, permits) for one in raw]


def _from_json(raw: Any, permits: frozenset[str] | None) -> Condition:
    if not isinstance(raw, Mapping) or not {"field", "op"} <= set(raw) <= {"field", "op", "value"}:
        raise _unreadable()
    if not isinstance(raw["op"], str):
        raise _unreadable()
    return condition(raw["field"], raw["op"], raw.get("value"), permits=permits)


def parse_query(
    parameters: Iterable[str], *, permits: frozenset[str] | None = None
) -> list[Condition]:
    """Conditions from an address: every `f=key:operator:value`; lists are `a,b`."""
    texts = list(parameters)
    if len(texts) > MAX_CONDITIONS:
        raise _unreadable()
    return [_from_text(text, permits) for text in texts]


def _from_text(text: str, permits: frozenset[str] | None) -> Condition:
    key, _sep, rest = text.partition(":")
    op, _sep, value = rest.partition(":")
    listed: Any = value.split(",") if op in {"in", "between"} else value
    return condition(key, op, listed or None, permits=permits)


def _unreadable() -> Refused:
    return Refused(_("This filter cannot be read."), code="bad_filter", field="filter")


def apply(
    customers: QuerySet[Customer],
    conditions: Iterable[Condition],
    *,
    on: date,
    kept: bool | None = None,
) -> QuerySet[Customer]:
    """The customers for whom every condition holds on the day `on`; `kept` as in `annotate`."""
    listed = list(conditions)
    customers = annotate(customers, {one.field.key: None for one in listed}, on=on, kept=kept)
    return customers.filter(*(filter_sql.test(one.field, one.op, one.value, on) for one in listed))
