"""Since when it is known who is in a segment."""

from datetime import date
from uuid import UUID

from django.db.models import Min

from banso.core.scope import current_workspace
from banso.customers.models import Segment, SegmentMember, SegmentMove


def segments_since() -> dict[UUID, date]:
    """Of each segment the day of its first record: not before it was first worked out. 3 queries."""
    first: dict[UUID, date] = {}
    stays = SegmentMember.objects.values("segment").annotate(day=Min("since"))
    moves = SegmentMove.objects.values("segment").annotate(day=Min("on"))
    for pk, day in (*stays.values_list("segment", "day"), *moves.values_list("segment", "day")):
        first[pk] = min(day, first.get(pk, day))
    filled = {
        pk: current_workspace().day_of(at)
        for pk, at in Segment.objects.exclude(filled_at=None).values_list("pk", "filled_at")
    }
    return {pk: max(day, first.get(pk, day)) for pk, day in filled.items()}
