"""Figures of reviews as people read them: lines, promises, differences, periods."""

from decimal import Decimal

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext

from banso.core.declarations import Words
from banso.core.ui.amounts import signed_points
from banso.core.ui.wording import money_short, signed
from banso.insight.metrics import figure_words
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.figure_words import at_least, value_words
from banso.insight.metrics.models import Target
from banso.insight.metrics.reviews.answers import Line, Promise, in_source
from banso.lib.money import nearest_minor
from banso.lib.periods import Period


def line_words(line: Line) -> str:
    """A figure in full; with ≥ where all that is known is that it is at least so much."""
    return at_least(value_words(line.value, line.unit, line.currency), line.value, line.notes)


def short_words(value: Decimal | None, unit: str, currency: str) -> str:
    """For tiles and slides: money rounded, 3,820万円."""
    if value is None or unit != "money":
        return value_words(value, unit, currency)
    return money_short(nearest_minor(value, currency), currency)


def promise_words(promise: Promise | Target) -> str:
    """A target in the unit of its KPI."""
    entry = MEASURES.get(promise.kpi)
    return value_words(promise.value, entry.unit if entry else "", promise.currency)


def difference_words(value: Decimal | None, unit: str) -> str:
    """+1.2 points of a rate, +3.4% of all else; "—" where there is nothing to compare with."""
    if value is None:
        return "—"
    if unit == "share":
        return gettext("%(number)s points") % {"number": signed_points(value, 2)}
    return f"{signed(value, 1)}%"


def label_of(line: Line) -> str:
    return _current(line, "label") or gettext(line.label)


def formula_of(line: Line) -> str:
    return _current(line, "formula") or gettext(line.formula)


def _current(line: Line, name: str) -> str:
    """The registry's words, where they are still those that were kept."""
    entry = MEASURES.get(line.kpi)
    words: Words = getattr(entry, name) if entry else ""
    return str(words) if entry and in_source(words) == getattr(line, name) else ""


def period_name(period: Period) -> str:
    """Q2 FY2026, 2026年度 第2四半期; a month by its name."""
    if period.kind != "month":
        return figure_words.period_name(period)
    return gettext("%(month)s %(year)d") % {
        "month": MONTHS_3[period.start.month].title(),
        "year": period.start.year,
    }


def months_of(period: Period) -> str:
    """2026/07–2026/09."""
    return f"{period.start:%Y/%m}–{period.last_day:%Y/%m}"
