"""An import table whole, under the headings that people read, as values that spreadsheets know."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from banso.core.imports.declarations import NUMBERS, Column, ImportTable

Row = list[Any]


def read_table(table: ImportTable) -> tuple[list[str], Iterator[Row]]:
    """Headings in the reader's language, and every row."""
    kinds = table.attribute_kinds() if table.attribute_kinds else {}
    attributes = [f"attributes.{name}" for name in sorted(kinds)]
    headings = [*(str(column.label) for column in table.columns), *attributes]
    readers = {column.key: _reader(column) for column in table.columns}
    return headings, _rows(table, readers, attributes)


def _rows(
    table: ImportTable, readers: Mapping[str, Callable[[str], Any]], attributes: list[str]
) -> Iterator[Row]:
    for row in table.rows():
        own = [read(row.get(key, "")) for key, read in readers.items()]
        yield [*own, *(row.get(name, "") for name in attributes)]


def _reader(column: Column) -> Callable[[str], Any]:
    """From the text that an export writes to a value; a choice by its label."""
    if column.kind in NUMBERS:
        return lambda text: Decimal(text) if text else None
    if column.kind == "date":
        return lambda text: date.fromisoformat(text) if text else None
    if column.kind == "choice" and column.choices:
        labels = {value: str(label) for value, label in column.choices()}
        return lambda text: labels.get(text, text)
    return str
