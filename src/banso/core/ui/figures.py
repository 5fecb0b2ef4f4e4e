"""Charts as SVG made on the server, each with a table twin."""

from collections.abc import Sequence
from itertools import pairwise

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from banso.core.ui.marks import TONES
from banso.core.ui.wording import no_data, number
from banso.lib import charts

register = Library()


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
    digits: int = 0,
    places: Sequence[float] | None = None,
) -> dict[str, object]:
    """Lines over time, one highlighted, named at their ends. `note` says period, n and source.

    `places`: where each label stands in time (days), when they are not evenly apart.
    """
    plot = charts.line_plot(series, labels, height=height, zero_based=zero_based, places=places)
    rows = [
        (label, [number(one.values[index], digits) for one in series])
        for index, label in enumerate(labels)
    ]
    return {
        "plot": plot,
        "columns": [one.label for one in series],
        "hits": _hits(charts.spread(len(labels), places), rows),
        **_shared(title, labels, unit, note, height, digits, rows),
    }


@register.inclusion_tag("ui/bar_chart.html")
def bar_chart(
    title: object,
    labels: Sequence[str],
    values: charts.Values,
    unit: object = "",
    *,
    note: object = "",
    height: int = 160,
    highlight: int | None = None,
    tones: Sequence[str] = (),
    digits: int = 0,
) -> dict[str, object]:
    """Bars from zero. `highlight` is the index of the one that matters (-1: the last);
    `tones` gives each bar a meaning instead (good, watch, bad, info, neutral).
    """
    if not set(tones) <= set(TONES):
        raise ValueError(f"unknown tone in {tones!r}")
    plot = charts.bar_plot(values, labels, height=height)
    chosen = highlight % len(values) if highlight is not None and values else None
    looks = list(tones) or ["highlight" if i == chosen else "" for i in range(len(values))]
    rows = [(label, [number(value, digits)]) for label, value in zip(labels, values, strict=True)]
    return {
        "plot": plot,
        "bars": list(zip(plot.bars, looks, rows, strict=True)),
        "columns": [title],
        "direct": len(values) <= 8,
        **_shared(title, labels, unit, note, height, digits, rows),
    }


@register.inclusion_tag("ui/share_bar.html")
def share_bar(label: object, parts: Sequence[tuple[object, int, str]]) -> dict[str, object]:
    """Parts of a whole in one bar: (name, count, tone) each, with its words below."""
    segments = charts.shares([count for _name, count, _tone in parts])
    return {"label": label, "parts": list(zip(segments, parts, strict=True))}


def _shared(
    title: object,
    labels: Sequence[str],
    unit: object,
    note: object,
    height: int,
    digits: int,
    rows: list[tuple[str, list[str]]],
) -> dict[str, object]:
    return {
        "title": title,
        "unit": unit,
        "note": note,
        "rows": rows,
        "description": _description(labels, rows, unit),
        "height": height,
        "digits": digits,
        "frame_height": height + 46,
        "label_y": height + 20,
    }


def _description(labels: Sequence[str], rows: list[tuple[str, list[str]]], unit: object) -> str:
    if not rows:
        return gettext("No data")
    said = {
        "start": labels[0],
        "end": labels[-1],
        "first": " / ".join(rows[0][1]),
        "last": " / ".join(rows[-1][1]),
        "unit": unit,
    }
    return gettext("From %(start)s to %(end)s: %(first)s → %(last)s %(unit)s") % said


def _hits(
    across: Sequence[float], rows: list[tuple[str, list[str]]]
) -> list[tuple[float, float, str, list[str]]]:
    """Where a pointer finds each label's values: x and width in percent, then what is said."""
    middles = [(a + b) / 2 for a, b in pairwise(across)]
    edges = list(pairwise([0.0, *middles, 100.0])) if across else []
    return [
        (round(left, 3), round(right - left, 3), label, values)
        for (left, right), (label, values) in zip(edges, rows, strict=True)
    ]
