"""Files of activities and tasks, on their way in and out."""

import csv
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from banso.core.imports import planning, reports, running
from banso.core.lists import services as lists
from banso.core.models import ImportRun, Person


def written(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def bring_in(path: Path, *, by: Person | None = None) -> tuple[ImportRun, dict[str, Any]]:
    plan = planning.plan_import([(path.name, path)])
    run = running.start_run(plan, source=path.name, by=by)
    [facts] = running.run_import(plan, run=run, by=by)
    return run, reports.told(facts)


def try_out(path: Path) -> dict[str, Any]:
    plan = planning.plan_import([(path.name, path)])
    [facts] = running.dry_run(plan, by=None)
    return reports.told(facts)


def counts(facts: dict[str, Any]) -> tuple[int, int, int, int]:
    """created, updated, unchanged, skipped."""
    return facts["created"], facts["updated"], facts["unchanged"], facts["skipped"]


def messages(facts: dict[str, Any]) -> list[str]:
    return [one["message"] for one in facts["errors"]]


def taken_out(name: str, kind: str, by: Person, query: str = "") -> Path:
    export = lists.begin(name, query=query, kind=kind, by=by)
    assert export.state == "done"
    path = lists.path_of(export.pk)
    return path.rename(path.with_name(lists.file_name(export)))


def cells(path: Path) -> list[dict[str, Any]]:
    """The rows by their headings."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    head, *rows = load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def with_cell(path: Path, heading: str, value: Any, *, row: int = 0) -> Path:
    """The workbook, one cell changed."""
    book = load_workbook(path)
    sheet = book.active
    column = [one.value for one in sheet[1]].index(heading) + 1
    sheet.cell(row + 2, column).value = value
    book.save(path)
    return path
