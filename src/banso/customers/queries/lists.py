"""The customer list: searched, filtered, sorted by any Field, paged by cursor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from banso.customers import cursors, filters
from banso.customers.fields import Field, annotate, prepare
from banso.customers.filter_sql import sorting
from banso.customers.models import Customer
from banso.customers.queries.as_of import as_of
from banso.lib.names import fold_company
from banso.lib.text import fold

BY_NAME = "customers.name"
MOST = 200
MAX_QUERY = 200


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer and the asked Fields' values by key; None is no data, money is minor units."""

    customer: Customer
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One page; `next_cursor` is empty on the last, `total` counts all that match (or None)."""

    rows: list[CustomerRow]
    next_cursor: str
    total: int | None
    on: date
    fields: list[Field]


def matching(
    *, q: str = "", conditions: Iterable[filters.Condition] = (), on: date
) -> QuerySet[Customer]:
    """Customers that a search finds and that fit all conditions on a day. No query yet.

    `q` finds by name and reading (width, case, kana, 株式会社 and spaces make no difference; every
    word must be found), or by the beginning of the external id or domain.
    """
    customers: QuerySet[Customer] = Customer.objects.all()
    if wanted := q[:MAX_QUERY].replace("\x00", "").strip():
        customers = customers.filter(_found(wanted))
    return filters.apply(customers, conditions, on=on)


def _found(wanted: str) -> Q:
    words = Q()
    for word in fold(wanted).split():
        words &= Q(name_folded__contains=fold_company(word))
    whole = Q(name_folded__contains=fold_company(wanted))
    keys = Q(external_id__istartswith=wanted) | Q(domain__istartswith=wanted)
    return words | whole | keys


def customer_list(
    *,
    q: str = "",
    conditions: Sequence[filters.Condition] = (),
    sort: str = BY_NAME,
    on: date | None = None,
    columns: Iterable[str] = (),
    cursor: str = "",
    limit: int = 50,
    permits: frozenset[str] | None = None,
    count: bool = True,
) -> CustomerPage:
    """One page of customers as of the day `on` (today), no data last whichever way it is sorted.

    `sort`: a Field's key, with - before it to fall; ties by id. `permits`: as in filters.
    Refused for unknown columns, sorts and cursors (a cursor belongs to its sort and day).
    2 queries, 1 without `count`; 1 more per custom attribute among columns, sort and conditions.
    """
    day = as_of(on)
    field, falls = filters.sort_field(sort, permits=permits)
    shown = filters.visible_columns(columns, permits=permits)
    prepare([*shown, field, *(one.field for one in conditions)], on=day)
    found = matching(q=q, conditions=conditions, on=day)
    customers = annotate(found, [one.key for one in (*shown, field)], on=day)
    customers = customers.annotate(sort_value=sorting(field, day))
    place = F("sort_value").desc(nulls_last=True) if falls else F("sort_value").asc(nulls_last=True)
    customers = customers.order_by(place, "pk").select_related("main_owner", "sub_owner")
    kind = f"{sort}@{day.isoformat()}"
    if cursor:
        customers = customers.filter(_after(cursors.read(kind, cursor), falls))
    size = max(1, min(limit, MOST))
    rows = list(customers[: size + 1])
    return CustomerPage(
        rows=[CustomerRow(one, _values(one, shown)) for one in rows[:size]],
        next_cursor=_cursor(kind, rows[size - 1]) if len(rows) > size else "",
        total=found.count() if count else None,
        on=day,
        fields=shown,
    )


def _values(customer: Any, shown: Iterable[Field]) -> dict[str, Any]:
    return {one.key: getattr(customer, one.alias) for one in shown}


def _cursor(kind: str, last: Any) -> str:
    return cursors.write(kind, [*_packed(last.sort_value), str(last.pk)])


def _packed(value: Any) -> tuple[str, Any]:
    match value:
        case Decimal():
            return "decimal", str(value)
        case date():
            return "date", value.isoformat()
        case UUID():
            return "uuid", str(value)
        case _:
            return "plain", value


_UNPACK: dict[str, Any] = {
    "decimal": Decimal,
    "date": date.fromisoformat,
    "uuid": UUID,
    "plain": lambda value: value,
}


def _after(values: list[Any], falls: bool) -> Q:
    """What comes after the cursor's row in the order: worse values, then no data."""
    tag, packed, pk = values
    value = _UNPACK[tag](packed)
    if value is None:
        return Q(sort_value=None, pk__gt=pk)
    beyond = Q(sort_value__lt=value) if falls else Q(sort_value__gt=value)
    return beyond | Q(sort_value=value, pk__gt=pk) | Q(sort_value=None)
