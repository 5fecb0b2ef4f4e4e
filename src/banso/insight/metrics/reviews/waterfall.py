"""From one sum to another in steps: where each bar begins and ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from banso.insight.metrics.reviews.answers import Moves
from banso.insight.metrics.reviews.wording import MOVES, move_words


@dataclass(frozen=True, slots=True)
class Step:
    """One bar from `low` to `high`. `amount`: how much it moved; of ends, where it stands."""

    label: str
    amount: Decimal
    low: Decimal
    high: Decimal
    tone: Literal["end", "up", "down"]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A step with its bar in percent of the width."""

    step: Step
    x: float
    width: float


def steps(moves: Moves) -> list[Step]:
    """The opening, each kind of movement, the closing; nothing where nothing is known."""
    if moves.opening is None or moves.closing is None:
        return []
    if not (moves.opening or moves.closing or moves.kinds):
        return []
    return [
        _end(_("At the opening"), moves.opening),
        *_between(moves, moves.opening),
        _end(_("At the close"), moves.closing),
    ]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of what changed since the opening, which stands at `zero` percent."""

    bars: list[Bar]
    zero: float


def bars(moves: Moves) -> Bars:
    """Small changes of a large sum stay in sight, and every bar still begins at zero."""
    drawn = [(one, *_since(one, moves.opening or Decimal(0))) for one in steps(moves)]
    least = min([Decimal(0), *(low for _one, low, _high in drawn)])
    span = max([Decimal(0), *(high for _one, _low, high in drawn)]) - least
    placed = [
        Bar(one, _percent(low - least, span), _percent(high - low, span))
        for one, low, high in drawn
    ]
    return Bars(placed, _percent(-least, span))


def _since(step: Step, opening: Decimal) -> tuple[Decimal, Decimal]:
    """Where its bar begins and ends, seen from the opening."""
    if step.tone == "end":
        moved = step.amount - opening
        return min(moved, Decimal(0)), max(moved, Decimal(0))
    return step.low - opening, step.high - opening


def _between(moves: Moves, opening: Decimal) -> Iterator[Step]:
    stands = opening
    known = [kind for kind in MOVES if kind in moves.kinds]
    for kind in [*known, *(kind for kind in moves.kinds if kind not in MOVES)]:
        amount = moves.kinds[kind]
        then = stands + amount
        tone: Literal["up", "down"] = "up" if amount > 0 else "down"
        yield Step(move_words(kind), amount, min(stands, then), max(stands, then), tone, kind)
        stands = then


def _end(label: str, amount: Decimal) -> Step:
    return Step(label, amount, min(Decimal(0), amount), max(Decimal(0), amount), "end")


def _percent(part: Decimal, span: Decimal) -> float:
    return round(float(100 * part / span), 3) if span else 0.0
