"""Charts as SVG made on the server, each with a table twin."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from banso.core.ui.amounts import Measure, measure
from banso.core.ui.marks import TONES, spaced
from banso.core.ui.wording import Number, no_data, number
from banso.lib import charts

register = Library()
NAME_CELLS = 28  # of a line's name and last value beside the plot
Told = tuple[str, str]  # a value's words and where it leads
Rows = list[tuple[str, list[Told]]]


@register.simple_tag
def sparkline(
    values: charts.Values, label: object, places: Sequence[float] | None = None
) -> SafeString:
    """A small line for a table cell; `label` says in words what it shows (18 → 6 people)."""
    drawn = charts.spark(values, places=places)
    if drawn is None:
        return no_data()
    return format_html(
        '<svg class="spark" role="img" aria-label="{label}" height="20"><title>{label}</title>'
        '<svg viewBox="0 0 100 20" preserveAspectRatio="none" width="100%" height="20" overflow="visible">'
        '<path class="spark__line" d="{path}"/></svg>'
        '<circle class="spark__dot" cx="{x}%" cy="{y}" r="2.5"/></svg>',
        label=label,
        path=drawn.path,
        x=drawn.end_x,
        y=drawn.end_y,
    )


@register.inclusion_tag("ui/line_chart.html")
def line_chart(
    title: object,
    labels: Sequence[str],
    series: Sequence[charts.Series],
    unit: object = "",
    *,
    note: object = "",
    height: int = 160,
    zero_based: bool = True,
    digits: int | None = None,
    places: Sequence[float] | None = None,
    currency: str = "",
    rate: bool = False,
    stepped: bool = False,
) -> dict[str, object]:
    """Lines over time, one highlighted, named beside their ends, where that is narrow below the
    plot. `note` says period, n and source.

    `places`: where each label stands in time (days), when they are not evenly apart. Values are
    numbers of a `unit`, money in major units of a `currency`, or with `rate` fractions of 1.
    `stepped`: labels count 0, 1, 2.
    """
    every = [value for one in series for value in one.values]
    measured = measure(every, unit=unit, digits=digits, currency=currency, rate=rate)
    drawn = [replace(one, values=[measured.drawn(value) for value in one.values]) for one in series]
    plot = charts.line_plot(
        drawn,
        labels,
        height=height,
        zero_based=zero_based,
        places=places,
        stepped=stepped,
    )
    columns = [_cells(measured, one.values, one.hrefs) for one in series]
    rows = [(label, [column[i] for column in columns]) for i, label in enumerate(labels)]
    return {
        "plot": plot,
        "columns": [one.label for one in series],
        "hits": _hits(plot.across, rows),
        "named": [_named(measured, line) for line in plot.lines],
        **_shared(title, measured, note, height, rows),
    }


@register.inclusion_tag("ui/line_chart.html")
def curves(
    title: object,
    intervals: Sequence[str],
    series: Sequence[charts.Series],
    *,
    note: object = "",
    height: int = 200,
    zero_based: bool = False,
    digits: int = 1,
) -> dict[str, object]:
    """Shares of 1 over the intervals of a life: retention. None where an interval is not over.

    A few grey curves and one highlighted. The axis ends where the curves do, not at zero.
    """
    drawn: dict[str, object] = line_chart(
        title,
        intervals,
        series,
        note=note,
        height=height,
        zero_based=zero_based,
        digits=digits,
        rate=True,
        stepped=True,
    )
    return drawn | {"across": gettext("Interval")}


@register.inclusion_tag("ui/bar_chart.html")
def bar_chart(
    title: object,
    labels: Sequence[str],
    values: Sequence[Number | None],
    unit: object = "",
    *,
    note: object = "",
    height: int = 160,
    highlight: int | None = None,
    tones: Sequence[str] = (),
    digits: int | None = None,
    hrefs: Sequence[str] = (),
    currency: str = "",
    rate: bool = False,
) -> dict[str, object]:
    """Bars from zero. `highlight` is the index of the one that matters (-1: the last);
    `tones` gives each bar a meaning instead (good, watch, bad, info, neutral). `hrefs` opens each
    in the table; `currency` and `rate` as in `line_chart`.
    """
    if not set(tones) <= set(TONES):
        raise ValueError(f"unknown tone in {tones!r}")
    measured = measure(values, unit=unit, digits=digits, currency=currency, rate=rate)
    plot = charts.bar_plot([measured.drawn(value) for value in values], labels, height=height)
    chosen = highlight % len(values) if highlight is not None and values else None
    looks = list(tones) or ["highlight" if i == chosen else "" for i in range(len(values))]
    cells = _cells(measured, values, hrefs)
    rows = [(label, [cell]) for label, cell in zip(labels, cells, strict=True)]
    return {
        "plot": plot,
        "bars": list(zip(plot.bars, looks, map(measured.written, values), strict=True)),
        "columns": [title],
        "direct": len(values) <= 8,
        **_shared(title, measured, note, height, rows),
    }


@register.inclusion_tag("ui/share_bar.html")
def share_bar(label: object, parts: Sequence[tuple[object, int, str]]) -> dict[str, object]:
    """Parts of a whole in one bar: (name, count, tone) each, with its words below."""
    segments = charts.shares([count for _name, count, _tone in parts])
    return {"label": label, "parts": list(zip(segments, parts, strict=True))}


def _named(measured: Measure, line: charts.Line) -> tuple[charts.Line, str, str]:
    """A line, what fits beside the plot of its name, and its last value."""
    last = f"{number(line.last, measured.digits)}{'%' if measured.is_rate else ''}"
    return line, charts.shortened(line.label, NAME_CELLS - len(last)), last


def _cells(measured: Measure, values: Sequence[Number | None], hrefs: Sequence[str]) -> list[Told]:
    """What the twin says of each value and where it leads; a missing one leads nowhere."""
    ways = hrefs or [""] * len(values)
    pairs = zip(values, ways, strict=True)
    return [(measured.told(value), "" if value is None else way) for value, way in pairs]


def _shared(
    title: object, measured: Measure, note: object, height: int, rows: Rows
) -> dict[str, object]:
    return {
        "title": title,
        "unit": measured.unit,
        "scale_unit": spaced(measured.unit),
        "said_unit": measured.said_unit,
        "value_unit": "%" if measured.is_rate else "",
        "note": note,
        "rows": rows,
        "description": _description(rows, measured.said_unit),
        "height": height,
        "digits": measured.digits,
        "frame_height": height + 46,
        "label_y": height + 20,
    }


def _description(rows: Rows, unit: object) -> str:
    if not rows:
        return gettext("No data")
    (start, first), (end, last) = rows[0], rows[-1]
    said = {
        "start": start,
        "end": end,
        "first": " / ".join(text for text, _href in first),
        "last": " / ".join(text for text, _href in last),
        "unit": unit,
    }
    return gettext("From %(start)s to %(end)s: %(first)s → %(last)s %(unit)s") % said


def _hits(across: Sequence[float], rows: Rows) -> list[tuple[float, float, str, list[str]]]:
    """Where a pointer finds each label's values: x and width in percent, then what is said."""
    middles = [(a + b) / 2 for a, b in pairwise(across)]
    edges = list(pairwise([0.0, *middles, 100.0])) if across else []
    return [
        (round(left, 3), round(right - left, 3), label, [text for text, _href in cells])
        for (left, right), (label, cells) in zip(edges, rows, strict=True)
    ]
