"""Chance that repeats itself: the same seed and topic give the same draws on every machine."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def chance(seed: int, *topic: object) -> Random:
    """A generator of its own for one topic, so that a new draw elsewhere changes nothing here."""
    return Random("/".join(map(str, (seed, *topic))))  # noqa: S311  (a story, not a secret)


def weighted(luck: Random, choices: Sequence[tuple[T, float]]) -> T:
    """One of `choices` (value, weight), as often as its weight says."""
    return luck.choices([value for value, _ in choices], [weight for _, weight in choices])[0]


def spread(luck: Random, total: int, sizes: Sequence[float]) -> list[int]:
    """Whole numbers proportional to `sizes` that sum to `total`, each at least 1."""
    scale = total / sum(sizes)
    parts = [max(1, round(size * scale)) for size in sizes]
    while (gap := total - sum(parts)) != 0:
        index = luck.randrange(len(parts))
        step = 1 if gap > 0 else -1
        if parts[index] + step >= 1:
            parts[index] += step
    return parts
