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

    `conditions`: JSON as filters.parse reads it, or Conditions. `permits`: as in filters. Raises
    Segment.DoesNotExist; Refused for unknown Fields, wrong values and taken names. Publishes
    customers.segment_saved.
    """
    if segment_id:
        segment: Segment = Segment.objects.select_for_update().get(pk=segment_id)
    else:
        segment = Segment(by=by)
    raw = [c.to_json() if isinstance(c, filters.Condition) else c for c in conditions]
    segment.name = name.strip()
    segment.conditions = [one.to_json() for one in filters.parse(raw, permits=permits)]
    segment.sort = sort and _sort(sort, permits)
    segment.columns = [one.key for one in filters.visible_columns(columns, permits=permits)]
    check_row(segment)
    with refusing_duplicates():
        segment.save()
    publish("customers.segment_saved", segment, by=id_of(by), conditions=len(raw))
    return segment


def _sort(sort: str, permits: frozenset[str] | None) -> str:
    filters.sort_field(sort, permits=permits)
    return sort


@transaction.atomic
def delete_segment(segment_id: UUID, *, by: Person | None) -> None:
    """The segment is gone; its customers are not. Raises Segment.DoesNotExist.

    Publishes customers.segment_deleted.
    """
    segment: Segment = Segment.objects.select_for_update().get(pk=segment_id)
    publish("customers.segment_deleted", segment, by=id_of(by))
    segment.delete()
