"""`{% load figures %}`: figures on pages, for people to read and for programs to check."""

from decimal import Decimal

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from banso.core.ui.figures import sparkline
from banso.core.ui.marks import delta
from banso.core.ui.wording import no_data, number
from banso.insight.metrics import figure_words
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.asking.registry import Measure
from banso.insight.metrics.figures.standings import Standing

register = Library()
register.filter("period_name", figure_words.period_name)
register.filter("span", figure_words.span)
register.filter("exchange_words", figure_words.exchange_words)
register.filter("missing_rates", lambda figure: list(figure_words.missing_rates(figure)))
register.filter("part_words", figure_words.part_words)
register.filter("kpi_label", figure_words.label)
register.filter("figure_value", figure_words.value)
register.filter("amount", figure_words.amount)
register.filter("signed_amount", figure_words.signed_amount)


@register.filter
def numerator_of(figure: Figure) -> str:
    return figure_words.ingredient(figure, "numerator")


@register.filter
def denominator_of(figure: Figure) -> str:
    return figure_words.ingredient(figure, "denominator")


@register.simple_tag
def exact(value: Decimal | None, words: str, of: str, name: str) -> SafeString:
    """The words of a number, with all its digits beside: of = row | total | figure | moved."""
    if value is None:
        return no_data()
    said = f"{value:f}"  # no exponent
    return format_html('<data value="{}" data-{}="{}">{}</data>', said, of, name, words)


@register.simple_tag
def exact_of_row(
    value: Decimal, of: Measure, currency: str, name: str, place: str = "row"
) -> SafeString:
    """What a row, or all rows (place = total), add to a numerator or denominator."""
    unit = of.denominator_unit if name == "denominator" else of.numerator_unit
    return exact(value, figure_words.value_words(value, unit, currency), place, name)


@register.inclusion_tag("ui/delta.html")
def changed(
    measure: Measure, figure: Figure, difference: Decimal | None, against: object = ""
) -> dict[str, object]:
    """A change with its direction of good in words; nothing known reads so."""
    words = figure_words.change(figure, difference)
    shown = None if difference is None else float(difference)
    return delta(shown, good=measure.good, against=against, words=words)


@register.simple_tag
def course_of(standing: Standing) -> SafeString:
    """A small line of the months with their first and last value in words."""
    known = [one for one in standing.figures if one.value is not None]
    if len(known) < 2 or not standing.trend:
        return format_html('<span class="{}">—</span>', "faint")
    words = f"{figure_words.value(known[0])} → {figure_words.value(known[-1])}"
    return sparkline(standing.trend, words)


@register.simple_tag
def linked(told: tuple[int, str]) -> SafeString:
    """How many, as a link to whom; a link to nobody leads nowhere."""
    count, href = told
    words = number(count)
    return format_html('<a href="{}">{}</a>', href, words) if href else format_html("{}", words)
