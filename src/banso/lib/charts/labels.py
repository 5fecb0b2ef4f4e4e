"""The words under a plot: so few that they stay apart on 360 px."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A word under the plot at `x` percent; `anchor` is an SVG text-anchor."""

    text: str
    x: float
    anchor: str


def spaced_labels(labels: Sequence[str]) -> list[Label]:
    """Labels in the middle of their bar's slot, so few that words stay apart on 360 px."""
    if not labels:
        return []
    every, count = math.ceil(len(labels) / _most(labels)), len(labels)
    kept = range((count - 1) % every, count, every)
    return [Label(labels[i], round(100 * (i + 0.5) / count, 3), "middle") for i in kept]


def placed_labels(labels: Sequence[str], across: Sequence[float]) -> list[Label]:
    """The last label and, going back, those that stand far enough from the one kept before."""
    kept: list[Label] = []
    least, before = (100 / _most(labels) if labels else 0), math.inf
    for text, x in zip(reversed(labels), reversed(across), strict=True):
        # Both ends' words reach inwards by their whole length, the others' by half of it.
        room = least * (1 + 0.5 * (len(kept) == 1) + 0.5 * (x < 1))
        if before - x >= room or not kept:
            anchor = "end" if not kept else "start" if x < 1 else "middle"
            kept.append(Label(text, x, anchor))
            before = x
    return kept[::-1]


def stepped_labels(labels: Sequence[str], across: Sequence[float]) -> list[Label]:
    """Every label of a life in intervals, or every second, third, sixth: 0, 3, 6, 9."""
    most = 7 if max(map(_cells, labels), default=0) <= 2 else 3
    step = next(
        (step for step in (1, 2, 3, 6) if len(labels) - 1 <= step * most),
        math.ceil(len(labels) / most),
    )
    kept = range(0, len(labels), step)
    return [Label(labels[i], across[i], "middle" if i else "start") for i in kept]


def shortened(text: str, cells: int) -> str:
    """As much of a text as `cells` hold (a Japanese sign takes two), with … for the rest."""
    if _cells(text) <= cells:
        return text
    while text and _cells(text) >= cells:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _most(labels: Sequence[str]) -> int:
    """How many labels fit below a plot on a screen of 360 px."""
    return 4 if max(map(_cells, labels)) > 5 else 6


def _cells(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
