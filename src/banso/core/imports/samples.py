"""What a dry run shows of its rows: the first new ones by name, the first changed ones by field."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max, QuerySet

from banso.core.imports.declarations import ImportTable
from banso.core.models import ImportedRow, ImportRun

MOST_NEW = 10
MOST_CHANGED = 20


def last_row(run: ImportRun) -> int:
    """The newest row of the run's undo log; 0 before any. 1 query."""
    newest = ImportedRow.objects.filter(run=run).aggregate(newest=Max("pk"))["newest"]
    return int(newest or 0)


def sample(table: ImportTable, run: ImportRun, *, after: int) -> dict[str, Any]:
    """The first rows of what the run did since its row `after`, by line, as JSON.

    {"new": [{line, name}], "changed": [{line, name, changes: [[column key, before, now]]}]}; empty
    for a table that only counts.
    """
    if table.seen is None:
        return {}
    rows = ImportedRow.objects.filter(run=run, pk__gt=after, table=table.name)
    rows = rows.order_by("line", "pk")
    made = {one.object_id: one.line for one in rows.filter(before__isnull=True)[:MOST_NEW]}
    new, changed = table.seen({key: {} for key in made}), _changed(rows)
    now = table.seen({key: before for key, (_line, before) in changed.items()})
    return {
        "new": [{"line": n, "name": new[key].name} for key, n in made.items() if key in new],
        "changed": [
            {"line": n, "name": now[key].name, "changes": [list(one) for one in now[key].changes]}
            for key, (n, _before) in changed.items()
            if key in now
        ],
    }


def _changed(rows: QuerySet[ImportedRow]) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """The first changed rows with what stood there first; a line may have changed one twice."""
    found: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for one in rows.filter(before__isnull=False)[: 2 * MOST_CHANGED]:
        line, before = found.get(one.object_id, (one.line, {}))
        found[one.object_id] = (line, {**(one.before or {}), **before})
    return dict(list(found.items())[:MOST_CHANGED])
