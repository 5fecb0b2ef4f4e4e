"""Round numbers along an axis, and where things stand on it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Value = float | int | Decimal | None
Values = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line: the value it stands for and its distance from the top in pixels."""

    value: float
    y: float


def nice_ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round numbers 1, 2, 2.5 or 5 times a power of ten that enclose low..high, ascending.

    About `count` steps. Source: Heckbert, "Nice numbers for graph labels", Graphics Gems (1990),
    with 2.5 added so that quarters of a hundred stay whole.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("a chart needs finite numbers")
    if high <= low:
        high = low + max(abs(low), 1.0)
    step = _nice_step((high - low) / max(count, 1))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def _nice_step(rough: float) -> float:
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next((nice * power for nice in (1, 2, 2.5, 5) if rough <= nice * power), 10 * power)


def known_in(values: Iterable[Value]) -> list[float]:
    known = [float(value) for value in values if value is not None]
    if not all(math.isfinite(value) for value in known):
        raise ValueError("a chart needs finite numbers")
    return known


def down(value: float, steps: Sequence[float], height: float) -> float:
    return round(height * (1 - (value - steps[0]) / (steps[-1] - steps[0])), 2)


def spread(count: int, places: Sequence[float] | None = None) -> list[float]:
    """Where `count` points stand across, in percent: evenly, or as far apart as `places` are."""
    stands = list(places) if places is not None else [float(index) for index in range(count)]
    first, span = (stands[0], stands[-1] - stands[0]) if stands else (0.0, 0.0)
    return [round(100 * (one - first) / span, 3) if span else 0.0 for one in stands]
