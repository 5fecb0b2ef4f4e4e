"""Tables in files as people really have them: delimited, one JSON object a line, or a sheet."""

import csv
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice

from banso.lib.charset import decode_head, detect_encoding
from banso.lib.csv_records import Record, Records
from banso.lib.json_lines import json_rows
from banso.lib.report_footers import Footer, without_footer
from banso.lib.table import (
    MAX_CELL,
    Block,
    CellProblem,
    Dialect,
    Header,
    Row,
    Source,
    UnreadableFile,
    cell_problem,
    is_sound,
    lines,
    opened,
)
from banso.lib.text import clean

__all__ = [
    "Block",
    "CellProblem",
    "Dialect",
    "Header",
    "Row",
    "Source",
    "UnreadableFile",
    "blocks",
    "read_header",
    "rows",
    "sniff",
    "sniff_file",
]

MAX_COLUMNS = 1_000
BLOCK = 1_000  # records: their objects stay in the processor's cache
SAMPLE_BYTES = 256 * 1024
_SAMPLE_RECORDS = 50
_STRAY_NULS = 0.005  # of all bytes: so few are lost cells of a text, and cost their own row alone
_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?\r?\n')


def sniff(data: bytes, *, partial: bool = False) -> Dialect:
    """How a file with this content is written; `partial` when data is only its head.

    Encodings: see `detect_encoding`. Delimiters: , ; tab | (a single column gives ,).
    Raises UnreadableFile: 'empty', 'old_workbook' (xls, or behind a password), 'binary',
    'unknown_encoding'.
    """
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise UnreadableFile("empty")
    if data.startswith(_OLD_WORKBOOK):
        raise UnreadableFile("old_workbook")
    encoding = detect_encoding(data, partial=partial)
    if encoding != "utf-16" and data.count(0) > len(data) * _STRAY_NULS:
        raise UnreadableFile("binary")
    if encoding is None:
        raise UnreadableFile("unknown_encoding")
    text = decode_head(data, encoding, partial=partial) or ""
    if sep := _SEP_LINE.match(text):
        return Dialect(encoding, sep[1], _quote_of(text), skip=1)
    if text.lstrip().startswith("{"):
        return Dialect(encoding, format="jsonl")
    quote = _quote_of(text)
    return Dialect(encoding, _delimiter_of(text, quote, partial=partial), quote)


def sniff_file(source: Source) -> Dialect:
    """`sniff` over the first 256 KiB; of a workbook, its first sheet. Raises as `sheets`, too."""
    with opened(source) as stream:
        head = stream.read(SAMPLE_BYTES + 1)
    if head.startswith(_ZIP):
        from banso.lib.workbooks import workbook_dialect  # noqa: PLC0415 (loads openpyxl)

        return workbook_dialect(source)
    return sniff(head[:SAMPLE_BYTES], partial=len(head) > SAMPLE_BYTES)


def _quote_of(text: str) -> str:
    """' only where fields are wrapped in it and none in the usual sign."""
    wrapped = re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", text, re.MULTILINE)
    return "'" if len(wrapped) > 1 and '"' not in text else '"'


def _delimiter_of(text: str, quote: str, *, partial: bool) -> str:
    """The delimiter that gives most records the header's number of columns, then most columns."""
    head = text.splitlines(keepends=True)[: _SAMPLE_RECORDS * 4]
    if partial and len(head) > 1:
        head.pop()  # cut off in the middle

    def fitness(delimiter: str) -> tuple[float, int]:
        widths = list(islice(_widths(head, delimiter, quote), _SAMPLE_RECORDS))
        if not widths or widths[0] < 2:
            return 0.0, 0
        return widths.count(widths[0]) / len(widths), widths[0]

    best = max(",;\t|", key=fitness)
    return best if fitness(best)[1] else ","


def _widths(head: list[str], delimiter: str, quote: str) -> Iterator[int]:
    try:
        for record in csv.reader(head, delimiter=delimiter, quotechar=quote):
            if record:
                yield len(record)
    except csv.Error:
        return  # a cell beyond all measure: judge by what came before it


def read_header(source: Source, dialect: Dialect) -> Header:
    """The columns of the file; of JSONL, the keys of its first 100 objects in order of coming.

    Raises UnreadableFile: 'no_header', 'too_many_columns', and what `rows` raises.
    """
    if dialect.format == "xlsx":
        from banso.lib.workbooks import sheet_header  # noqa: PLC0415 (loads openpyxl)

        return sheet_header(source, dialect)
    with closing(lines(source, dialect)) as found:
        if dialect.format == "csv":
            return _header_of(iter(Records(found, dialect)))
        first = islice(json_rows(found), 100)
        return Header(1, tuple(dict.fromkeys(name for row in first for name in row.values)))


