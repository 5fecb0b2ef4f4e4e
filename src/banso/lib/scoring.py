"""A score of several measures: curves, weights, coverage and what each measure contributes."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

Curve = Sequence[tuple[float, float]]
COVERAGE_FLOOR = 0.5
EMPTY = 0.0


def on_curve(curve: Curve, value: float) -> float:
    """Where `value` lies on a piecewise linear curve of (value, score) points.

    Values before the first point get its score, values after the last the last one's.
    Raises ValueError for a curve without points or whose values do not rise.
    """
    values = _rising_values(tuple(curve))
    after = bisect_right(values, value)
    if after == 0:
        return curve[0][1]
    if after == len(curve):
        return curve[-1][1]
    (x0, y0), (x1, y1) = curve[after - 1], curve[after]
    return y0 + (y1 - y0) * (value - x0) / (x1 - x0)


@lru_cache(maxsize=256)
def _rising_values(curve: tuple[tuple[float, float], ...]) -> list[float]:
    values = [at for at, _score in curve]
    if not values or any(b <= a for a, b in pairwise(values)):
        raise ValueError("A curve needs points with rising values.")
    return values


@dataclass(frozen=True, slots=True)
class Reading:
    """One applicable measure: its weight (over 0) and its score 0-100, None when data is missing.

    What a workspace never had data for is not applicable: leave it out altogether.
    """

    weight: float
    score: float | None


@dataclass(frozen=True, slots=True)
class Total:
    """`score` 0-100, None when withheld; `coverage` 0-1; `known` of `all` measures had data."""

    score: float | None
    coverage: float
    known: int
    all: int


def total(readings: Iterable[Reading], *, ceiling: float | None = None) -> Total:
    """Σ w·s ÷ Σ w over the measures with data, at most `ceiling`.

    Coverage = Σ w with data ÷ Σ w applicable; under a half the score is withheld, because
    then more of it would be guessed than known. A missing measure is not a 0.
    """
    rows = list(readings)
    known = [(row.weight, row.score) for row in rows if row.score is not None]
    all_weight = sum(row.weight for row in rows)
    known_weight = sum(weight for weight, _score in known)
    coverage = known_weight / all_weight if all_weight else EMPTY
    counts = {"known": len(known), "all": len(rows)}
    if not known or coverage < COVERAGE_FLOOR:
        return Total(None, coverage, **counts)
    mean = sum(weight * score for weight, score in known) / known_weight
    bounded = min(max(mean, 0.0), 100.0)
    return Total(bounded if ceiling is None else min(bounded, ceiling), coverage, **counts)


def contributions(readings: Sequence[Reading]) -> list[float | None]:
    """The points each measure gives to the uncapped score; they add up to it. None: no data."""
    known_weight = sum(row.weight for row in readings if row.score is not None)
    return [
        None if row.score is None else row.weight * row.score / known_weight for row in readings
    ]
