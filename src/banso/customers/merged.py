"""Where the ids and keys of those lead that were merged into others."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from banso.customers.labels import ATTRIBUTE
from banso.customers.models import Contact, Customer

BLANK: tuple[Any, ...] = (None, "", [], {})
Noun = type[Customer] | type[Contact]


@dataclass(frozen=True, slots=True)
class Led:
    """A key of `merged` leads to `survivor`, who has its rows."""

    merged: UUID
    survivor: UUID


def survivor_of(noun: Noun, merged_id: UUID) -> UUID | None:
    """Who has the rows of one that was merged away; None for any other id. 1 query."""
    found = noun.with_deleted.filter(pk=merged_id, merged_into__deleted_at=None)
    survivor: UUID | None = found.values_list("merged_into_id", flat=True).first()
    return survivor


def filling(heir: Any, values: Mapping[str, Any], *, kept: Collection[str] = ()) -> dict[str, Any]:
    """Of what is said of one that was merged into `heir`, what the heir does not know yet.

    Custom attributes one by one. What another system has `kept` of the heir is left to that system.
    """
    told = {name: one for name, one in values.items() if name != "attributes" and name not in kept}
    fresh = {name: one for name, one in told.items() if getattr(heir, name, 0) in BLANK}
    known = getattr(heir, "attributes", {})
    own = {
        key: one
        for key, one in values.get("attributes", {}).items()
        if known.get(key) in BLANK and f"{ATTRIBUTE}{key}" not in kept
    }
    return fresh | ({"attributes": own} if own else {})


def led_by(noun: Noun, column: str, values: Collection[Any]) -> dict[Any, Led]:
    """Of the values of a key (`pk`, `external_id`, `source_id`), those that lead on, and to whom.

    1 query, none for no values.
    """
    if not values:
        return {}
    merged = noun.with_deleted.filter(merged_into__deleted_at=None, merged_into__isnull=False)
    found = merged.filter(**{f"{column}__any": values})
    return {
        value: Led(pk, survivor)
        for value, pk, survivor in found.values_list(column, "pk", "merged_into_id")
    }
