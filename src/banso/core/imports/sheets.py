"""Which sheet of a workbook holds the table, on which row its heading is, and what it counts in."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from banso.core.imports.declarations import import_tables
from banso.core.imports.guesses import guess_columns
from banso.core.imports.plans import FilePlan
from banso.lib.money import unit_said
from banso.lib.sheets import Line, Number
from banso.lib.table import Dialect, UnreadableFile

LOOKED_AT = 20  # sheets that are read before one is chosen
DEEPEST = 30  # rows with a cell, among which the heading is looked for


def settle(plan: FilePlan, dialect: Dialect, *, sheet: str, heading: int) -> None:
    """The plan's dialect names the sheet and the heading's row: as told, else as they look.

    Raises UnreadableFile.
    """
    from banso.lib import workbooks  # noqa: PLC0415 (loads openpyxl)

    found = workbooks.sheets(plan.path)
    plan.sheets = tuple(one.name for one in found)
    seen = [one.name for one in found if not one.hidden] or list(plan.sheets)
    wanted = [sheet] if sheet else seen[:LOOKED_AT]
    heads = dict(zip(wanted, _heads(plan.path, _stamp(plan.path), tuple(wanted)), strict=True))
    best = max(heads, key=lambda name: _fitness(heads[name]))
    plan.head = heads[best]
    if not plan.head:
        raise UnreadableFile("empty_sheet", sheet=best[:60])
    row = heading or _heading_of(plan.head)
    plan.dialect = replace(dialect, sheet=best, heading=row)
    plan.unit = _unit_above(plan.head, row)


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns


@lru_cache(maxsize=16)
def _heads(path: Path, _stamp: int, names: tuple[str, ...]) -> list[list[Line]]:
    """A draft is looked at again and again, and the texts of a large workbook take seconds."""
    from banso.lib import workbooks  # noqa: PLC0415 (loads openpyxl)

    return workbooks.heads(path, names)


def _fitness(head: Sequence[Line]) -> tuple[int, int]:
    """Of sheets with the same headings, the first that has rows below them."""
    known = max(map(_known, head[:DEEPEST]), default=0)
    return known, min(len(head), 2) if known else len(head)


def _known(line: Line) -> int:
    """How many of the row's cells are headings of one table."""
    names = [text for text in line.cells.values() if type(text) is not Number]
    if len(names) < 2:
        return 0
    return max(len(guess_columns(table, names)) for table in import_tables())


def _heading_of(head: Sequence[Line]) -> int:
    """The row with most known headings; where none has two, the first that is half as wide as the table."""
    best = max(head[:DEEPEST], key=_known)
    if _known(best) > 1:
        return best.number
    width = max(len(line.cells) for line in head)
    return next(line.number for line in head if len(line.cells) * 2 >= width)


def _unit_above(head: Sequence[Line], heading: int) -> int:
    """What 単位：千円 above the heading says; 1 where nothing does."""
    above = [text for line in head if line.number < heading for text in line.cells.values()]
    return next((unit for text in above if "単位" in text and (unit := unit_said(text))), 1)
