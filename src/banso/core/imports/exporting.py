"""Every table out again: CSV that spreadsheets open safely and an import takes back unchanged."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from django.utils import translation

from banso.core.imports.cells import harmless
from banso.core.imports.declarations import NUMBERS, Column, ImportTable, import_tables


def export_all(folder: Path) -> dict[str, int]:
    """`folder` holds one CSV for each table (UTF-8 with BOM); rows written, by table.

    Cells that a spreadsheet would run as formulas have a quote before them, which an import
    takes away again: importing what was exported changes nothing. The folder is made if missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for table in import_tables():
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            written[table.name] = write_table(table, file)
    return written


def write_table(table: ImportTable, file: TextIO) -> int:
    """The table's rows as CSV, headed by its column keys; how many rows."""
    attributes = _attribute_names(table)
    names = [*(column.key for column in table.columns), *attributes]
    plain = {column.key for column in table.columns if column.kind in NUMBERS}
    writer, count = csv.writer(file), 0
    writer.writerow(names)
    for count, row in enumerate(table.rows(), start=1):  # noqa: B007  (the count is what we want)
        writer.writerow(_cells(row, names, plain))
    return count


def _attribute_names(table: ImportTable) -> list[str]:
    kinds = table.attribute_kinds() if table.attribute_kinds else {}
    return [f"attributes.{name}" for name in sorted(kinds)]


def _cells(row: Mapping[str, str], names: Sequence[str], plain: set[str]) -> list[str]:
    return [row.get(name, "") if name in plain else harmless(row.get(name, "")) for name in names]


def write_template(table: ImportTable, file: TextIO, *, language: str) -> None:
    """An empty table with headers and one example row, in ja or en."""
    writer = csv.writer(file)
    with translation.override(language):
        writer.writerow([str(column.label) for column in shown(table)])
        writer.writerow([_example(column) for column in shown(table)])


def shown(table: ImportTable) -> Iterator[Column]:
    """The columns a person fills in: all but our own id."""
    return (column for column in table.columns if column.key != "id")


def _example(column: Column) -> str:
    if column.example and column.choices:
        words = dict(column.choices())
        return str(words.get(column.example, column.example))
    return column.example


def problems_csv(tables: Iterable[Mapping[str, Any]], file: TextIO) -> None:
    """Every error and duplicate of a report as told to a reader: file, line, column, message."""
    writer = csv.writer(file)
    writer.writerow(["file", "line", "column", "message"])
    for table in tables:
        for one in chain(table["errors"], table["duplicate_rows"]):
            cells = (str(table["file"]), str(one["line"]), one["column"], one["message"])
            writer.writerow([harmless(cell) for cell in cells])
