"""Bars from zero."""

from collections.abc import Sequence
from dataclasses import dataclass

from banso.lib.charts.labels import Label, spaced_labels
from banso.lib.charts.scale import Tick, Value, Values, down, known_in, nice_ticks


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `value` is None for a gap (then it has no height)."""

    label: str
    value: float | None
    x: float
    y: float
    width: float
    height: float
    middle: float


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Bars standing on a zero line."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    zero_y: float


def bar_plot(values: Values, labels: Sequence[str], *, height: float = 160) -> BarPlot:
    """Bars from zero, up or down, one per label; the gap between two is a third of a bar."""
    known = known_in(values)
    steps = nice_ticks(min(0.0, *known), max(0.0, *known)) if known else [0.0, 1.0]
    zero_y = down(0, steps, height)
    slot = 100 / max(len(values), 1)
    bars = tuple(
        _bar(index, value, label, slot, steps, height, zero_y)
        for index, (value, label) in enumerate(zip(values, labels, strict=True))
    )
    ticks = tuple(Tick(step, down(step, steps, height)) for step in steps) if known else ()
    return BarPlot(bars, ticks, tuple(spaced_labels(labels)), zero_y)


def _bar(
    index: int,
    value: Value,
    label: str,
    slot: float,
    steps: Sequence[float],
    height: float,
    zero_y: float,
) -> Bar:
    top = zero_y if value is None else down(float(value), steps, height)
    width = slot * 0.75
    return Bar(
        label=label,
        value=None if value is None else float(value),
        x=round(index * slot + slot * 0.125, 3),
        y=min(top, zero_y),
        width=round(width, 3),
        height=round(abs(zero_y - top), 2),
        middle=round((index + 0.5) * slot, 3),
    )
