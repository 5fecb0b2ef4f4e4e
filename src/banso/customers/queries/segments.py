"""Segments, opened: whoever fits now."""

from datetime import date
from typing import Any
from uuid import UUID

from banso.customers import filters
from banso.customers.fields import prepare
from banso.customers.models import Segment
from banso.customers.queries.as_of import as_of
from banso.customers.queries.lists import BY_NAME, CustomerPage, customer_list, matching


def segment_conditions(
    segment: Segment, *, permits: frozenset[str] | None = None
) -> list[filters.Condition]:
    """The segment's conditions, read anew: Refused when a Field of theirs is gone.

    `permits`: as in filters. Who may not see a column must not learn of it by who fits.
    """
    return filters.parse(segment.conditions, permits=permits)


def segment_members(segment_id: UUID, **page: Any) -> CustomerPage:
    """A page of the segment's customers, sorted as it says unless told otherwise.

    `page`: the arguments of customer_list but conditions. Raises Segment.DoesNotExist. 3 queries.
    """
    segment: Segment = Segment.objects.get(pk=segment_id)
    page.setdefault("sort", segment.sort or BY_NAME)
    page.setdefault("columns", segment.columns)
    return customer_list(conditions=segment_conditions(segment), **page)


def segment_count(segment_id: UUID, *, on: date | None = None) -> int:
    """How many customers fit on a day (today). Raises Segment.DoesNotExist. 2 queries."""
    segment: Segment = Segment.objects.get(pk=segment_id)
    day, conditions = as_of(on), segment_conditions(segment)
    kept = prepare([one.field for one in conditions], on=day)
    return matching(conditions=conditions, on=day, kept=kept).count()
