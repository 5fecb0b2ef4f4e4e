"""Columns of codes that a spreadsheet has made numbers of: where zeros may be lost, and are."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from banso.lib.sheets import Number
from banso.lib.table import CellProblem

KEPT_DIGITS = 15  # of a number in Excel


@dataclass(slots=True)
class Codes:
    """What the cells of a text column look like. `zeroed`: the length of texts that begin with 0."""

    cells: int = 0
    digits: int = 0
    numbers: int = 0
    first: tuple[int, str] = (0, "")
    lengths: set[int] = field(default_factory=set)
    zeroed: int = 0

    def look(self, lines: Sequence[int], cells: Sequence[str]) -> None:
        for line, cell in zip(lines, cells, strict=True):
            text = cell.strip()
            self.cells += bool(text)
            if not text.isdigit():
                continue
            self.digits += 1
            if type(cell) is Number:
                self.numbers += 1
                self.first = self.first if self.numbers > 1 else (line, text)
                self.lengths.add(len(text))
            elif text.startswith("0"):
                self.zeroed = max(self.zeroed, len(text))

    @property
    def are_numbers(self) -> bool:
        """Whether somebody should say how long these codes are: most are digits, of many lengths."""
        mostly = self.digits * 2 >= self.cells
        return bool(self.numbers) and mostly and (len(self.lengths) > 1 or bool(self.zeroed))


def code_problem(line: int, header: str, cell: str, *, zeroed: int) -> CellProblem | None:
    """Why a number in a column of texts is not the code that was meant; None where it may be.

    `zeroed`: how long the column's codes with a zero in front are.
    """
    digits = len(cell.lstrip("-"))
    if digits > KEPT_DIGITS:
        return CellProblem(line, header, "digits_lost", {"value": cell[:40]})
    if cell.isdigit() and digits < zeroed:
        return CellProblem(line, header, "zeros_lost", {"value": cell[:40]})
    return None
