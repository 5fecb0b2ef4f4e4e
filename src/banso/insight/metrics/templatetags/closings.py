"""Filters of the pages of closings and restatements."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from django.template import Library

from banso.core.ui.wording import money
from banso.customers.models import ChangeKind
from banso.insight.metrics import figure_words
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.asking.questions import Question
from banso.insight.metrics.boards.corrections import Correction, corrected, restatement_url
from banso.insight.metrics.boards.dashboard import Chosen
from banso.insight.metrics.boards.links import rows_url
from banso.insight.metrics.models import Closing
from banso.insight.metrics.restatements.compared import Compared
from banso.insight.metrics.reviews.reported import Beside

if TYPE_CHECKING:
    from banso.insight.metrics.restatements.then_and_now import Restated

register = Library()


@register.filter
def figure_change(pair: "Compared | Restated") -> str:
    return figure_words.change(pair.figure, pair.difference)


register.filter("figure_label", figure_words.label_of)


@register.filter
def kind_of_line(kind: str) -> str:
    return str(ChangeKind(kind).label) if kind in ChangeKind.values else kind


@register.filter
def minor_amount(minor: Decimal, currency: str) -> str:
    """An amount in minor units, as the lines of the ledger keep it."""
    return money(round(minor), currency)


@register.simple_tag
def then_url(closing: Closing, figure: Figure | None, by: str = "", part: str = "") -> str:
    """The rows of a figure as they were known when the month was closed; "" where there is none."""
    if figure is None:
        return ""
    chosen = Chosen(figure.period)
    return rows_url(
        figure.kpi, figure.period, by, figure.cut, part, chosen=chosen, closing=closing.pk
    )


@register.simple_tag
def now_url(figure: Figure | None, by: str = "", part: str = "") -> str:
    """The rows of a figure as they are known now; "" where there is none."""
    if figure is None:
        return ""
    return rows_url(figure.kpi, figure.period, by, figure.cut, part, chosen=Chosen(figure.period))


@register.simple_tag
def moved_url(closing: Closing, figure: Figure, by: str = "") -> str:
    """What made a figure of the closed month another, line by line."""
    return restatement_url(figure, closing.pk, by)


@register.simple_tag
def correction_of(beside: Beside | None) -> Correction | None:
    """What the ledger says now of a figure that was reported otherwise."""
    return corrected(beside.pair, beside.closing) if beside else None


@register.simple_tag
def side_url(
    one: "Restated", side: Literal["then", "now"], question: Question, closing: Closing | None
) -> str:
    """The rows of one side of a restatement; "" where there was none of the part."""
    figure = one.then if side == "then" else one.now
    if figure is None:
        return ""
    chosen = Chosen(figure.period, question.unit)
    closed_by = closing.pk if closing and side == "then" else None
    if closed_by is None:
        chosen = replace(chosen, known_at=getattr(question, side))
    return rows_url(
        figure.kpi, figure.period, question.by, figure.cut, chosen=chosen, closing=closed_by
    )
