"""Who fits which conditions: of many customers and many segments in one statement."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, QuerySet, Value, When

from banso.core.errors import Refused
from banso.customers import filter_sql, filters
from banso.customers.fields import annotate, make_kept, with_needs
from banso.customers.filters import Condition
from banso.customers.models import Customer, Segment

BITS = 60  # conditions in one number of the database
_NUMBER: "BigIntegerField[Any, Any]" = BigIntegerField()


@dataclass(frozen=True, slots=True)
class Definition:
    """A segment with its conditions, all of which could be read."""

    segment: Segment
    conditions: tuple[Condition, ...]

    @property
    def key(self) -> str:
        """The conditions' own number."""
        return str(self.segment.edition)

    @property
    def permissions(self) -> list[str]:
        """What whoever knows who is in it must be allowed to see."""
        return sorted({one.field.permission for one in self.conditions})


def definitions(segments: Iterable[Segment]) -> list[Definition]:
    """The segments that can be read: none whose column is gone. 1 query per custom attribute."""
    return [found for one in segments if (found := definition(one))]


def definition(segment: Segment) -> Definition | None:
    """None where a column of it is gone."""
    try:
        return Definition(segment, tuple(filters.parse(segment.conditions)))
    except Refused:
        return None


def ready(told: Iterable[Definition], *, on: date) -> list[Definition]:
    """Those of which every value of the day exists by now: scores may still be under way."""
    listed = list(told)
    fields = with_needs({c.field.key: None for one in listed for c in one.conditions})
    asks = dict.fromkeys(one.ready for one in fields if one.ready)
    missing = {ask for ask in asks if not ask(on)}
    return [one for one in listed if not missing & set(_asks(one))]


def _asks(told: Definition) -> Iterator[Any]:
    return (one.ready for one in with_needs(c.field.key for c in told.conditions))


def distinct(told: Iterable[Definition]) -> dict[str, Condition]:
    """Every condition of these segments once, by how it is written."""
    return {written(one): one for each in told for one in each.conditions}


def written(one: Condition) -> str:
    """How the condition is kept: other than in an address, a comma in a value divides nothing."""
    return json.dumps(one.to_json())


def flags(
    customers: QuerySet[Customer], conditions: Sequence[Condition], *, on: date
) -> Iterator[tuple[UUID, int]]:
    """For each of the customers a number whose bits say which of the conditions hold on the day.

    The first condition is the lowest bit. No data meets none but `empty` and `is_not`, as in
    lists. 1 query, and 1 to ask whether kept rows are true.
    """
    fields = [one.field for one in conditions]
    kept = make_kept(with_needs(one.key for one in fields), on=on)
    found = annotate(customers, {one.key: None for one in fields}, on=on, kept=kept)
    parts = {
        f"held_{first // BITS}": _number(conditions[first : first + BITS], on)
        for first in range(0, len(conditions), BITS)
    }
    for pk, *numbers in found.annotate(**parts).values_list("pk", *parts):
        yield pk, sum(number << (BITS * nth) for nth, number in enumerate(numbers))


def _number(conditions: Sequence[Condition], on: date) -> Any:
    """An expression with a bit for each condition; no more than BITS of them."""
    tests = (filter_sql.test(one.field, one.op, one.value, on) for one in conditions)
    bits = [
        Case(When(test, then=Value(1 << place, _NUMBER)), default=Value(0, _NUMBER))
        for place, test in enumerate(tests)
    ]
    return reduce(add, bits)


class Reader:
    """Reads what a segment wants to know from the flags of all conditions."""

    def __init__(self, told: Definition, places: dict[str, int]) -> None:
        self.told = told
        self._places = [places[written(one)] for one in told.conditions]
        self._bits = sum(1 << place for place in set(self._places))
        self._known: dict[int, int] = {}
        self.full = (1 << len(self._places)) - 1

    def held(self, flags_of_all: int) -> int:
        """A bit for each of the segment's conditions, in their order."""
        asked = flags_of_all & self._bits
        if (found := self._known.get(asked)) is None:
            found = sum(((asked >> place) & 1) << nth for nth, place in enumerate(self._places))
            self._known[asked] = found
        return found

    def named(self, bits: int) -> list[dict[str, Any]]:
        """The conditions of these bits, as segments keep them."""
        return [one.to_json() for nth, one in enumerate(self.told.conditions) if bits >> nth & 1]
