"""Geometry of charts: numbers in, coordinates out. No markup, no colour, no language.

Across, coordinates are percent of the plot's width (0 to 100), so one drawing fits every screen;
down, they are pixels from the top (0) to `height`. A missing value (None) is a gap, never zero.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Values = Sequence[float | int | None]
NAME_WIDTH = 35  # percent of the width that a line's name may take on a telephone


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of values, as long as the chart's labels. At most one should be highlighted."""

    label: str
    values: Values
    highlighted: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line: the value it stands for and its distance from the top in pixels."""

    value: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """A word under the plot at `x` percent; `anchor` is an SVG text-anchor."""

    text: str
    x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn series: an SVG path, its last point, and where its name goes without a clash."""

    label: str
    path: str
    highlighted: bool
    end_x: float
    end_y: float
    name_y: float
    last: float


@dataclass(frozen=True, slots=True)
class LinePlot:
    """Everything a template needs to draw lines. `zero_y` is None where zero is out of sight."""

    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    zero_y: float | None


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


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line in a box of 100 by `height`, with its last point."""

    path: str
    end_x: float
    end_y: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a whole, in percent of the width."""

    x: float
    width: float


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


def line_plot(
    series: Sequence[Series],
    labels: Sequence[str],
    *,
    height: float = 160,
    zero_based: bool = True,
    name_gap: float = 15,
    places: Sequence[float] | None = None,
) -> LinePlot:
    """Lines over shared labels. Without any number there are no lines and no ticks.

    `zero_based` keeps zero in sight; leave it off only for scores and rates that move in a band.
    `name_gap` is the least distance in pixels between two series' names. `places`: where each label
    stands in time (ascending, any unit: days), for values that are not evenly apart.
    """
    known = _known(value for one in series for value in one.values)
    if not known:
        return LinePlot((), (), (), None)
    low, high = (min(0.0, *known), max(0.0, *known)) if zero_based else (min(known), max(known))
    steps = nice_ticks(low, high)
    ticks = tuple(Tick(step, _down(step, steps, height)) for step in steps)
    across = spread(len(labels), places)
    drawn = [line for one in series if (line := _line(one, steps, height, across))]
    zero_y = _down(0, steps, height) if steps[0] <= 0 <= steps[-1] else None
    words = tuple(_placed_labels(labels, across))
    return LinePlot(tuple(_apart(drawn, name_gap, height)), ticks, words, zero_y)


def bar_plot(values: Values, labels: Sequence[str], *, height: float = 160) -> BarPlot:
    """Bars from zero, up or down, one per label; the gap between two is a third of a bar."""
    known = _known(values)
    steps = nice_ticks(min(0.0, *known), max(0.0, *known)) if known else [0.0, 1.0]
    zero_y = _down(0, steps, height)
    slot = 100 / max(len(values), 1)
    bars = tuple(
        _bar(index, value, label, slot, steps, height, zero_y)
        for index, (value, label) in enumerate(zip(values, labels, strict=True))
    )
    ticks = tuple(Tick(step, _down(step, steps, height)) for step in steps) if known else ()
    return BarPlot(bars, ticks, tuple(_spaced_labels(labels)), zero_y)


def spark(
    values: Values, *, height: float = 20, places: Sequence[float] | None = None
) -> Spark | None:
    """A line between its own least and greatest value; None when there are fewer than two.

    `places` as in `line_plot`.
    """
    known = _known(values)
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    span = high - low
    scaled = [
        None if value is None else height * (1 - (value - low) / span) if span else height / 2
        for value in values
    ]
    points = _points(scaled, spread(len(values), places))
    end_x, end_y = next(point for point in reversed(points) if point)
    return Spark(_path(points), end_x, end_y)


def shares(values: Sequence[float | int]) -> list[Segment]:
    """Parts of a whole laid side by side, together 100 percent; all zero gives no width."""
    if any(value < 0 for value in values):
        raise ValueError("a share cannot be negative")
    total = sum(values)
    segments, x = [], 0.0
    for value in values:
        width = 100 * value / total if total else 0.0
        segments.append(Segment(round(x, 3), round(width, 3)))
        x += width
    return segments


