"""Parts of a whole, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a whole, in percent of the width."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Stack:
    """One row of amounts that add up, as many as there are parts. None is not known.

    `href` opens the whole row, `hrefs` each part; `n` is how many things it is about.
    """

    label: str
    values: Sequence[Number | None]
    href: str = ""
    hrefs: Sequence[str] = ()
    n: int | None = None


def shares(values: Sequence[float | int]) -> list[Segment]:
    """Parts of a whole laid side by side, together 100 percent; all zero gives no width."""
    if any(value < 0 for value in values):
        raise ValueError("a share cannot be negative")
    return _stack(values, sum(values))


def stacks(rows: Sequence[Sequence[float | int]]) -> list[list[Segment]]:
    """One bar a row, its parts side by side; the longest of all takes the whole width."""
    if any(value < 0 for row in rows for value in row):
        raise ValueError("a part cannot be negative")
    most = max((sum(row) for row in rows), default=0)
    return [_stack(row, most) for row in rows]


def _stack(row: Sequence[float | int], most: float) -> list[Segment]:
    ends = [100 * end / most if most else 0.0 for end in accumulate(row)]
    return [
        Segment(round(start, 3), round(end - start, 3)) for start, end in pairwise([0.0, *ends])
    ]
