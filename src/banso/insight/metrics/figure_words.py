"""Figures as people read them: values, differences, what they are made of."""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.core.declarations import Words
from banso.core.scope import current_workspace
from banso.core.ui import amounts
from banso.core.ui.wording import money, number, percent, short_day, signed
from banso.insight.metrics.asking import NO_RATE, Figure
from banso.insight.metrics.asking.registry import MEASURES
from banso.lib.lifetime_value import FEW
from banso.lib.money import nearest_minor, to_major
from banso.lib.periods import Kind, Period

# In the order in which a waterfall tells them: what came in, what fell, what only changed places.
KINDS: dict[str, Words] = {
    "new": gettext_lazy("New customers"),
    "reactivation": gettext_lazy("Came back"),
    "upsell": gettext_lazy("Upsell"),
    "cross_sell": gettext_lazy("Cross-sell"),
    "price": gettext_lazy("Price rises"),
    "contraction": gettext_lazy("Contraction"),
    "churn": gettext_lazy("Churn"),
    "gap": gettext_lazy("Gaps between contracts"),
    "migration": gettext_lazy("Changes of product"),
    "transfer": gettext_lazy("Passed between parts"),
}
OUTCOMES: dict[str, Words] = {
    "renewed": pgettext_lazy("of terms", "Renewed"),
    "followed": pgettext_lazy("of terms", "Followed by another contract"),
    "open": pgettext_lazy("of terms", "Undecided"),
    "lost": pgettext_lazy("of terms", "Not renewed"),
}

NOTES: dict[str, Words] = {
    "low_n": gettext_lazy("Too few customers to rely on."),
    "capped": gettext_lazy("At least so much: of 60 months, as too little churn is known."),
    "revenue_only": gettext_lazy("Of revenue: no gross margin is set."),
    "shared_currency": gettext_lazy("Converted from several currencies."),
    "future": gettext_lazy("This period has not begun."),
}


def part_words(part: str) -> str:
    """What the parts of a figure are called: kinds of movement, and what came of terms."""
    return str(KINDS.get(part) or OUTCOMES.get(part, part))


def period_name(period: Period) -> str:
    """2026/10; Q2 FY2026, 2026年度 第2四半期."""
    if period.kind == "month":
        return f"{period.start:%Y/%m}"
    said = {"year": period.fiscal_year, "number": period.number}
    if period.kind == "quarter":
        return _("Q%(number)d FY%(year)d") % said
    if period.kind == "half":
        first = _("First half of FY%(year)d") % said
        return first if period.number == 1 else _("Second half of FY%(year)d") % said
    return _("FY%(year)d") % said


def short_name(period: Period) -> str:
    """So short that it stands below a chart on a telephone: 2026/10; FY26 Q2, 26年度2Q."""
    said = {"year": period.fiscal_year % 100, "number": period.number}
    if period.kind == "quarter":
        return _("FY%(year)02d Q%(number)d") % said
    if period.kind == "half":
        first = _("FY%(year)02d H1") % said
        return first if period.number == 1 else _("FY%(year)02d H2") % said
    return span(period)


def span(period: Period) -> str:
    """2026/10, 2026年度; the months where they are no fiscal year: 2025/12–2026/11."""
    is_fiscal = period.fiscal_start == current_workspace().fiscal_start_month
    return period_name(period) if period.kind != "year" or is_fiscal else in_months(period)


def in_months(period: Period) -> str:
    """2025/12–2026/11."""
    return f"{period.start:%Y/%m}–{period.last_day:%Y/%m}"


def label(kpi: str) -> str:
    return str(MEASURES[kpi].label) if kpi in MEASURES else kpi


def label_of(figure: Figure) -> str:
    """What it is called, also where it stands beside one of a month."""
    return label_kept(figure.period.kind, figure.kpi)


def label_kept(kind: Kind, kpi: str) -> str:
    """As `label_of`, of a figure by what a closing keeps it under."""
    if kind != "year":
        return label(kpi)
    return _("%(figure)s (last 12 months)") % {"figure": label(kpi)}


def amount(value: Decimal | None, currency: str) -> str:
    """What a figure is made of: money in full, or a count."""
    if value is None or not currency:
        return number(value, 0 if value is None or value == value.to_integral_value() else 2)
    return money(nearest_minor(value, currency), currency).replace("-", "−")


def signed_amount(value: Decimal | None, currency: str) -> str:
    """The same with its sign always said: +¥1,200, −¥300, ±0."""
    if value is None or not currency or not nearest_minor(value, currency):
        return signed(value)
    sign = "−" if value < 0 else "+"
    return f"{sign}{amount(abs(value), currency)}"