def _known(values: Iterable[float | int | None]) -> list[float]:
    known = [float(value) for value in values if value is not None]
    if not all(math.isfinite(value) for value in known):
        raise ValueError("a chart needs finite numbers")
    return known


def _down(value: float, steps: Sequence[float], height: float) -> float:
    return round(height * (1 - (value - steps[0]) / (steps[-1] - steps[0])), 2)


def spread(count: int, places: Sequence[float] | None = None) -> list[float]:
    """Where `count` points stand across, in percent: evenly, or as far apart as `places` are."""
    stands = list(places) if places is not None else [float(index) for index in range(count)]
    first, span = (stands[0], stands[-1] - stands[0]) if stands else (0.0, 0.0)
    return [round(100 * (one - first) / span, 3) if span else 0.0 for one in stands]


def _points(
    heights: Sequence[float | None], across: Sequence[float]
) -> list[tuple[float, float] | None]:
    return [None if y is None else (x, round(y, 2)) for x, y in zip(across, heights, strict=True)]


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    """An SVG path; a missing point lifts the pen."""
    words, pen_up = [], True
    for point in points:
        if point:
            words.append(f"{'M' if pen_up else 'L'}{point[0]:g} {point[1]:g}")
        pen_up = point is None
    return "".join(words)


def _line(
    series: Series, steps: Sequence[float], height: float, across: Sequence[float]
) -> Line | None:
    heights = [None if v is None else _down(v, steps, height) for v in series.values]
    points = _points(heights, across)
    seen = [(point, value) for point, value in zip(points, series.values, strict=True) if point]
    if not seen:
        return None
    (x, y), last = seen[-1][0], float(seen[-1][1] or 0)
    near = [point[1] for point, _value in seen if point[0] > x - NAME_WIDTH]
    hides = min(near) < y - 4 and max(near) <= y + 4 and y + 18 <= height
    name_y = y + 18 if hides else y - 9
    return Line(series.label, _path(points), series.highlighted, x, y, name_y, last)


def _apart(lines: Sequence[Line], gap: float, height: float) -> list[Line]:
    """The same lines, names pushed upwards until no two are nearer than `gap`.

    The lowest of several is named below its end, where no other line can run through the words.
    """
    placed: dict[int, float] = {}
    ceiling = math.inf
    for index, line in sorted(enumerate(lines), key=lambda pair: -pair[1].name_y):
        below = not placed and len(lines) > 1 and line.end_y + gap + 3 <= height
        wanted = line.end_y + gap + 3 if below else line.name_y
        ceiling = min(wanted, ceiling - gap)
        placed[index] = ceiling
    return [
        Line(o.label, o.path, o.highlighted, o.end_x, o.end_y, placed[i], o.last)
        for i, o in enumerate(lines)
    ]


def _bar(
    index: int,
    value: float | int | None,
    label: str,
    slot: float,
    steps: Sequence[float],
    height: float,
    zero_y: float,
) -> Bar:
    top = zero_y if value is None else _down(float(value), steps, height)
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


def _spaced_labels(labels: Sequence[str]) -> list[Label]:
    """Labels in the middle of their bar's slot, so few that words stay apart on 360 px."""
    if not labels:
        return []
    every, count = math.ceil(len(labels) / _most(labels)), len(labels)
    kept = range((count - 1) % every, count, every)
    return [Label(labels[i], round(100 * (i + 0.5) / count, 3), "middle") for i in kept]


def _placed_labels(labels: Sequence[str], across: Sequence[float]) -> list[Label]:
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


def _most(labels: Sequence[str]) -> int:
    """How many labels fit below a plot on a screen of 360 px."""
    return 4 if max(map(_cells, labels)) > 5 else 6


def _cells(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
