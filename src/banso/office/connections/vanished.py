"""Rows that come from a source and are not in its latest file: listed, never deleted."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from banso.core.imports.declarations import import_table
from banso.core.imports.plans import FilePlan, Plan
from banso.core.lists.sheets import in_parts
from banso.core.models import ArrivedFile, ImportRun, RepeatedImport, VanishedRow
from banso.lib.tabular import blocks

KEYS = ("source_id", "external_id")
MOST_SHOWN = 200


@transaction.atomic
def note_vanished(run: ImportRun, planned: Callable[[], Plan]) -> None:
    """The list says who of the source is not in the run's file; whoever is in it again is off it.

    Nothing happens for imports that no folder brought, for files that do not hold every row, and
    for files that could not be read. Plans and reads the file once more; 1 query for other imports.
    """
    file = ArrivedFile.objects.filter(run=run).select_related("repeated").first()
    if file is None or not file.repeated.is_whole or _is_unread(run):
        return
    gone = _vanished(planned().files[0])
    if gone is None:
        return
    repeated: RepeatedImport = file.repeated
    known = set(repeated.vanished.values_list("object_id", flat=True))
    repeated.vanished.filter(object_id__in=known - gone).delete()
    rows = [VanishedRow(repeated=repeated, object_id=one) for one in sorted(gone - known)]
    VanishedRow.objects.bulk_create(rows, batch_size=1000)
    file.vanished += len(rows)  # a run that is settled twice finds no more
    file.save(update_fields=["vanished"])


def _is_unread(run: ImportRun) -> bool:
    tables = run.report.get("tables", [])
    return not tables or any(not one["line"] for each in tables for one in each["errors"])


def _vanished(plan: FilePlan) -> set[str] | None:
    """Ids of those that are missing; None where the file cannot tell."""
    table = import_table(plan.table)
    key = next((one for one in KEYS if one in plan.columns), None)
    if table is None or table.vanished is None or key is None or not plan.source:
        return None
    return set(table.vanished(plan.source, key, _ids_in(plan, key)))


def _ids_in(plan: FilePlan, key: str) -> Collection[str]:
    """The ids that stand in the file, also on lines that could not be imported."""
    source, found = plan.columns[key], set[str]()
    for block in blocks(plan.path, plan.dialect) if plan.dialect else ():
        found.update(cell.strip() for cell in source.cells(block))
        found.update(row.values.get(source.header, "").strip() for row in block.broken)
    return found - {""}


def listed(repeated: RepeatedImport) -> list[dict[str, Any]]:
    """Who is missing, with name and since when; at most 200. 2 queries."""
    return _named(repeated, list(_missing(repeated)[:MOST_SHOWN]))


def every(repeated: RepeatedImport) -> Iterator[dict[str, Any]]:
    """All of them, in the same order; 1,000 are named together. 1 query, and 1 for each thousand."""
    for part in in_parts(_missing(repeated).iterator(chunk_size=1000)):
        yield from _named(repeated, part)


def _missing(repeated: RepeatedImport) -> QuerySet[VanishedRow]:
    found: QuerySet[VanishedRow] = repeated.vanished.order_by("since", "pk")
    return found


def _named(repeated: RepeatedImport, rows: list[VanishedRow]) -> list[dict[str, Any]]:
    table = import_table(repeated.table)
    named = table.seen({row.object_id: {} for row in rows}) if table and table.seen and rows else {}
    return [
        {"row": row, "name": named[row.object_id].name} for row in rows if row.object_id in named
    ]
