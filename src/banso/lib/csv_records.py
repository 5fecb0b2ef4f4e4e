"""The records of a delimited file, where one with a stray quotation mark costs no other."""

import csv
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any

from banso.lib.table import MAX_CELL, CellProblem, Dialect

FREELY = 20_000  # lines that may be read a second time in any file
Record = tuple[int, list[str], CellProblem | None]


class Records:
    """(first line, cells, problem) of each record, the header among them; blank lines left out.

    A mark that is never closed takes the lines after it into its cell, up to the next mark. Those
    are given back and read by themselves: always where the record cannot be read, and where it
    has not `width` cells (once that is set), but a line inside it has.
    """

    width = 0

    def __init__(self, lines: Iterator[str], dialect: Dialect) -> None:
        for _line in range(dialect.skip):
            next(lines, "")
        self._lines, self._dialect = _Lines(lines), dialect
        self._line, self._again = dialect.skip + 1, 0

    def __iter__(self) -> Iterator[Record]:
        reader = self._reader(self._lines)
        taken = self._lines.taken
        while True:
            taken.clear()
            problem = None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                cells, problem = [], self._broken(str(error))
            if len(taken) > 1 and not problem and self._swallows_rows(len(cells)):
                cells, problem = [], self._unclosed()
            if problem:
                reader = self._reader(self._lines)
            line = self._line
            self._line += len(taken)
            if problem and self._may_read_again(len(taken) - 1):
                self._line = line + 1
                self._lines.give_back(taken[1:])
            if problem or cells:
                yield line, cells, problem

    def together(self, many: int) -> Iterator[list[Record]]:
        """As one by one, some `many` in a list: at half the cost where a line is a record."""
        each = iter(self)
        while lines := self._lines.ahead(many):
            if (cells := self._one_a_line(lines)) is None:
                yield list(self._until_behind(each))
                continue
            first = self._line
            self._line += len(lines)
            self._lines.drop_ahead()
            yield [(line, row, None) for line, row in enumerate(cells, first) if row]

    def _one_a_line(self, lines: list[str]) -> list[list[str]] | None:
        """The cells of each line; None where a record is broken, or goes over several lines."""
        try:
            cells = list(self._reader(iter(lines)))
        except csv.Error:
            return None
        return cells if len(cells) == len(lines) else None

    def _until_behind(self, each: Iterator[Record]) -> Iterator[Record]:
        """The records that begin on the lines looked ahead at."""
        while self._lines.are_ahead and (record := next(each, None)):
            yield record

    def _may_read_again(self, lines: int) -> bool:
        """Reading anew costs at most as much as twice the file, however it is written."""
        self._again += lines
        return lines > 0 and self._again < 2 * self._line + FREELY

    def _reader(self, lines: Iterator[str]) -> Any:
        # Strict, because a lenient reader swallows what follows a stray quote without a word.
        told = self._dialect
        return csv.reader(lines, delimiter=told.delimiter, quotechar=told.quote, strict=True)

    def _broken(self, reason: str) -> CellProblem:
        if "field limit" in reason and len(self._lines.taken) == 1:
            return CellProblem(self._line, None, "cell_too_long", {"limit": MAX_CELL})
        if len(self._lines.taken) > 1 or "unexpected end" in reason:
            return self._unclosed()
        return CellProblem(self._line, None, "bad_quote")

    def _unclosed(self) -> CellProblem:
        until = self._line + len(self._lines.taken) - 1
        return CellProblem(self._line, None, "unclosed_quote", {"until": until})

    def _swallows_rows(self, found: int) -> bool:
        """Whether a record over several lines is rather a row and rows inside its open cell."""
        if not self.width or found == self.width:
            return False
        inside = self._lines.taken[1:]
        return any(self._cells_of(line) == self.width for line in inside)

    def _cells_of(self, line: str) -> int:
        try:
            return len(next(self._reader(iter([line])), []))
        except csv.Error:
            return 0


class _Lines(Iterator[str]):
    """Physical lines; `taken` since it was last emptied, which can be given back; or looked at."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._back = lines, deque[str]()
        self.taken: list[str] = []

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self.taken.append(line)
        return line

    @property
    def are_ahead(self) -> bool:
        return bool(self._back)

    def ahead(self, many: int) -> list[str]:
        """The next lines, `many` where there are so many: looked at, not taken."""
        self._back.extend(islice(self._lines, max(0, many - len(self._back))))
        return list(self._back)

    def drop_ahead(self) -> None:
        """The lines looked ahead at are done."""
        self._back.clear()

    def give_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))
