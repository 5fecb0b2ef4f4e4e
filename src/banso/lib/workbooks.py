"""Workbooks of Excel (.xlsx, .xlsm): which sheets they have, and one sheet as rows of text cells.

A cell is what a person would write down who reads it off the screen: a date as YYYY-MM-DD, a
number without exponent, a formula's kept value. Errors stay as they are shown (#N/A).

Import it where a workbook is at hand: openpyxl, and what it loads, is a sixth of a program's start.
"""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, INLINE_STRING, ROW_TAG, VALUE_TAG
from openpyxl.xml.functions import iterparse

from banso.lib.cells import NO_VALUE
from banso.lib.dates import Epoch
from banso.lib.report_footers import is_total
from banso.lib.sheet_formats import Look, look_of, shown
from banso.lib.sheets import MOST_ROWS, Line, Number, Repeated, Sheet
from banso.lib.table import (
    CellProblem,
    Dialect,
    Header,
    Row,
    Source,
    UnreadableFile,
    cell_problem,
    opened,
)
from banso.lib.text import clean

MEGABYTE = 1024 * 1024
MOST_OF_A_PART = 64 * MEGABYTE  # unpacked: what is kept in memory whole (texts, styles)
MOST_OF_A_SHEET = 512 * MEGABYTE  # unpacked: read row by row
MOST_OF_A_ROW = 16 * MEGABYTE
MOST_MERGED = 100_000
MOST_COLUMNS = 1_000
HEAD_ROWS = 100
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"(\$?[A-Z]+\$?[0-9]+:\$?[A-Z]+\$?[0-9]+)\"")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def sheets(source: Source) -> list[Sheet]:
    """The sheets that hold cells, in their order.

    Raises UnreadableFile: 'workbook_broken', 'workbook_too_large' (limit, in MB), 'no_sheet'.
    """
    with _book(source) as book:
        return book.sheets


def heads(source: Source, names: Sequence[str]) -> list[list[Line]]:
    """The first rows with a cell of each of these sheets, to find the heading among.

    Raises as `sheet_rows`.
    """
    with _book(source) as book:
        return [list(islice(book.lines(name), HEAD_ROWS)) for name in names]


def workbook_dialect(source: Source) -> Dialect:
    """The first sheet that is seen, headed by its first row. Raises as `sheets`."""
    with _book(source) as book:
        seen = next((one.name for one in book.sheets if not one.hidden), book.sheets[0].name)
        return Dialect("xlsx", format="xlsx", sheet=seen, epoch=book.epoch)


def sheet_header(source: Source, dialect: Dialect) -> Header:
    """The columns that have a heading. Raises as `sheets`, and 'no_header', 'too_many_columns'."""
    with _book(source) as book:
        return _header_of(book.lines(dialect.sheet), dialect)


def sheet_rows(source: Source, dialect: Dialect) -> Generator[Row]:
    """Rows below the heading, as `tabular.rows`; `line` is the row's number on the sheet.

    A cell merged with the one above has its value. Problems of a row beside those of cells:
    'total_row' where its first cell says 合計 and numbers alone stand beside it.
    Raises as `sheet_header`, 'too_many_rows'.
    Memory: a row, and the texts that the workbook shares between cells.
    """
    with _book(source) as book:
        lines = book.lines(dialect.sheet)
        header = _header_of(lines, dialect)
        names = dict(zip(map(_letters_number, header.letters), header.names, strict=True))
        for line in lines:
            values = {name: line.cells.get(place, "") for place, name in names.items()}
            if any(cell.strip() and type(cell) is not Repeated for cell in values.values()):
                yield Row(line.number, values, tuple(_problems(line, values)))


def _problems(line: Line, values: dict[str, str]) -> Iterator[CellProblem]:
    first = next(iter(line.cells.values()))
    if is_total([*line.cells.values()]):
        yield CellProblem(line.number, None, "total_row", {"value": first[:20]})
    for name, cell in values.items():
        if not cell.isprintable() and (problem := cell_problem(line.number, name, cell)):
            yield problem


