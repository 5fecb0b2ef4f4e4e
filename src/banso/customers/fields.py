"""Fields: every value of a customer that lists, filters, scores and exports can read.

A room declares its Fields in `declares.py`; nobody imports the room to show them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db.models import FilteredRelation, QuerySet
from django.db.models.expressions import BaseExpression, F

from banso.core.declarations import Words
from banso.customers import current
from banso.customers.models import Customer

Kind = Literal["text", "number", "money", "share", "date", "choice", "bool", "person"]
Expression = BaseExpression | F


@dataclass(frozen=True, slots=True)
class Span:
    """Customers that follow each other by id: all there are from the first to the last."""

    ids: Sequence[UUID]

    @property
    def first(self) -> UUID:
        return self.ids[0]

    @property
    def last(self) -> UUID:
        return self.ids[-1]


Those = Span | Sequence[UUID]
Told = Mapping[UUID, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Values of several Fields for many customers at once, the same as their expressions say.

    `read(on, those)`: a tuple of values in the order of `keys` for each customer of whom there is
    something to say; the others have `otherwise`. A statement or two for all of them, where
    expressions look up customer by customer. `read_each(on, parts)` instead: for each part in
    turn, the server working on the next part while the caller has the last (`sql.each_ahead`).
    """

    keys: tuple[str, ...]
    otherwise: tuple[Any, ...]
    read: Callable[[date, Those], Told] | None = None
    read_each: Callable[[date, Sequence[Those]], Iterator[Told]] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a customer, as of a day.

    `expression(on)` annotates a Customer queryset with the value as it stood on the day `on`
    (the workspace's calendar); None means "no data" and is never shown as 0.
    kinds: money is minor units in the customer's currency; share is 0-1 (over 1 is possible);
    choice values are worded by `choices`. `rows(customer_id)` is the URL of the rows behind it.
    `needs`: the expression reads other Fields by alias, which are annotated first.
    `sorts_by(on)`: what lists sort by where that is not the value itself (a name's reading).
    `folded`: the column of folded text that `contains` looks into, where there is one.
    `words(value)`: how a stored value reads, where it is not shown as it is (a coded reason).
    `prepare(on)`: makes the values of that day exist; lists call it before they read.
    `in_every_list`: programs get it with every customer of a list, by its noun.
    `now(on)`: the same value, of today, kept beside the customer (customers.current): read instead
    of `expression` where every kept row is known to be true. `now_sorts_by` likewise.
    `keep(on)`: makes the kept rows true, and says whether all of them are; lists call it too.
    `ready(on)`: whether the values of that day exist by now, without anybody making them.
    `joins(on)`: relations that the expression reads by their aliases, joined once for all Fields.
    `greatest_first`: sorting by the key alone falls, because the greatest matters (risk).
    `sheet`: reads the value for many customers at once; `follows`: works it out from `needs`.
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
    sorts_by: Callable[[date], Expression] | None = None
    folded: str = ""
    words: Callable[[Any], Words] | None = None
    prepare: Callable[[date], object] | None = None
    greatest_first: bool = False
    in_every_list: bool = False
    now: Callable[[date], Expression] | None = None
    now_sorts_by: Callable[[date], Expression] | None = None
    keep: Callable[[date], bool] | None = None
    ready: Callable[[date], bool] | None = None
    joins: Callable[[date], Mapping[str, FilteredRelation]] | None = None
    sheet: Sheet | None = None
    follows: Callable[[Mapping[str, Any]], Any] | None = None

    @property
    def alias(self) -> str:
        """The annotation's name: no Customer column has a double leading letter f_."""
        return "f_" + self.key.replace(".", "_")

    @property
    def noun(self) -> str:
        """The key without its room."""
        return self.key.partition(".")[2]

    def shown(self, value: Any) -> Any:
        """A stored value as people and programs read it: worded where it is coded."""
        return value if value is None or self.words is None else str(self.words(value))


@dataclass(frozen=True, slots=True)
class Family:
    """Fields that a workspace makes itself, under one prefix: found by key, or all listed."""

    prefix: str
    find: Callable[[str], Field | None]
    listed: Callable[[], list[Field]]


_fields: dict[str, Field] = {}
_families: list[Family] = []


def declare_fields(*fields: Field) -> None:
    """Make Fields known to every list, filter, score and export."""
    for one in fields:
        if one.key in _fields:
            raise ValueError(f"Field {one.key} is declared twice.")
        _fields[one.key] = one


def declare_family(family: Family) -> None:
    """Make a family of Fields known, whose members differ from workspace to workspace."""
    _families.append(family)


def fields() -> list[Field]:
    """Every declared Field, in the order of declaration, without families. No query."""
    return list(_fields.values())


def all_fields() -> list[Field]:
    """Every Field of the open workspace, its own families last. 1 query per family."""
    return [*_fields.values(), *(one for family in _families for one in family.listed())]


def known_field(key: str) -> Field | None:
    """The Field, or None. Its room may be left out where only one room has the noun: `mrr`.

    No query for declared Fields, 1 for a family's.
    """
    if found := _fields.get(key):
        return found
    if len(short := [one for one in _fields.values() if one.noun == key]) == 1:
        return short[0]
    families = (family for family in _families if key.startswith(family.prefix))
    return next((family.find(key) for family in families), None)


def prepare(shown: Iterable[Field], *, on: date) -> bool | None:
    """The values of the day exist for all these Fields: each distinct preparation runs once.

    Whether every kept row is true, for `annotate` to be told; None where none of them is kept.
    """
    wanted = list(shown)
    for step in dict.fromkeys(one.prepare for one in wanted if one.prepare):
        step(on)
    return make_kept(wanted, on=on)


def make_kept(shown: Iterable[Field], *, on: date) -> bool | None:
    """As `prepare`, of kept rows alone: nothing else is made to exist."""
    kept = [keep(on) for keep in dict.fromkeys(one.keep for one in shown if one.keep)]
    return all(kept) if kept else None


def annotate(
    customers: QuerySet[Customer], keys: Iterable[str], *, on: date, kept: bool | None = None
) -> QuerySet[Customer]:
    """`customers` with one annotation (Field.alias) per key, as of the day `on`.

    `kept`: whether to read what is kept of today, as `prepare` has found; None asks. For a few
    customers False is as quick. No query yet, but one per key of a family and one to ask. Unknown
    keys raise KeyError.
    """
    wanted = with_needs(keys)
    kept = any(one.now for one in wanted) and (
        reads_kept(customers) or (current.is_kept(on) if kept is None else kept)
    )
    joins = {
        alias: relation
        for alias, relation in _joins(wanted, on, kept=kept).items()
        if not _is_joined(customers, alias)
    }
    values = {one.alias: ((kept and one.now) or one.expression)(on) for one in wanted}
    return customers.annotate(**joins, **values)  # at once: each annotate copies the whole query


def reads_kept(customers: QuerySet[Customer]) -> bool:
    """Whether `annotate` has taken kept values for this queryset."""
    return _is_joined(customers, current.HERE)


def _joins(wanted: Iterable[Field], on: date, *, kept: bool) -> dict[str, FilteredRelation]:
    joins = {current.HERE: current.join()} if kept else {}
    for one in wanted:
        joins |= one.joins(on) if one.joins else {}
    return joins


def _is_joined(customers: QuerySet[Customer], alias: str) -> bool:
    joined: Mapping[str, Any] = getattr(customers.query, "_filtered_relations")  # noqa: B009
    return alias in joined


def with_needs(keys: Iterable[str]) -> list[Field]:
    """These Fields, each after those that it reads. Unknown keys raise KeyError."""
    ordered: dict[str, Field] = {}
    for key in keys:
        one = _known(key)
        for need in one.needs:
            ordered.setdefault(need, _known(need))
        ordered.setdefault(key, one)
    return list(ordered.values())


def _known(key: str) -> Field:
    if (one := known_field(key)) is None:
        raise KeyError(key)
    return one
