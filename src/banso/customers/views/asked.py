"""What the address of the list asks for, and addresses that ask a little differently."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from banso.customers import filters
from banso.customers.fields import Field, known_field
from banso.customers.filters import Condition

USUAL = (
    "health.score",
    "customers.mrr",
    "customers.tier",
    "customers.stage",
    "customers.main_owner",
    "customers.deadline_on",
    "customers.last_contact_on",
)
NAME = "customers.name"


@dataclass(frozen=True, slots=True)
class Asked:
    """A search, conditions, an order, columns and a place in the pages; all of it in the address.

    `columns` empty: the usual ones. `segment`: the id of the segment one came from, unchecked.
    """

    q: str = ""
    conditions: tuple[Condition, ...] = ()
    sort: str = ""
    columns: tuple[str, ...] = ()
    segment: str = ""
    after: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves customers out."""
        return bool(self.q or self.conditions)

    def shown(self, permits: frozenset[str]) -> list[Field]:
        """The columns after the name; of the usual ones those that are declared and permitted."""
        if self.columns:
            return filters.visible_columns(self.columns, permits=permits)
        found = (known_field(key) for key in USUAL)
        return [one for one in found if one and one.permission in permits]

    def pairs(self) -> list[tuple[str, str]]:
        """The address's parameters, without the place in the pages."""
        single = [("segment", self.segment), ("q", self.q)]
        order = [("sort", self.sort), ("columns", ",".join(self.columns))]
        listed = [("f", one.to_query()) for one in self.conditions]
        return [(name, text) for name, text in [*single, *listed, *order] if text]

    def query(self) -> str:
        """`?…` for a link; `?` when nothing is asked."""
        return f"?{urlencode(self.pairs())}"

    def without(self, one: Condition) -> "Asked":
        kept = tuple(other for other in self.conditions if other.to_query() != one.to_query())
        return replace(self, conditions=kept, after="")

    def with_conditions(self, more: Iterable[Condition]) -> "Asked":
        """The same with more conditions, each once."""
        known = {one.to_query() for one in self.conditions}
        new = [one for one in more if one.to_query() not in known]
        return replace(self, conditions=(*self.conditions, *new), after="")

    def toggled(self, one: Condition) -> "Asked":
        shorter = self.without(one)
        return shorter if shorter.conditions != self.conditions else self.with_conditions([one])

    def has(self, one: Condition) -> bool:
        return any(other.to_query() == one.to_query() for other in self.conditions)


def read(query: QueryDict, permits: frozenset[str]) -> Asked:
    """What an address asks; Refused in words for filters, orders and columns that are not."""
    asked = Asked(
        q=query.get("q", "").strip()[:200],
        conditions=tuple(filters.parse_query(query.getlist("f"), permits=permits)),
        sort=query.get("sort", ""),
        columns=tuple(_listed(query.getlist("columns"))),
        segment=query.get("segment", "")[:40],
        after=query.get("after", ""),
    )
    if asked.sort:
        filters.sort_field(asked.sort, permits=permits)
    filters.visible_columns(asked.columns, permits=permits)
    return asked


def _listed(texts: Iterable[str]) -> list[str]:
    keys = (key for text in texts for key in text.split(","))
    return list(dict.fromkeys(key for key in keys if key and key != NAME))
