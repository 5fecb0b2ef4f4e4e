"""Every row of every table before and after a request, and exactly which columns differ."""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

# What any request may touch: browsers' sessions are renewed, keys note their use, and what
# arrives from a product is kept to be looked at as it came.
RESTLESS = {("core_apikey", "last_used_at"), ("usage_arrival", "body")}
LEFT_OUT = {"core_session", "django_content_type", "core_cache"}
Rows = dict[tuple[str, str], str]  # each row as JSON, of which equal ones are spelt alike


@dataclass(frozen=True, slots=True)
class Cell:
    """`how` is made, changed or removed; `value` is the new one as JSON."""

    table: str
    how: str
    column: str
    value: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.table, self.how, self.column


Change = Counter[Cell]


def snapshot(only: frozenset[str] | None = None) -> Rows:
    """Every row of every workspace (of these tables), by table and key. 1 query."""
    query = _everything(only)
    if not query:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {(table, key): row for table, key, row in cursor.fetchall()}


def of_tables(rows: Rows, only: frozenset[str]) -> Rows:
    """The rows of these tables."""
    return {where: row for where, row in rows.items() if where[0] in only}


def changes(before: Rows, after: Rows) -> Change:
    """What happened between two snapshots, cell by cell."""
    found: Change = Counter()
    for where in before.keys() | after.keys():
        if before.get(where) == after.get(where):
            continue
        old, new = _read(before.get(where)), _read(after.get(where))
        how = "made" if old is None else "removed" if new is None else "changed"
        row = new if new is not None else old or {}
        cells = row if old is None or new is None else {k: v for k, v in new.items() if old[k] != v}
        found.update(
            Cell(where[0], how, column, json.dumps(value, sort_keys=True, ensure_ascii=False))
            for column, value in cells.items()
            if (where[0], column) not in RESTLESS
        )
    return found


def _read(row: str | None) -> dict[str, Any] | None:
    return None if row is None else dict(json.loads(row))


def unlike(one: Change, other: Change) -> set[tuple[str, str, str]]:
    """Places whose values differ between two changes."""
    return {cell.place for cell in (one - other) + (other - one)}


def places(change: Change) -> Counter[tuple[str, str, str]]:
    """How many cells changed at each place, whatever their values."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for cell, times in change.items():
        counted[cell.place] += times
    return counted


@cache
def _everything(only: frozenset[str] | None) -> str:
    tables = {
        model._meta.db_table: str(model._meta.pk.column)
        for model in apps.get_models()
        if model._meta.pk is not None and not model._meta.db_table.startswith("procrastinate")
    }
    return " UNION ALL ".join(
        f'SELECT \'{table}\', "{key}"::text, to_jsonb(t)::text FROM "{table}" t'  # noqa: S608 (our own tables)
        for table, key in tables.items()
        if table not in LEFT_OUT and (only is None or table in only)
    )
