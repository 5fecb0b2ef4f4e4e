"""締め後の修正: what the ledger says now of closed months that show what was reported."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from banso.insight.metrics import figure_words
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.boards.dashboard import Board, Reported
from banso.insight.metrics.restatements.compared import Compared


@dataclass(frozen=True, slots=True)
class Correction:
    """By how much a figure is another now, in words, and where the lines that did it are told."""

    label: str
    words: str
    href: str


def corrections(board: Board, *kpis: str) -> list[Correction]:
    """Of the months of these KPIs that were closed, those that the ledger tells otherwise now."""
    every = [one for kpi in kpis for one in board.reported.get(kpi, ())]
    closed = [one for one in every if one.figure.period.kind == "month"]
    found = [correction(one) for one in closed]
    return [one for one in found if one]


def correction(one: Reported | None) -> Correction | None:
    """None where the ledger says what was reported."""
    return corrected(Compared(one.figure, one.now), one.closing) if one else None


def corrected(pair: Compared | None, closing: UUID, by: str = "") -> Correction | None:
    """As `correction`, of a part too that was not there then, or is not there now."""
    if pair is None or not pair.is_changed:
        return None
    figure = pair.figure
    return Correction(
        label=f"{figure_words.span(figure.period)} {figure_words.label(figure.kpi)}",
        words=_("Corrections after closing: %(change)s") % {"change": _moved(pair)},
        href=restatement_url(figure, closing, by),
    )


def _moved(pair: Compared) -> str:
    """By how much, or what it is now where no difference can be told."""
    if pair.difference is None:
        return _("%(value)s now") % {"value": figure_words.value(pair.now)}
    if not pair.difference:
        return _("numerator or denominator changed")
    return figure_words.change(pair.figure, pair.difference)


def reported_words(one: Reported | None, *, is_closed: bool = False) -> list[str]:
    """What a reader must know of a figure that is shown as it was reported, where it is.

    `is_closed`: it is of a closed month, which did not keep every figure.
    """
    if one is None:
        return [_("Not kept when the month was closed: as the ledger tells it now.")] * is_closed
    found = correction(one)
    links = [format_html('<a href="{}">{}</a>', found.href, found.words)] if found else []
    return [_("As reported when the month was closed."), *links]


def restatement_url(figure: Figure, closing: UUID, by: str = "") -> str:
    """A closed month's figure as known at its closing beside as it is known now, line by line.

    What is no sum of lines, and what is of a year, stands on the page of the closing.
    """
    if figure.period.kind != "month" or not MEASURES[figure.kpi].adds_up:
        page = reverse("metrics:closing", args=[closing])
        return f"{page}?by={by}" if by else page
    month = f"{figure.period.start:%Y-%m}"
    asked = {"kpi": figure.kpi, "first": month, "last": month, "by": by, "closing": str(closing)}
    query = urlencode({name: one for name, one in asked.items() if one})
    return f"{reverse('metrics:restatements')}?{query}"
