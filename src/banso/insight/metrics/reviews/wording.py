"""Figures of reviews as people read them: values, differences, periods, kinds of movement."""

from decimal import Decimal

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words
from banso.core.ui.wording import money, money_short, number, percent, signed
from banso.insight.metrics.models import Target
from banso.insight.metrics.registry import MEASURES
from banso.insight.metrics.reviews.answers import Line, Promise, in_source
from banso.lib.money import minor_digits
from banso.lib.periods import Period

# In the order in which a waterfall tells them: what came in, what fell, what only changed places.
MOVES: dict[str, Words] = {
    "new": _("New customers"),
    "reactivation": _("Came back"),
    "upsell": _("Upsell"),
    "cross_sell": _("Cross-sell"),
    "price": _("Price rises"),
    "contraction": _("Contraction"),
    "churn": _("Churn"),
    "gap": _("Gaps between contracts"),
    "migration": _("Changes of product"),
    "transfer": _("Passed between parts"),
}


def move_words(kind: str) -> str:
    return str(MOVES.get(kind, kind))


def value_words(value: Decimal | None, unit: str, currency: str) -> str:
    """In full: 93.25%, ¥12,345,678, 42, 18.5 months. None reads "No data"."""
    if value is None or unit == "share":
        return percent(value, 2)
    if unit == "money":
        return money(minor_of(value, currency), currency)
    if unit == "months":
        return gettext("%(number)s months") % {"number": number(value, 1)}
    return number(value, 1)


def line_words(line: Line) -> str:
    """A figure in full; with ≥ where all that is known is that it is at least so much."""
    words = value_words(line.value, line.unit, line.currency)
    return f"≥ {words}" if "capped" in line.notes and line.value is not None else words


def short_words(value: Decimal | None, unit: str, currency: str) -> str:
    """For tiles and slides: money rounded, 3,820万円."""
    if value is None or unit != "money":
        return value_words(value, unit, currency)
    return money_short(minor_of(value, currency), currency)


def kpi_words(kpi: str) -> str:
    entry = MEASURES.get(kpi)
    return str(entry.label) if entry else kpi


def promise_words(promise: Promise | Target) -> str:
    """A target in the unit of its KPI."""
    entry = MEASURES.get(promise.kpi)
    return value_words(promise.value, entry.unit if entry else "", promise.currency)


def amount_words(value: Decimal, currency: str) -> str:
    """Money with its sign always said: +¥1,200, −¥300."""
    text = money(minor_of(abs(value), currency), currency)
    return f"−{text}" if value < 0 else f"+{text}"


def difference_words(value: Decimal | None, unit: str) -> str:
    """+1.2 points of a rate, +3.4% of all else; "—" where there is nothing to compare with."""
    if value is None:
        return "—"
    if unit == "share":
        return gettext("%(number)s points") % {"number": signed(value, 2)}
    return f"{signed(value, 1)}%"


def minor_of(value: Decimal, currency: str) -> int:
    return round(value.scaleb(minor_digits(currency or "JPY")))


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
    said = {"year": period.fiscal_year, "number": period.number}
    match period.kind:
        case "month":
            return gettext("%(month)s %(year)d") % {
                "month": MONTHS_3[period.start.month].title(),
                "year": period.start.year,
            }
        case "quarter":
            return gettext("Q%(number)d FY%(year)d") % said
        case "half":
            first, second = (
                gettext("First half of FY%(year)d"),
                gettext("Second half of FY%(year)d"),
            )
            return (first if period.number == 1 else second) % said
    return gettext("FY%(year)d") % said


def months_of(period: Period) -> str:
    """2026/07–2026/09."""
    return f"{period.start:%Y/%m}–{period.last_day:%Y/%m}"
