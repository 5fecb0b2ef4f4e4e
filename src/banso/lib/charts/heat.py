"""Which step of one hue a share is shown in: a cohort's cells."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from banso.lib.charts.scale import known_in, nice_ticks

DEEPEST = 5  # six steps, 0 to 5, is what eyes tell apart
Share = float | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A share of 1 (None: its interval is not over), and where it opens to its rows."""

    share: Share
    href: str = ""


@dataclass(frozen=True, slots=True)
class Cohort:
    """One row: who began together, how many they were, and a cell for each interval."""

    label: str
    size: int
    cells: Sequence[Cell]
    href: str = ""


def heat_edges(shares: Iterable[Share]) -> tuple[float, ...]:
    """Round numbers where the shares are: at most five, so six steps.

    The lowest and the highest tenth do not count: one small cohort that left altogether would make
    all the others look alike.
    """
    known = sorted(known_in(None if share is None else float(share) for share in shares))
    few = len(known) // 10
    inner = known[few : len(known) - few]
    return (
        tuple(nice_ticks(inner[0], inner[-1], DEEPEST)[1:-1])
        if inner and inner[0] < inner[-1]
        else ()
    )


def heat_depth(share: float | Decimal, edges: Sequence[float]) -> int:
    """0 (palest) to 5: an edge itself belongs to the step above it. Few edges skip steps."""
    if len(edges) > DEEPEST:
        raise ValueError("at most five edges, for six steps")
    step = bisect_right(edges, float(share))
    return round(step * DEEPEST / len(edges)) if edges else DEEPEST // 2
