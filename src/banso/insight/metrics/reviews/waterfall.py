"""From one sum to another in steps: where each bar begins and ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from banso.insight.metrics.figure_words import KINDS, part_words
from banso.insight.metrics.reviews.answers import Moves
from banso.lib import charts


@dataclass(frozen=True, slots=True)
class Step:
    """One bar from `low` to `high`. `amount`: how much it moved; of ends, where it stands.

    `kpi` and `kind`: whose rows it opens to; the opening is what NRR is divided by.
    """

    label: str
    amount: Decimal
    low: Decimal
    high: Decimal
    tone: Literal["end", "up", "down"]
    kind: str = ""
    kpi: str = "movements"


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
        _end(_("At the opening"), moves.opening, "nrr"),
        *_between(moves, moves.opening),
        _end(_("At the close"), moves.closing, "mrr"),
    ]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of what changed since the opening, which stands at `zero` percent."""

    bars: list[Bar]
    zero: float


def bars(moves: Moves) -> Bars:
    """Small changes of a large sum stay in sight, and every bar still begins at zero."""
    drawn = steps(moves)
    changes = [one.amount for one in drawn[1:-1]]
    ends = [(Decimal(0), True), (sum(changes, Decimal(0)), True)]
    seen = [ends[0], *((one, False) for one in changes), ends[1]] if drawn else []
    plot = charts.waterfall([charts.Step("", one, is_total=total) for one, total in seen])
    placed = [Bar(one, fall.x, fall.width) for one, fall in zip(drawn, plot.falls, strict=True)]
    return Bars(placed, plot.zero_x)


def _between(moves: Moves, opening: Decimal) -> Iterator[Step]:
    stands = opening
    known = [kind for kind in KINDS if kind in moves.kinds]
    for kind in [*known, *(kind for kind in moves.kinds if kind not in KINDS)]:
        amount = moves.kinds[kind]
        then = stands + amount
        tone: Literal["up", "down"] = "up" if amount > 0 else "down"
        yield Step(part_words(kind), amount, min(stands, then), max(stands, then), tone, kind)
        stands = then


def _end(label: str, amount: Decimal, kpi: str) -> Step:
    low, high = min(Decimal(0), amount), max(Decimal(0), amount)
    return Step(label, amount, low, high, "end", kpi=kpi)
