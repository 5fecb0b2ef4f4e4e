"""Rows that came to the survivor, or beside the merge, and were said of the merged one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from banso.customers.merges.family import above, locked_rows
from banso.customers.merges.kinds import KINDS
from banso.customers.merges.links import OWNER, Noun, links_to, move, remember
from banso.customers.models import Customer, Merge


@transaction.atomic
def gather(merge_id: UUID) -> int:
    """Rows that came to the merged one beside the merge are the survivor's, too; how many.

    Whoever was adding a row just then had looked it up before. An un-merge gives them back. Twice
    is once; nothing when the merge is undone.
    """
    merge = Merge.objects.filter(pk=merge_id, undone_at=None).first()
    if merge is None:
        return 0
    kind = KINDS[merge.noun]
    rows = locked_rows(kind, [merge.merged_id])
    root = next((one.merged_into_id for one in rows.values()), None)
    return _gather(kind.model, merge, root) if root else 0


def _gather(noun: Noun, merge: Merge, root: UUID) -> int:
    path, gathered = [merge, *above(merge)], 0
    for link in links_to(noun):
        ids = list(link.movable(merge.merged_id, root).values_list("pk", flat=True))
        move(link, ids, root)
        remember(link, ids, path)
        gathered += len(ids)
    return gathered


def remember_led(model: Any, said: Iterable[tuple[UUID, Any]], *, link: str = OWNER) -> None:
    """New rows of survivors, given by a key of the merged one, are its own if the merge is undone.

    `said` are (merged customer, row); `link` is the field that names it. Imports find them by the external id of either.
    """
    rows: dict[UUID, list[Any]] = {}
    for merged, row in said:
        rows.setdefault(merged, []).append(row)
    if not rows:
        return
    links = (one for one in links_to(Customer) if one.model is model and one.name == link)
    column = next(links)
    for merge in Merge.objects.filter(merged_id__in=rows, undone_at=None):
        remember(column, rows[merge.merged_id], [merge, *above(merge)])
