"""Lines over shared labels, and the small line of a table cell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from banso.lib.charts.labels import Label, placed_labels, stepped_labels
from banso.lib.charts.scale import Tick, Values, down, known_in, nice_ticks, spread


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of values, as long as the chart's labels. At most one should be highlighted.

    `hrefs`: where each value opens to its rows, as long as the values, or none at all.
    """

    label: str
    values: Values
    highlighted: bool = False
    hrefs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn series: an SVG path, its last point, and how far down its name stands beside the
    plot, near its end and clear of all other names.
    """

    label: str
    path: str
    highlighted: bool
    end_x: float
    end_y: float
    name_y: float
    last: float


@dataclass(frozen=True, slots=True)
class LinePlot:
    """Everything a template needs to draw lines. `zero_y` is None where zero is out of sight.

    `across`: where each label's values stand.
    """

    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    zero_y: float | None
    across: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line in a box of 100 by `height`, with its last point."""

    path: str
    end_x: float
    end_y: float


def line_plot(
    series: Sequence[Series],
    labels: Sequence[str],
    *,
    height: float = 160,
    zero_based: bool = True,
    name_gap: float = 16,
    places: Sequence[float] | None = None,
    stepped: bool = False,
) -> LinePlot:
    """Lines over shared labels. Without any number there are no lines and no ticks.

    `zero_based` keeps zero in sight; leave it off only for scores and rates that move in a band.
    `name_gap` is the least distance in pixels between two series' names. `places`: where each label
    stands in time (ascending, any unit: days), for values that are not evenly apart. `stepped`:
    the labels count 0, 1, 2, and the first is always among those shown.
    """
    across = spread(len(labels), places)
    known = known_in(value for one in series for value in one.values)
    if not known:
        return LinePlot((), (), (), None, tuple(across))
    low, high = (min(0.0, *known), max(0.0, *known)) if zero_based else (min(known), max(known))
    steps = nice_ticks(low, high)
    ticks = tuple(Tick(step, down(step, steps, height)) for step in steps)
    drawn = [line for one in series if (line := _line(one, steps, height, across))]
    zero_y = down(0, steps, height) if steps[0] <= 0 <= steps[-1] else None
    words = tuple((stepped_labels if stepped else placed_labels)(labels, across))
    named = tuple(_apart(drawn, name_gap, height))
    return LinePlot(named, ticks, words, zero_y, tuple(across))


def spark(
    values: Values, *, height: float = 20, places: Sequence[float] | None = None
) -> Spark | None:
    """A line between its own least and greatest value; None when there are fewer than two.

    `places` as in `line_plot`.
    """
    known = known_in(values)
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    span = high - low
    scaled = [
        None
        if value is None
        else height * (1 - (float(value) - low) / span)
        if span
        else height / 2
        for value in values
    ]
    points = _points(scaled, spread(len(values), places))
    end_x, end_y = next(point for point in reversed(points) if point)
    return Spark(_path(points), end_x, end_y)


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
    heights = [None if v is None else down(float(v), steps, height) for v in series.values]
    points = _points(heights, across)
    seen = [(point, value) for point, value in zip(points, series.values, strict=True) if point]
    if not seen:
        return None
    (x, y), last = seen[-1][0], float(seen[-1][1] or 0)
    return Line(series.label, _path(points), series.highlighted, x, y, y, last)


def _apart(lines: Sequence[Line], gap: float, height: float) -> list[Line]:
    """The same lines, names as near to their ends as can be, but never nearer than `gap`."""
    order = sorted(
        range(len(lines)), key=lambda index: (lines[index].end_y, not lines[index].highlighted)
    )
    groups: list[list[float]] = []  # of names that touch: the ends they belong to
    for index in order:
        groups.append([lines[index].end_y])
        while len(groups) > 1 and _first(groups[-1], gap, height) < (
            _first(groups[-2], gap, height) + len(groups[-2]) * gap
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    stands = [_first(one, gap, height) + n * gap for one in groups for n in range(len(one))]
    placed = dict(zip(order, stands, strict=True))
    return [replace(line, name_y=round(placed[index], 2)) for index, line in enumerate(lines)]


def _first(ends: Sequence[float], gap: float, height: float) -> float:
    """Where the first of touching names stands: all of them around their ends, inside the plot."""
    length = (len(ends) - 1) * gap
    return max(0.0, min(sum(ends) / len(ends) - length / 2, height - length))
