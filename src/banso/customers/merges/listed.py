"""What was merged, with the names of those that are in no list."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from banso.customers.merges.kinds import KINDS
from banso.customers.models import Merge


@dataclass(frozen=True, slots=True)
class MergedPair:
    """A merge, and how the two are called; "—" of one that was purged."""

    merge: Merge
    merged: str
    survivor: str


def every_merge() -> QuerySet[Merge]:
    """The latest first, with who did it."""
    found: QuerySet[Merge] = Merge.objects.select_related("by").order_by("-at", "-pk")
    return found


def merged_pairs(merges: Iterable[Merge]) -> list[MergedPair]:
    """These with the names of both, also of those that lie in the bin. 1 query for each noun."""
    listed = list(merges)
    names = _names(listed)
    return [
        MergedPair(one, names.get(one.merged_id, "—"), names.get(one.survivor_id, "—"))
        for one in listed
    ]


def _names(merges: list[Merge]) -> dict[UUID, str]:
    return {
        pk: name
        for kind in KINDS.values()
        if (ids := [i for m in merges if m.noun == kind.noun for i in (m.survivor_id, m.merged_id)])
        for pk, name in kind.model.with_deleted.filter(pk__in=ids).values_list("pk", "name")
    }
