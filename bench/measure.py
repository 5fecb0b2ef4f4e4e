"""Timing two things side by side, over several runs."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Claim:
    """Ours against a peer: medians in seconds, and the spread of the ratio over the runs."""

    name: str
    peer: str
    size: str
    runs: int
    ours: float
    theirs: float
    ratio: float
    lowest: float
    highest: float

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
) -> Claim:
    """Each run times both, one after the other, so that a noisy moment meets both."""
    mine, other = [], []
    for _run in range(runs):
        mine.append(seconds(ours))
        other.append(seconds(theirs))
    ratios = [a / b for a, b in zip(mine, other, strict=True)]
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
    )


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
