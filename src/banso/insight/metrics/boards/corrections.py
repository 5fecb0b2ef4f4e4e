"""締め後の修正: what the ledger says now of closed months that show what was reported."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from banso.insight.metrics import figure_words
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.boards.dashboard import Board, Reported
from banso.insight.metrics.restatements.compared import difference, is_other


@dataclass(frozen=True, slots=True)
class Correction:
    """By how much a figure is another now, in words, and where the lines that did it are told."""

    label: str
    words: str
    href: str


def corrections(board: Board, *kpis: str) -> list[Correction]:
    """Of the months of these KPIs that were closed, those that the ledger tells otherwise now."""
    closed = [one for kpi in kpis for one in board.reported.get(kpi, ())]
    found = [correction(one) for one in closed]
    return [one for one in found if one]


def correction(one: Reported | None) -> Correction | None:
    """None where the ledger says what was reported."""
    if one is None or not is_other(one.figure, one.now):
        return None
    moved = figure_words.change(one.figure, difference(one.figure, one.now))
    return Correction(
        label=f"{figure_words.period_name(one.figure.period)} {figure_words.label(one.figure.kpi)}",
        words=_("Corrections after closing: %(change)s") % {"change": moved},
        href=restatement_url(one.figure, one.closing),
    )


def reported_words(one: Reported | None) -> list[str]:
    """What a reader must know of a figure that is shown as it was reported, where it is."""
    if one is None:
        return []
    found = correction(one)
    links = [format_html('<a href="{}">{}</a>', found.href, found.words)] if found else []
    return [_("As reported when the month was closed."), *links]


def restatement_url(figure: Figure, closing: UUID, by: str = "") -> str:
    """A closed month's figure as known at its closing beside as it is known now, line by line."""
    month = f"{figure.period.start:%Y-%m}"
    asked = {"kpi": figure.kpi, "first": month, "last": month, "by": by, "closing": str(closing)}
    query = urlencode({name: one for name, one in asked.items() if one})
    return f"{reverse('metrics:restatements')}?{query}"