def _header_of(lines: Iterator[Line], dialect: Dialect) -> Header:
    """The heading, of which `lines` are read up to and with its row."""
    found = next((line for line in lines if line.number >= dialect.heading), None)
    if found is None or found.number != dialect.heading:
        raise UnreadableFile("no_header", line=dialect.heading)
    names: dict[str, str] = {}
    problems = []
    for place, cell in found.cells.items():
        name = made_up = " ".join(clean(cell).split())
        while made_up in names:
            made_up += f"#{place}"
        if made_up != name:
            facts: dict[str, str | int] = {"name": name, "position": place}
            problems.append(CellProblem(found.number, made_up, "duplicate_header", facts))
        if name:
            names[made_up] = get_column_letter(place)
    if not names:
        raise UnreadableFile("no_header", line=dialect.heading)
    if len(names) > MOST_COLUMNS:
        raise UnreadableFile("too_many_columns", limit=MOST_COLUMNS)
    return Header(found.number, tuple(names), tuple(problems), tuple(names.values()))


@contextmanager
def _book(source: Source) -> Iterator["_Book"]:
    """The workbook, read as far as its sheets; whatever breaks a reader of it is one refusal."""
    with opened(source) as stream:
        try:
            with ZipFile(stream) as archive:
                _measure(archive)
            yield _Book(ExcelReader(stream, read_only=True, data_only=True, keep_links=False))
        except UnreadableFile:
            raise
        except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
            raise UnreadableFile("workbook_broken") from error
        except (OSError, EOFError, SyntaxError, NotImplementedError, RuntimeError) as error:
            # SyntaxError is what broken XML raises; RuntimeError a part that is encrypted.
            raise UnreadableFile("workbook_broken") from error


