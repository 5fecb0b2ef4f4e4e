"""What stood at the opening, what came and went, what stands at the close."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """A signed change, or with `is_total` what stands there: the opening, the close, a subtotal.

    `amount` None is not known: it draws nothing and changes nothing. `href` opens to its rows.
    """

    label: str
    amount: Number | None
    href: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Fall:
    """A step from `start_x` to `end_x` percent, drawn as `x` and `width`; `level` stands after it."""

    step: Step
    level: Number
    x: float
    width: float
    start_x: float
    end_x: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Steps in their order; bars of totals begin at `zero_x`, which is zero or the opening."""

    falls: tuple[Fall, ...]
    zero_x: float


def waterfall(steps: Sequence[Step], *, since_opening: bool = False) -> Waterfall:
    """Every step begins where the one before it ended; totals begin at zero.

    `since_opening`: they begin where the first step stands, so that small changes of a large sum
    stay in sight and every bar still tells its length.
    """
    opening: Number = steps[0].amount or 0 if since_opening and steps else 0
    levels = _levels(steps, opening)
    low = min([float(opening), *(float(level) for _start, level in levels)])
    high = max([float(opening), *(float(level) for _start, level in levels)])
    falls = tuple(
        _fall(step, start, level, low, high)
        for step, (start, level) in zip(steps, levels, strict=True)
    )
    return Waterfall(falls, _across(opening, low, high))


def _levels(steps: Sequence[Step], opening: Number) -> list[tuple[Number, Number]]:
    """Where each step starts and what stands after it, exact where the amounts are."""
    found: list[tuple[Number, Number]] = []
    level: Number = 0
    for step in steps:
        if step.is_total and step.amount is not None:
            start, level = opening, step.amount
        else:
            start, level = level, level if step.amount is None else _sum(level, step.amount)
        found.append((start, level))
    return found


def _sum(one: Number, other: Number) -> Number:
    if isinstance(one, float) or isinstance(other, float):
        return float(one) + float(other)
    return one + other


def _fall(step: Step, start: Number, level: Number, low: float, high: float) -> Fall:
    start_x, end_x = _across(start, low, high), _across(level, low, high)
    left = min(start_x, end_x)
    return Fall(step, level, left, round(abs(end_x - start_x), 3), start_x, end_x)


def _across(level: Number, low: float, high: float) -> float:
    return round(100 * (float(level) - low) / (high - low), 3) if high > low else 0.0
