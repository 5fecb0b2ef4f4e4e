"""Fields: every value of a customer that lists, filters, scores and exports can read.

A room declares its Fields in `declares.py`; nobody imports the room to show them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression, F

from banso.core.declarations import Words
from banso.customers.models import Customer

Kind = Literal["text", "number", "money", "share", "date", "choice", "bool", "person"]
Expression = BaseExpression | F


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a customer, as of a day.

    `expression(on)` annotates a Customer queryset with the value as it stood on the day `on`
    (the workspace's calendar); None means "no data" and is never shown as 0.
    kinds: money is minor units in the customer's currency; share is 0-1 (over 1 is possible);
    choice values are worded by `choices`. `rows(customer_id)` is the URL of the rows behind it.
    `needs_raw`: the annotation reads others by key, which are annotated first.
    """

    key: str  # "room.noun"
    label: Words
    kind: Kind
    expression: Callable[[date], Expression]
    unit: Words = ""
    choices: Callable[[], Iterable[tuple[str, Words]]] | None = None
    rows: Callable[[Any], str] | None = None
    reason: Callable[[Mapping[str, Any]], Words] | None = None
    higher_is_better: bool | None = None
    sortable: bool = True
    filterable: bool = True
    permission: str = "customers.read"
    needs: tuple[str, ...] = field(default=())

    @property
    def alias(self) -> str:
        """The annotation's name: no Customer column has a double leading letter f_."""
        return "f_" + self.key.replace(".", "_")


_fields: dict[str, Field] = {}


def declare_fields(*fields: Field) -> None:
    """Make Fields known to every list, filter, score and export."""
    for one in fields:
        if one.key in _fields:
            raise ValueError(f"Field {one.key} is declared twice.")
        _fields[one.key] = one


def fields() -> list[Field]:
    """Every declared Field, in the order of declaration."""
    return list(_fields.values())


def known_field(key: str) -> Field | None:
    return _fields.get(key)


def annotate(customers: QuerySet[Customer], keys: Iterable[str], *, on: date) -> QuerySet[Customer]:
    """`customers` with one annotation (Field.alias) per key, as of the day `on`. No query yet.

    Unknown keys raise KeyError.
    """
    for key in _with_needs(keys):
        one = _fields[key]
        customers = customers.annotate(**{one.alias: one.expression(on)})
    return customers


def _with_needs(keys: Iterable[str]) -> list[str]:
    ordered: dict[str, None] = {}
    for key in keys:
        for need in _fields[key].needs:
            ordered.setdefault(need)
        ordered.setdefault(key)
    return list(ordered)
