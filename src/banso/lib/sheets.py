"""What the sheets of a workbook are made of, for whoever is handed their rows."""

from typing import NamedTuple

MOST_ROWS = 1_048_576  # Excel's own


class Number(str):
    """A cell that is a number: of a code, what stood before its first digit may be lost."""

    __slots__ = ()


class Repeated(str):
    """A cell without a value of its own: merged with the one above it, whose value this is."""

    __slots__ = ()


class Sheet(NamedTuple):
    name: str
    hidden: bool


class Line(NamedTuple):
    """A row of a sheet: its number, and its cells by column number (from 1), without blank ones."""

    number: int
    cells: dict[int, str]