def _measure(archive: ZipFile) -> None:
    """No part unpacks to more than we can hold: a zip reader stops at the size that is told here."""
    for part in archive.infolist():
        is_sheet = "/worksheets/" in part.filename
        limit = MOST_OF_A_SHEET if is_sheet else MOST_OF_A_PART
        if part.file_size > limit and part.filename.endswith((".xml", ".rels")):
            raise UnreadableFile("workbook_too_large", limit=limit // MEGABYTE)


class _Book:
    """An open workbook. Only what its cells need is read: texts, styles, and the sheet asked for."""

    def __init__(self, reader: Any) -> None:
        self._reader, self._archive, self._is_read = reader, reader.archive, False
        reader.read_manifest()
        reader.read_workbook()
        self._paths = {
            sheet.name: relation.target
            for sheet, relation in reader.parser.find_sheets()
            if "worksheet" in relation.Type and relation.target in reader.valid_files
        }
        states = {sheet.name: sheet.state for sheet in reader.parser.sheets}
        self.sheets = [Sheet(name, states[name] != "visible") for name in self._paths]
        if not self.sheets:
            raise UnreadableFile("no_sheet")
        self.epoch: Epoch = 1904 if reader.wb.epoch == MAC_EPOCH else 1900

    def _read_once(self) -> None:
        """What the cells of any sheet need."""
        if not self._is_read:
            self._reader.read_strings()
            apply_stylesheet(self._archive, self._reader.wb)
            self._is_read = True

    def lines(self, sheet: str) -> Iterator[Line]:
        """Rows of the sheet that have a cell."""
        if (path := self._paths.get(sheet)) is None:
            raise UnreadableFile("no_sheet", sheet=sheet[:60])
        self._read_once()
        with self._archive.open(path) as stream:
            merged = _merged(stream)
        with self._archive.open(path) as stream:
            yield from _lines(stream, _Cells(self._reader, self.epoch), merged)


class _Cells:
    """From a cell of the sheet's XML to what it says."""

    def __init__(self, reader: Any, epoch: Epoch) -> None:
        self._strings, self._epoch = reader.shared_strings, epoch
        self._styles, self._formats = reader.wb._cell_styles, reader.wb._number_formats
        self._looks: dict[str, Look] = {}

    def text(self, cell: Any) -> str:
        kind, value = cell.get("t", "n"), cell.findtext(VALUE_TAG) or ""
        if kind == "inlineStr":
            child = cell.find(INLINE_STRING)
            return "" if child is None else _unescaped(Text.from_tree(child).content)
        if not value:
            return NO_VALUE if cell.find(FORMULA_TAG) is not None and kind != "str" else ""
        match kind:
            case "n":
                return self._number(value, cell.get("s", "0"))
            case "s":
                return _unescaped(self._strings[int(value)])
            case "b":
                return "TRUE" if value == "1" else "FALSE"
            case "d":
                return value.removesuffix("Z").replace("T00:00:00", "").replace("T", " ")
        return _unescaped(value)

    def _number(self, value: str, style: str) -> str:
        if (look := self._looks.get(style)) is None:
            look = self._looks[style] = self._look(int(style))
        number = float(value) if set(value) & set(".eE") else int(value)
        text, is_plain = shown(number, look, self._epoch)
        return Number(text) if is_plain else text

    def _look(self, style: int) -> Look:
        number = self._styles[style].numFmtId
        custom = number >= BUILTIN_FORMATS_MAX_SIZE
        if custom:
            return look_of(number, self._formats[number - BUILTIN_FORMATS_MAX_SIZE])
        return look_of(number, BUILTIN_FORMATS.get(number))


def _unescaped(text: str) -> str:
    """Control characters as they were: the format writes a carriage return as _x000D_."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n")


def _lines(stream: Any, cells: _Cells, merged: Mapping[tuple[int, int], int]) -> Iterator[Line]:
    number, held = 0, dict[int, tuple[int, str]]()  # by column: until which row, what
    for _event, element in iterparse(stream):
        if element.tag == DATA_TAG:
            return
        if element.tag != ROW_TAG:
            continue
        number = int(element.get("r", number + 1))
        if number > MOST_ROWS:
            raise UnreadableFile("too_many_rows", limit=MOST_ROWS)
        found = dict(_row(element, cells))
        element.clear()
        _repeat(found, number, held, merged)
        if any(type(text) is not Repeated for text in found.values()):
            yield Line(number, dict(sorted(found.items())))


def _row(element: Any, cells: _Cells) -> Iterator[tuple[int, str]]:
    place = 0
    for cell in element:
        where = cell.get("r")
        place = _column(where) if where else place + 1
        if (text := cells.text(cell)).strip():
            yield place, text


@lru_cache(maxsize=4096)
def _letters_number(letters: str) -> int:
    return int(column_index_from_string(letters))


def _column(where: str) -> int:
    return _letters_number(where.rstrip("0123456789"))


def _repeat(
    found: dict[int, str],
    number: int,
    held: dict[int, tuple[int, str]],
    merged: Mapping[tuple[int, int], int],
) -> None:
    """Cells merged with one above get its value; those that begin a merge are kept for the rows below."""
    for place, (last, text) in list(held.items()):
        if number <= last:
            found.setdefault(place, Repeated(text))
        else:
            del held[place]
    if merged:
        for place, text in found.items():
            if (last := merged.get((number, place), 0)) and type(text) is not Repeated:
                held[place] = last, text


def _merged(stream: IO[bytes]) -> dict[tuple[int, int], int]:
    """(row, column) of each first cell that is merged with cells below → the last of their rows.

    They stand behind the rows, so the sheet is looked through once without reading its cells.
    """
    found, rest, since_row = set[bytes](), b"", 0
    while part := stream.read(MEGABYTE):
        since_row = 0 if _ROW.search(part) else since_row + len(part)
        if since_row > MOST_OF_A_ROW:
            raise UnreadableFile("workbook_too_large", limit=MOST_OF_A_ROW // MEGABYTE)
        found.update(_MERGED.findall(rest + part))
        if len(found) > MOST_MERGED:
            raise UnreadableFile("workbook_too_large", limit=MOST_OF_A_ROW // MEGABYTE)
        rest = part[-200:]
    bounds = (range_boundaries(one.decode()) for one in found)
    return {(top, left): bottom for left, top, _right, bottom in bounds if bottom > top}
