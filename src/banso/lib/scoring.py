"""A score of several measures: curves, weights, coverage and what each measure contributes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

Curve = Sequence[tuple[float, float]]
COVERAGE_FLOOR = 0.5
EMPTY = 0.0
RISING = "A curve needs points with rising values."


def on_curve(curve: Curve, value: float) -> float:
    """Where `value` lies on a piecewise linear curve of (value, score) points.

    Values before the first point get its score, values after the last the last one's.
    Raises ValueError for a curve without points, and where its values, read up to `value`, do not
    rise.
    """
    if not curve:
        raise ValueError(RISING)
    x0, y0 = curve[0]
    for x1, y1 in curve[1:]:
        if x1 <= x0:
            raise ValueError(RISING)
        if value < x1:
            return y0 if value < x0 else y0 + (y1 - y0) * (value - x0) / (x1 - x0)
        x0, y0 = x1, y1
    return y0


class Weighed(Protocol):
    """Whatever has a weight (over 0) and a score 0-100, None when data is missing."""

    @property
    def weight(self) -> float: ...
    @property
    def score(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """One applicable measure: its weight (over 0) and its score 0-100, None when data is missing.

    What a workspace never had data for is not applicable: leave it out altogether.
    """

    weight: float
    score: float | None


class Total(NamedTuple):
    """`score` 0-100, None when withheld; `coverage` 0-1; `known` of `all` measures had data."""

    score: float | None
    coverage: float
    known: int
    all: int


def total(readings: Iterable[Weighed], *, ceiling: float | None = None) -> Total:
    """Σ w·s ÷ Σ w over the measures with data, at most `ceiling`.

    Coverage = Σ w with data ÷ Σ w applicable; under a half the score is withheld, because
    then more of it would be guessed than known. A missing measure is not a 0.
    """
    rows = list(readings)
    known = [row for row in rows if row.score is not None]
    all_weight = sum([row.weight for row in rows])
    known_weight = sum([row.weight for row in known])
    coverage = known_weight / all_weight if all_weight else EMPTY
    if not known or coverage < COVERAGE_FLOOR:
        return Total(None, coverage, len(known), len(rows))
    mean = sum([row.weight * (row.score or 0) for row in known]) / known_weight
    bounded = min(max(mean, 0.0), 100.0)
    score = bounded if ceiling is None else min(bounded, ceiling)
    return Total(score, coverage, len(known), len(rows))


def contributions(readings: Sequence[Reading]) -> list[float | None]:
    """The points each measure gives to the uncapped score; they add up to it. None: no data."""
    known_weight = sum(row.weight for row in readings if row.score is not None)
    return [
        None if row.score is None else row.weight * row.score / known_weight for row in readings
    ]
