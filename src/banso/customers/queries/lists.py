"""The customer list: searched, filtered, sorted by any Field, paged by cursor."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from banso.core import cursors
from banso.core.among import among
from banso.customers import filters
from banso.customers.fields import Field, annotate, prepare, reads_kept
from banso.customers.filter_sql import sorting
from banso.customers.models import Customer
from banso.customers.queries.as_of import as_of
from banso.lib.names import fold_company
from banso.lib.text import fold

BY_NAME = "customers.name"
MOST = 200
COUNTED = 1000  # beyond that, people want to know that there are many, and soon
MAX_QUERY = 200


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer and the asked Fields' values by key; None is no data, money is minor units."""

    customer: Customer
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One page; `next_cursor` is empty on the last. `total` counts all that match; None is over 1,000."""

    rows: list[CustomerRow]
    next_cursor: str
    total: int | None
    on: date
    fields: list[Field]


def matching(
    *,
    q: str = "",
    conditions: Iterable[filters.Condition] = (),
    on: date,
    kept: bool | None = None,
) -> QuerySet[Customer]:
    """Customers that a search finds and that fit all conditions on a day; `kept` as in `annotate`.

    `q` finds by name and reading (width, case, kana, 株式会社 and spaces make no difference; every
    word must be found), or by the beginning of the external id or domain.
    """
    customers: QuerySet[Customer] = Customer.objects.all()
    if wanted := q[:MAX_QUERY].replace("\x00", "").strip():
        customers = customers.filter(_found(wanted))
    return filters.apply(customers, conditions, on=on, kept=kept)


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
    `count`: all that match are counted, also where they are more than 1,000.
    2 queries and 1 to count more than 1,000; 1 more at the end of the values, and 1 per custom
    attribute among columns, sort and conditions.
    """
    day = as_of(on)
    field, falls = filters.sort_field(sort, permits=permits)
    shown = filters.visible_columns(columns, permits=permits)
    kept = prepare([*shown, field, *(one.field for one in conditions)], on=day)
    found = matching(q=q, conditions=conditions, on=day, kept=kept)
    kind = f"{sort}@{day.isoformat()}"
    after = _unpacked(cursors.read(kind, cursor)) if cursor else None
    size = max(1, min(limit, MOST))
    order = _Order(field, day, kept, falls, after, size + 1)
    rows, total = _page(found, order, [one.key for one in shown])
    return CustomerPage(
        rows=[CustomerRow(one, _values(one, shown)) for one in rows[:size]],
        next_cursor=_cursor(kind, rows[size - 1]) if len(rows) > size else "",
        total=found.count() if count and total is None else total,
        on=day,
        fields=shown,
    )


def every_customer(
    *,
    q: str,
    conditions: Sequence[filters.Condition],
    sort: str,
    columns: Iterable[str],
    permits: frozenset[str],
) -> Iterator[CustomerRow]:
    """All customers of a list in its order, today, with the asked Fields. Refused as `customer_list`.

    1 query, read as it goes, and what `customer_list` needs besides.
    """
    day = as_of(None)
    field, falls = filters.sort_field(sort, permits=permits)
    shown = filters.visible_columns(columns, permits=permits)
    kept = prepare([*shown, field, *(one.field for one in conditions)], on=day)
    found = matching(q=q, conditions=conditions, on=day, kept=kept)
    order = _Order(field, day, kept, falls, None, MOST)
    rows = order.sorted(order.valued(found, [one.key for one in shown]))
    return (CustomerRow(one, _values(one, shown)) for one in rows.iterator(chunk_size=1000))


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


def _unpacked(parts: list[Any]) -> tuple[Any, UUID]:
    """The value and the id of the cursor's row."""
    tag, packed, pk = parts
    return _UNPACK[tag](packed), UUID(pk)


class _Order(NamedTuple):
    """By what a page is sorted, and which part of it is wanted: `size` rows beyond `after`."""

    field: Field
    on: date
    kept: bool | None
    falls: bool
    after: Any
    size: int

    def valued(self, customers: QuerySet[Customer], keys: Iterable[str] = ()) -> QuerySet[Any]:
        """With the Fields of these keys, and what is sorted by."""
        found = annotate(customers, [*keys, self.field.key], on=self.on, kept=self.kept)
        value = sorting(self.field, self.on, kept=reads_kept(found))
        return found.annotate(sort_value=value)

    def sorted(self, customers: QuerySet[Any]) -> QuerySet[Any]:
        """Those without a value come last, whichever way it is sorted."""
        value = F("sort_value")
        first = value.desc(nulls_last=True) if self.falls else value.asc(nulls_last=True)
        return customers.order_by(first, "-pk" if self.falls else "pk")


def _page(
    found: QuerySet[Customer], order: _Order, keys: list[str]
) -> tuple[list[Any], int | None]:
    """The rows, and how many are `found`; None for more than 1,000.

    Few are found first, by whatever leads to few; then they are put in order, and only those of
    the page are looked up whole. Many are walked in order, by the index that has it, until the
    page is full.
    """
    some = found.order_by().values("pk")[: COUNTED + 1].aggregate(n=Count("pk"), ids=_AS_TEXT)
    if not some["n"]:
        return [], 0
    if some["n"] > COUNTED:
        return _walked(order.valued(found, keys), order), None
    few = order.sorted(order.valued(Customer.objects.filter(among("pk", some["ids"]))))
    if order.after:
        few = few.filter(_beyond(order.after, order.falls) | _without(order.after, order.falls))
    page = Customer.objects.filter(pk__in=few.values("pk")[: order.size])
    return list(order.sorted(order.valued(page, keys))), some["n"]


# Ids that the database gives and takes again: a thousand of them are not worth reading here.
_AS_TEXT = Cast(ArrayAgg("pk"), TextField())


def _walked(values: QuerySet[Any], order: _Order) -> list[Any]:
    """Those with a value first. Said without "nulls last", which no index has both ways."""
    after, falls, size = order.after, order.falls, order.size
    by, rows = ("-sort_value", "-pk") if falls else ("sort_value", "pk"), []
    if after is None or after[0] is not None:
        some = values.filter(sort_value__isnull=False).order_by(*by)
        rows = list((some.filter(_beyond(after, falls)) if after else some)[:size])
    if len(rows) == size:
        return rows
    rest = values.filter(_without(after, falls)).order_by(by[1])
    return rows + list(rest[: size - len(rows)])


def _beyond(after: Any, falls: bool) -> Q:
    """Rows with a value that come after the cursor's: the first half of it is what indexes know."""
    value, pk = after
    if value is None:
        return Q(pk__in=[])
    worse, further = ("lt", Q(pk__lt=pk)) if falls else ("gt", Q(pk__gt=pk))
    at_least: Any = {f"sort_value__{worse}e": value}
    beyond: Any = {f"sort_value__{worse}": value}
    return Q(**at_least) & (Q(**beyond) | further)


def _without(after: Any, falls: bool) -> Q:
    """Rows without a value; the cursor's place counts once it is among them."""
    if after is None or after[0] is not None:
        return Q(sort_value=None)
    return Q(sort_value=None) & (Q(pk__lt=after[1]) if falls else Q(pk__gt=after[1]))
