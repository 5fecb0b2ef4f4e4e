"""Sheets made of rows and of what stands in each column of them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from banso.core.declarations import Words
from banso.core.lists.declarations import Cell, Sheet
from banso.core.scope import current_workspace

TOGETHER = 1000  # rows
T = TypeVar("T")
Headed = tuple[Words, Callable[[Any], Cell]]  # a heading, and what stands below it of a row


def sheet_of(rows: Iterable[Any], columns: Iterable[Headed], title: str = "") -> Sheet:
    """These rows in these columns. Headings are worded now, rows are read as they are written."""
    listed = list(columns)
    cells = ([cell(row) for _heading, cell in listed] for row in rows)
    return Sheet([str(heading) for heading, _cell in listed], cells, title)


def in_parts(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows, 1,000 at a time: for what is looked up for many of them together."""
    left = iter(rows)
    while part := list(islice(left, TOGETHER)):
        yield part


def day_of(moment: datetime | None) -> date | None:
    """The local day of a moment, as a cell keeps it."""
    return current_workspace().day_of(moment) if moment else None
