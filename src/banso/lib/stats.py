"""The little statistics a health score needs."""

import statistics
from collections.abc import Sequence
from math import sqrt


def median(values: Sequence[float]) -> float | None:
    """The middle value, or the mean of the two middle ones. None when there is none: no data."""
    return statistics.median(values) if values else None


def clamp(value: float, low: float, high: float) -> float:
    """`value` moved into [low, high]. Raises ValueError when low > high."""
    if low > high:
        raise ValueError("low is above high")
    return max(low, min(high, value))


def trend_ratio(
    recent: float, previous: float, *, recent_days: float, previous_days: float
) -> float | None:
    """How much of the previous pace is left: 1.0 = same pace, 0.5 = half, 2.0 = double.

    (recent ÷ recent_days) ÷ (previous ÷ previous_days), with days counted in business days so
    that a window holding New Year compares fairly with one that does not. None, meaning no data,
    when either window has no day or nothing happened in the previous one.
    """
    if recent_days <= 0 or previous_days <= 0 or previous <= 0:
        return None
    return (recent / recent_days) / (previous / previous_days)


def wilson_interval(successes: int, n: int, *, z: float = 1.959963984540054) -> tuple[float, float]:
    """The score interval (low, high) of a rate, both in 0-1; z defaults to 95 %.

    n = 0 gives (0.0, 1.0): nothing is known. Raises ValueError unless 0 <= successes <= n.
    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if not 0 <= successes <= n:
        raise ValueError("successes must lie between 0 and n")
    if n == 0:
        return 0.0, 1.0
    rate, spread = successes / n, z * z / n
    centre = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(rate * (1 - rate) / n + spread / (4 * n))
    # At the ends the formula gives exactly 0 or 1; floats miss it by a hair.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return low, high
