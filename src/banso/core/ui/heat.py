"""Cohorts as a table whose cells are shaded by what they say."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from django.template import Library
from django.utils.translation import gettext

from banso.core.ui.wording import percent
from banso.lib import charts

register = Library()


@register.inclusion_tag("ui/heat_map.html")
def heat_map(
    title: object,
    cohorts: Sequence[charts.Cohort],
    *,
    note: object = "",
    across: object = "",
    whole: charts.Cohort | None = None,
    size: object = "",
    edges: Sequence[float] | None = None,
    digits: int = 0,
) -> dict[str, object]:
    """Cohorts downwards, intervals 0, 1, 2 … across, each share a cell that opens to its rows.

    A share of None is an interval that is not over: empty, not 0. `across` says what the intervals
    count (months since the first contract), `size` what a cohort's size counts, `whole` is a last
    row of all cohorts together. `edges` are the shares at which the shade deepens (at most five);
    without them round numbers between the least and the greatest.
    """
    rows = [*cohorts, *([whole] if whole else [])]
    if edges is None:
        edges = charts.heat_edges(cell.share for row in rows for cell in row.cells[1:])
    width = max((len(row.cells) for row in rows), default=0)
    return {
        "title": title,
        "note": note,
        "across": across,
        "size": size or gettext("Size"),
        "intervals": range(width),
        "rows": [(row, _cells(row, width, edges, digits)) for row in cohorts],
        "whole": (whole, _cells(whole, width, edges, digits)) if whole else None,
        "key": _key(edges),
    }


def _cells(
    row: charts.Cohort, width: int, edges: Sequence[float], digits: int
) -> list[tuple[str, str, str]]:
    """What each interval says, where it leads and how deep its shade is; "" where it is not over."""
    cells = [*row.cells, *[charts.Cell(None)] * (width - len(row.cells))]
    return [
        ("", "", "")
        if cell.share is None
        else (percent(cell.share, digits), cell.href, _depth(index, cell.share, edges))
        for index, cell in enumerate(cells)
    ]


def _depth(interval: int, share: float | Decimal, edges: Sequence[float]) -> str:
    """Interval 0 is what the others are a share of: it says nothing, and has no shade."""
    return str(charts.heat_depth(share, edges)) if interval else "base"


def _key(edges: Sequence[float]) -> list[tuple[int, str]]:
    """Each shade in words: an edge belongs to the shade that begins with it."""
    if not edges:
        return []
    said = [percent(edge, 2) for edge in edges]
    middle = [
        gettext("%(low)s to under %(high)s") % {"low": a, "high": b} for a, b in pairwise(said)
    ]
    words = [
        gettext("under %(share)s") % {"share": said[0]},
        *middle,
        gettext("%(share)s or more") % {"share": said[-1]},
    ]
    depths = [charts.heat_depth(share, edges) for share in (edges[0] - 1, *edges)]
    return list(zip(depths, words, strict=True))
