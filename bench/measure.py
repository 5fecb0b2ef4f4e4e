"""Timing two things side by side, over several runs."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Claim:
    """Ours against a peer: medians in seconds, and the spread of the ratio over the runs.

    The ratio is of seconds (ours ÷ theirs), or of speeds (the other way round) where `of_speed`.
    `more` are further lines, each in its own unit.
    """

    name: str
    peer: str
    size: str
    runs: int
    ours: float
    theirs: float
    ratio: float
    lowest: float
    highest: float
    of_speed: bool = False
    more: str = ""

    def facts(self) -> dict[str, Any]:
        return asdict(self)


def side_by_side(
    name: str,
    ours: Callable[[], object],
    *,
    peer: str,
    theirs: Callable[[], object],
    size: str,
    runs: int,
    of_speed: bool = False,
    before: Callable[[], object] | None = None,
) -> Claim:
    """Each run times both, one after the other, so that a noisy moment meets both.

    `before` makes the ground for ours once more; it is not timed.
    """
    mine, other = [], []
    for _run in range(runs):
        if before:
            before()
        mine.append(seconds(ours))
        other.append(seconds(theirs))
    pairs = zip(mine, other, strict=True)
    ratios = [b / a if of_speed else a / b for a, b in pairs]
    return Claim(
        name,
        peer,
        size,
        runs,
        statistics.median(mine),
        statistics.median(other),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        of_speed,
    )


def percentile(values: list[float], percent: int) -> float:
    """The value that so many percent of them do not exceed, between neighbours where it lies there."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
