"""Segments: saved filters over Fields."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from banso.core.events import publish
from banso.core.models import Person
from banso.customers import filters
from banso.customers.models import Segment
from banso.customers.services.checks import check_row, id_of, refusing_duplicates
from banso.customers.services.following import (
    fill_soon,
    locked_run,
    new_edition,
    propose_soon,
)


@transaction.atomic
def save_segment(
    *,
    name: str,
    conditions: list[Any],
    sort: str = "",
    columns: Iterable[str] = (),
    segment_id: UUID | None = None,
    permits: frozenset[str] | None = None,
    by: Person | None,
) -> Segment:
    """The segment is kept, a new one or the one of `segment_id` in its new form.

    `conditions`: JSON as filters.parse reads it, or Conditions. `permits`: as in filters. Its
    members are known at once in a book of up to 2,000 customers, soon in a larger one. Raises
    Segment.DoesNotExist; Refused for unknown Fields, wrong values and taken names. Publishes
    customers.segment_saved.
    """
    run = locked_run()  # before the segment, as whoever tests does
    if segment_id:
        segment: Segment = Segment.objects.select_for_update().get(pk=segment_id)
    else:
        segment = Segment(by=by)
    raw = [c.to_json() if isinstance(c, filters.Condition) else c for c in conditions]
    segment.name = name.strip()
    before, segment.conditions = (
        segment.conditions,
        [one.to_json() for one in filters.parse(raw, permits=permits)],
    )
    segment.sort = sort and _sort(sort, permits)
    segment.columns = [one.key for one in filters.visible_columns(columns, permits=permits)]
    check_row(segment)
    if is_new := not segment.edition or segment.conditions != before:
        new_edition(segment, run)
    with refusing_duplicates():
        segment.save()
    publish("customers.segment_saved", segment, by=id_of(by), conditions=len(raw))
    if is_new:
        fill_soon(segment)
        segment.refresh_from_db(fields=["filled_at", "size"])
    return segment


def _sort(sort: str, permits: frozenset[str] | None) -> str:
    filters.sort_field(sort, permits=permits)
    return sort


@transaction.atomic
def set_segment_tier(segment_id: UUID, *, tier: str, by: Person | None) -> Segment:
    """The segment proposes this touch tier for its members from now on; "" proposes nothing.

    Proposals for those of another tier are open at once, of more than 2,000 members soon. Raises Segment.DoesNotExist; Refused for
    an unknown tier. Publishes customers.segment_saved.
    """
    locked_run()
    segment: Segment = Segment.objects.select_for_update().get(pk=segment_id)
    if segment.tier == tier:
        return segment
    segment.tier = tier
    check_row(segment, only={"tier"})
    segment.save(update_fields=["tier"])
    publish("customers.segment_saved", segment, by=id_of(by), tier=tier)
    propose_soon(segment)
    return segment


@transaction.atomic
def delete_segment(segment_id: UUID, *, by: Person | None) -> None:
    """The segment is gone; its customers are not. Raises Segment.DoesNotExist.

    Publishes customers.segment_deleted.
    """
    locked_run()
    segment: Segment = Segment.objects.select_for_update().get(pk=segment_id)
    publish("customers.segment_deleted", segment, by=id_of(by))
    segment.delete()
