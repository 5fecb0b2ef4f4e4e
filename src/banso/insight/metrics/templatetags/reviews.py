"""`{% load reviews %}`: figures of reviews and reports in words."""

from django.template import Library

from banso.insight.metrics import figure_words
from banso.insight.metrics.boards.dashboard import Chosen
from banso.insight.metrics.boards.links import rows_url
from banso.insight.metrics.models import Closing, ReviewClosing, Target
from banso.insight.metrics.reviews import wording
from banso.insight.metrics.reviews.answers import Line
from banso.lib.periods import Period

register = Library()
register.filter("label_of", wording.label_of)
register.filter("formula_of", wording.formula_of)
register.filter("period_words", wording.period_name)
register.filter("months_of", wording.months_of)
register.filter("promise_words", wording.promise_words)


@register.filter
def value_of(line: Line) -> str:
    """What the figure was, in full."""
    return wording.line_words(line)


@register.filter
def short_of(line: Line) -> str:
    words = wording.short_words(line.value, line.unit, line.currency)
    return figure_words.at_least(words, line.value, line.notes)


@register.filter
def before_of(line: Line) -> str:
    words = figure_words.value_words(line.before, line.unit, line.currency)
    return figure_words.at_least(words, line.before, line.before_notes)


@register.filter
def target_of(line: Line) -> str:
    """What was promised; "—" where nothing was."""
    if line.target is None:
        return "—"
    return figure_words.value_words(line.target, line.unit, line.currency)


@register.filter
def change_of(line: Line) -> str:
    return wording.difference_words(line.change, line.unit)


@register.filter
def against_target(line: Line) -> str:
    return wording.difference_words(line.against_target, line.unit)


@register.filter
def target_period(target: Target, fiscal_start: int) -> str:
    return wording.period_name(target.period(fiscal_start))


@register.simple_tag
def opens(
    kpi: str, period: Period, frozen: Closing | ReviewClosing | None = None, part: str = ""
) -> str:
    """The rows of a figure; of a closed month or review as they were known when it was closed."""
    closing = frozen.pk if isinstance(frozen, Closing) else None
    url = rows_url(kpi, period, part=part, chosen=Chosen(period), closing=closing)
    return f"{url}&review={frozen.review_id}" if isinstance(frozen, ReviewClosing) else url
