"""Who was merged into whom, by merges that stand."""

from uuid import UUID

from banso.customers.models import Merge


def merged_into(one: UUID) -> list[UUID]:
    """All customers (or contacts) that were merged into it, and into those. 1 query a step down."""
    found: list[UUID] = []
    asked = [one]
    while asked:
        standing = Merge.objects.filter(survivor_id__in=asked, undone_at=None)
        asked = list(standing.values_list("merged_id", flat=True))
        found += asked
    return found
