"""What a table in a file is made of: dialect, header, rows and what is wrong with them."""

import io
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from banso.lib.bad_value import BadValue
from banso.lib.dates import Epoch
from banso.lib.old_japanese import DECODERS, old_lines
from banso.lib.text import has_forbidden

Source = Path | BinaryIO

MAX_CELL = 100_000
MAX_LINE = 1_000_000


class UnreadableFile(BadValue):
    """The file as a whole cannot be read. Codes: see `sniff`, `read_header` and `rows`."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. `skip` lines stand before the header (Excel's sep=;).

    Of a workbook: the `sheet` that is read, the row its `heading` is on, and the `epoch` of its
    dates (1900 or 1904). `has_footer`: a report that says below its rows who made it and when.
    """

    encoding: str
    delimiter: str = ","
    quote: str = '"'
    format: Literal["csv", "jsonl", "xlsx"] = "csv"
    skip: int = 0
    sheet: str = ""
    heading: int = 1
    epoch: Epoch = 1900
    has_footer: bool = False


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Something wrong in a row, or in one column of it; worded elsewhere from code and params."""

    line: int
    column: str | None
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Header:
    """Column names in order, each once. A blank name is '#n', a repeated one 'name#n' (n from 1).

    Problems: 'blank_header' (n) and 'duplicate_header' (name, n), one for each name made up.
    `letters` of a sheet: the column of each name, such as "AB". Its columns without a heading are
    left out.
    """

    line: int
    names: tuple[str, ...]
    problems: tuple[CellProblem, ...] = ()
    letters: tuple[str, ...] = ()


class Row(NamedTuple):
    """One record. `line` is the physical line it starts on, from 1; cells are as written.

    A row with problems has the cells that could be read; it should be reported, not stored.
    """

    line: int
    values: dict[str, str]
    problems: tuple[CellProblem, ...] = ()


class Block(NamedTuple):
    """A thousand records, in order. `lines`: where those without a problem begin, and `cells`
    of a header: theirs, "" where a record has none. `broken` are the records with problems.
    """

    lines: Sequence[int]
    cells: Callable[[str], Sequence[str]]
    broken: Sequence[Row] = ()

    @property
    def records(self) -> int:
        return len(self.lines) + len(self.broken)


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The bytes from their start. A path is closed again, a (seekable) file is left open."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        source.seek(0)
        yield source


def lines(source: Source, dialect: Dialect) -> Generator[str]:
    """Physical lines with their ends. Bytes of another encoding become lone surrogates.

    Raises UnreadableFile: 'line_too_long' (line, limit), 'undecodable'. Close it when done early.
    """
    with opened(source) as stream:
        if dialect.encoding in DECODERS:
            yield from _old(stream, dialect.encoding)
            return
        text = io.TextIOWrapper(stream, dialect.encoding, errors="surrogateescape", newline="")
        try:
            yield from _measured(text)
        except UnicodeDecodeError:
            raise UnreadableFile("undecodable", encoding=dialect.encoding) from None
        finally:
            text.detach()


def _measured(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            raise UnreadableFile("line_too_long", line=number, limit=MAX_LINE)
        yield line


def _old(stream: BinaryIO, encoding: str) -> Iterator[str]:
    for number, line in enumerate(old_lines(stream, encoding, MAX_LINE), 1):
        if len(line) >= MAX_LINE:
            raise UnreadableFile("line_too_long", line=number, limit=MAX_LINE)
        yield line


def is_sound(text: str) -> bool:
    """Whether no cell of those that `text` joins has a problem: one look for the many good rows."""
    return len(text) <= MAX_CELL and (text.isprintable() or not has_forbidden(text))


def cell_problem(line: int, column: str, cell: str) -> CellProblem | None:
    """'cell_too_long', 'undecodable' or 'forbidden_character'; None when the text can be kept."""
    if len(cell) > MAX_CELL:
        return CellProblem(line, column, "cell_too_long", {"limit": MAX_CELL})
    if not has_forbidden(cell):
        return None
    escaped = any("\udc80" <= character <= "\udcff" for character in cell)
    return CellProblem(line, column, "undecodable" if escaped else "forbidden_character")
