"""Filters of the pages of closings and restatements."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.template import Library

from banso.core.ui.wording import money
from banso.customers.models import ChangeKind
from banso.insight.metrics import figure_words
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.compared import Compared
from banso.lib.periods import Period

if TYPE_CHECKING:
    from banso.insight.metrics.restating import Restated

register = Library()


@register.filter
def figure_value(figure: Figure | None) -> str:
    return figure_words.value(figure)


@register.filter
def figure_change(pair: "Compared | Restated") -> str:
    return figure_words.change(pair.figure, pair.difference)


@register.filter
def amount(value: Decimal | None, currency: str) -> str:
    return figure_words.amount(value, currency)


@register.filter
def signed_amount(value: Decimal | None, currency: str) -> str:
    return figure_words.signed_amount(value, currency)


@register.filter
def period_name(period: Period) -> str:
    return figure_words.period_name(period)


@register.filter
def kpi_label(kpi: str) -> str:
    return figure_words.label(kpi)


@register.filter
def kind_of_line(kind: str) -> str:
    return str(ChangeKind(kind).label) if kind in ChangeKind.values else kind


@register.filter
def kind_of_movement(kind: str) -> str:
    return figure_words.part_words(kind)


@register.filter
def minor_amount(minor: Decimal, currency: str) -> str:
    """An amount in minor units, as the lines of the ledger keep it."""
    return money(round(minor), currency)