def rows(source: Source, dialect: Dialect, left_out: Footer | None = None) -> Generator[Row]:
    """Every record after the header, streamed; rows whose cells are all blank are left out.

    A file object is read from its start and left open. Problems of a row: 'too_few_cells' and
    'too_many_cells' (expected, found), 'bad_quote', 'unclosed_quote' (until: the last line that
    was looked at for its end; lines after the first are rows of their own again),
    'cell_too_long' (limit), 'undecodable', 'forbidden_character'; in JSONL also 'bad_json',
    'not_an_object' and 'nested_object'. JSONL: null is "", a string is itself, any
    other scalar or list is its JSON text, and a missing key is missing.
    `left_out` is told the lines of a footer, at the end.
    Raises UnreadableFile: 'line_too_long' (line, limit), 'undecodable', 'no_header',
    'too_many_columns' (limit). Memory: one record.
    """
    if dialect.has_footer:
        with closing(rows(source, replace(dialect, has_footer=False))) as each:
            yield from without_footer(each, left_out)
        return
    if dialect.format == "xlsx":
        from banso.lib.workbooks import sheet_rows  # noqa: PLC0415 (loads openpyxl)

        yield from sheet_rows(source, dialect)
        return
    with closing(lines(source, dialect)) as found:
        yield from json_rows(found) if dialect.format == "jsonl" else _csv_rows(found, dialect)


def _csv_rows(found: Iterator[str], dialect: Dialect) -> Iterator[Row]:
    records = Records(found, dialect)
    each = iter(records)
    names = _header_of(each).names
    records.width = len(names)
    yield from _rows_of(each, names)


def _rows_of(records: Iterable[Record], names: tuple[str, ...]) -> Iterator[Row]:
    width = len(names)
    for line, cells, problem in records:
        if problem:
            yield Row(line, {}, (problem,))
        elif (text := "".join(cells)).strip():
            if len(cells) == width and is_sound(text):
                yield Row(line, dict(zip(names, cells, strict=True)))
            else:
                yield _row(line, names, cells)


def blocks(source: Source, dialect: Dialect, left_out: Footer | None = None) -> Iterator[Block]:
    """What `rows` gives, by columns, 1,000 records in each: half the cost for plain files.

    `left_out`: as there. Raises as `rows` does. Memory: a block.
    """
    if dialect.format == "csv" and not dialect.has_footer:
        with closing(lines(source, dialect)) as found:
            yield from _csv_blocks(Records(found, dialect))
        return
    with closing(rows(source, dialect, left_out)) as each:
        while together := list(islice(each, BLOCK)):
            yield _block_of(together)


def _csv_blocks(records: Records) -> Iterator[Block]:
    names = _header_of(iter(records)).names
    records.width = len(names)
    for together in records.together(BLOCK):
        if _are_plain(together, len(names)):
            columns = zip(*(cells for _line, cells, _problem in together), strict=True)
            named = dict(zip(names, columns, strict=True))
            blank = ("",) * len(together)
            yield Block(
                [line for line, _cells, _problem in together], partial(_column, named, blank)
            )
        else:
            yield _block_of(list(_rows_of(together, names)))


def _are_plain(together: Sequence[Record], width: int) -> bool:
    """Whether each record surely is a row without problems: one look at all, for most blocks are."""
    texts = ["".join(cells) for _line, cells, _problem in together]
    return (
        all(len(cells) == width and not problem for _line, cells, problem in together)
        and all(map(str.isprintable, texts))
        and all(map(str.strip, texts))
        and max(map(len, texts), default=MAX_CELL + 1) <= MAX_CELL
    )


def _block_of(together: Sequence[Row]) -> Block:
    sound = [row for row in together if not row.problems]
    broken = [row for row in together if row.problems]
    return Block([row.line for row in sound], partial(_cells, sound), broken)


def _column(columns: Mapping[str, Sequence[str]], blank: Sequence[str], name: str) -> Sequence[str]:
    return columns.get(name, blank)


def _cells(together: Sequence[Row], name: str) -> Sequence[str]:
    return [row.values.get(name, "") for row in together]


def _header_of(records: Iterator[Record]) -> Header:
    line, cells, problem = next(records, (1, [], None))
    names = [" ".join(clean(cell).split()) for cell in cells]
    if problem or not any(names):
        raise UnreadableFile("no_header", line=line)
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)
    unique: dict[str, None] = {}
    problems = []
    for position, name in enumerate(names, 1):
        made_up = name
        while not made_up or made_up in unique:
            made_up += f"#{position}"
        unique[made_up] = None
        if made_up != name:
            code = "duplicate_header" if name else "blank_header"
            facts: dict[str, str | int] = {"name": name, "position": position}
            problems.append(CellProblem(line, made_up, code, facts))
    return Header(line, tuple(unique), tuple(problems))


def _row(line: int, names: tuple[str, ...], cells: list[str]) -> Row:
    values = dict(zip(names, cells, strict=False))
    problems = [p for name, cell in values.items() if (p := cell_problem(line, name, cell))]
    if len(cells) != len(names):
        code = "too_few_cells" if len(cells) < len(names) else "too_many_cells"
        facts: dict[str, str | int] = {"expected": len(names), "found": len(cells)}
        problems.insert(0, CellProblem(line, None, code, facts))
    return Row(line, values, tuple(problems))
