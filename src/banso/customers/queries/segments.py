"""Segments, opened: whoever fits now."""

from banso.customers import filters
from banso.customers.models import Segment


def segment_conditions(
    segment: Segment, *, permits: frozenset[str] | None = None
) -> list[filters.Condition]:
    """The segment's conditions, read anew: Refused when a Field of theirs is gone.

    `permits`: as in filters. Who may not see a column must not learn of it by who fits.
    """
    return filters.parse(segment.conditions, permits=permits)
