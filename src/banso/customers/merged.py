"""Where the ids and keys of those lead that were merged into others."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from banso.customers.models import Contact, Customer

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