def value_words(value: Decimal | None, unit: str, currency: str = "") -> str:
    """In full: 93.25%, ¥12,345,678, 42, 18.5 months. None reads "No data"."""
    if value is None or unit == "share":
        return percent(value, 2)
    if unit == "money":
        return amount(value, currency or current_workspace().currency)
    if unit == "months":
        return _("%(number)s months") % {"number": number(value, 1)}
    return number(value, 2 if unit == "posts" else 1)


def notes(figure: Figure, today: date) -> Iterator[str]:
    """What a reader must know of it, in sentences; it was told on that day."""
    if "running" in figure.notes:
        yield _("Until %(day)s.") % {"day": short_day(today)}
    yield from (str(NOTES[code]) for code in figure.notes if code in NOTES)
    yield from missing_rates(figure)
    if figure.kpi == "ltv" and "survival" in figure.parts:
        yield _("By how long customers have stayed: %(worth)s") % {"worth": by_survival(figure)}
    if "survival_low_n" in figure.notes:
        said = {"months": number(figure.parts["thin_from"], 0), "few": FEW}
        words = _("Stays from month %(months)s on are known of fewer than %(few)s customers.")
        yield words % said


def exchange_words(amount: Decimal | None, currency: str) -> str:
    """What exchange rates alone made of MRR since the period before; "" where that is nothing."""
    if not amount or not nearest_minor(amount, currency):
        return ""
    words = _(
        "Exchange rates: %(amount)s. The opening is counted at the rates of this period, the close of"
        " the period before at its own. No customer moved by it."
    )
    return words % {"amount": signed_amount(amount, currency)}


def missing_rates(*figures: Figure) -> Iterator[str]:
    """For want of which exchange rates they have no value, with the way to them: of each currency
    the earliest that is missing.
    """
    codes = [code.split() for one in figures for code in one.notes if code.startswith(NO_RATE)]
    latest_first = sorted(codes, key=lambda code: code[2], reverse=True)
    for currency, day in {currency: day for _code, currency, day in latest_first}.items():
        said = {"currency": currency, "day": short_day(date.fromisoformat(day))}
        words = _("There is no exchange rate of %(currency)s on or before %(day)s.") % said
        way = (reverse("metrics:rates"), _("Exchange rates"))
        yield format_html('{} <a href="{}">{}</a>', words, *way)


def by_survival(figure: Figure) -> str:
    """What customers are worth by how long they have stayed, rounded to be read at a glance."""
    worth = figure.parts["survival"]
    is_at_least = "survival_capped" in figure.notes
    return at_least(
        amounts.amount(worth, figure.currency), worth, ("capped",) if is_at_least else ()
    )


def at_least(words: str, value: Decimal | None, notes: Collection[str]) -> str:
    """With ≥ where all that is known is that it is at least so much."""
    return f"≥ {words}" if "capped" in notes and value is not None else words


def value(figure: Figure | None) -> str:
    """93.25%, ≥ ¥12,345,678, 42, 18.5 months. None, and no value, read "No data"."""
    if figure is None:
        return value_words(None, "")
    words = value_words(figure.value, _unit(figure.kpi), figure.currency)
    return at_least(words, figure.value, figure.notes)


def value_told(figure: Figure) -> Decimal | None:
    """The value for files and programs: money with no more digits than its currency has."""
    if figure.value is None or _unit(figure.kpi) != "money" or not figure.currency:
        return figure.value
    return to_major(nearest_minor(figure.value, figure.currency), figure.currency)


def ingredient(figure: Figure, name: Literal["numerator", "denominator"]) -> str:
    """The numerator or the denominator, each in what it counts."""
    measure = MEASURES[figure.kpi]
    unit = measure.denominator_unit if name == "denominator" else measure.numerator_unit
    return value_words(getattr(figure, name), unit, figure.currency)


def change(figure: Figure, difference: Decimal | None) -> str:
    """By how much it became another: +1.2 points of a rate, +¥1,200; "—" where nobody knows."""
    if difference is None:
        return "—"
    return difference_words(difference, _unit(figure.kpi), figure.currency)


def difference_words(difference: Decimal, unit: str, currency: str = "") -> str:
    """+1.2 points of a share, +¥1,200, −0.3 months, +2."""
    if unit == "share":
        return _("%(number)s points") % {"number": amounts.signed_points(difference * 100, 2)}
    if unit == "money":
        return signed_amount(difference, currency)
    if unit == "months":
        return _("%(number)s months") % {"number": signed(difference, 1)}
    return signed(difference, 1)


def _unit(kpi: str) -> str:
    return MEASURES[kpi].unit if kpi in MEASURES else ""
