"""A sheet of rows into a file: .xlsx, or CSV that Excel opens as UTF-8. Row by row."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, zip_longest
from math import isfinite
from pathlib import Path
from typing import Any

from django.utils import timezone

from banso.core.imports.cells import harmless
from banso.core.lists.declarations import Cell, Money, Percentage, Sheet
from banso.lib.money import minor_digits
from banso.lib.text import clean, display_width

MOST_IN_A_CELL = 32_767  # characters, in Excel
EXCEL_BEGINS = date(1900, 3, 1)
WIDTHS = 10, 40
MOMENT_WIDTH = 19
_NO_TITLE = re.compile(r"[\\/*?:\[\]]")  # no sheet of Excel is called so
Written = Callable[[Path, Sheet, str], int]


class TooLong(Exception):
    """There are more rows than were asked for; nothing of the file is of use."""


def write_csv(path: Path, sheet: Sheet, title: str) -> int:
    """UTF-8 with its mark; how many rows. Texts that would run as formulas have a quote before them."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(one) for one in sheet.headings])
        for count, row in enumerate(sheet.rows, 1):  # noqa: B007  (the count is what we want)
            writer.writerow([_text(cell) for cell in row])
    return count


def _text(cell: Cell) -> str:
    plain = _plain(cell)
    match plain:
        case None:
            return ""
        case bool():
            return "TRUE" if plain else "FALSE"
        case datetime():
            return plain.isoformat(" ")
        case date():
            return plain.isoformat()
        case Decimal():
            return format(plain, "f")
    return str(plain)


def _plain(cell: Cell) -> str | int | Decimal | date | None:
    """What stands in files of both kinds. What is nothing known to spreadsheets is worded.

    A number that is none, as floats can be, is an empty cell.
    """
    match cell:
        case float():
            return Decimal(str(float(cell))) if isfinite(cell) else None
        case Decimal():
            return cell if cell.is_finite() else None
        case Percentage():
            return _plain(cell.share)
        case Money():
            return _plain(cell.amount)
        case datetime():
            return timezone.make_naive(cell) if timezone.is_aware(cell) else cell
        case int() | date() | None:
            return cell
    return harmless(clean(str(cell)))


def write_xlsx(path: Path, sheet: Sheet, title: str) -> int:
    """A workbook with one sheet; how many rows. Numbers are numbers, days are days, codes texts.

    Texts as in CSV, so that no cell is a formula, also after a save as CSV. Memory: a row.
    """
    from openpyxl import Workbook  # noqa: PLC0415 (with what it loads, a sixth of a program's start)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book, count = Workbook(write_only=True), 0
    page = book.create_sheet(_NO_TITLE.sub(" ", title)[:31])
    page.freeze_panes = "B2"
    rows = iter(sheet.rows)
    first = next(rows, ())
    for place, (heading, cell) in enumerate(zip_longest(sheet.headings, first), 1):
        page.column_dimensions[get_column_letter(place)].width = _width(heading, cell)
    page.append(list(_bold(page, sheet.headings)))
    for count, row in enumerate(chain([first] if first else [], rows), 1):  # noqa: B007  (the count is what we want)
        page.append([_shown(page, cell) for cell in row])
    book.save(path)
    return count


def _width(heading: str, cell: Cell) -> int:
    """A time that does not fit is shown as ####."""
    least = MOMENT_WIDTH if isinstance(cell, datetime) else WIDTHS[0]
    return min(max(display_width(heading) + 4, least), WIDTHS[1])


def _bold(page: Any, headings: Iterable[str]) -> Iterator[Any]:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 (as in write_xlsx)
    from openpyxl.styles import Font  # noqa: PLC0415

    for heading in headings:
        cell = WriteOnlyCell(page, _value(heading))
        cell.font = Font(bold=True)
        yield cell


def _shown(page: Any, cell: Cell) -> Any:
    """The value, and how a workbook shows it where it does not follow from the value itself."""
    if not isinstance(cell, Percentage | Money):
        return _value(cell)
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 (as in write_xlsx)

    shown = WriteOnlyCell(page, _value(cell))
    shown.number_format = "0.00%" if isinstance(cell, Percentage) else _money_format(cell.currency)
    return shown


def _money_format(currency: str) -> str:
    digits = minor_digits(currency)
    return "#,##0." + "0" * digits if digits else "#,##0"


def _value(cell: Cell) -> Any:
    plain = _plain(cell)
    if isinstance(plain, str):
        return plain[:MOST_IN_A_CELL]
    if isinstance(plain, date) and date(plain.year, plain.month, plain.day) < EXCEL_BEGINS:
        return _text(plain)  # Excel knows no such day
    return plain


WRITERS: dict[str, Written] = {"xlsx": write_xlsx, "csv": write_csv}


def at_most(rows: Iterable[Sequence[Cell]], most: int) -> Iterator[Sequence[Cell]]:
    """The rows; raises TooLong behind the `most`."""
    for number, row in enumerate(rows):
        if number >= most:
            raise TooLong
        yield row
