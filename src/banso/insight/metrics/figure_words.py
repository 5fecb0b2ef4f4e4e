"""Figures as people read them: values, differences, what they are made of."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.declarations import Words
from banso.core.ui.wording import money, number, percent, signed
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.registry import MEASURES
from banso.lib.money import minor_digits
from banso.lib.periods import Period

KINDS: dict[str, Words] = {
    "new": gettext_lazy("New customers"),
    "upsell": gettext_lazy("Upsell"),
    "cross_sell": gettext_lazy("Cross-sell"),
    "price": gettext_lazy("Price rises"),
    "reactivation": gettext_lazy("Came back"),
    "contraction": gettext_lazy("Contraction"),
    "churn": gettext_lazy("Churn"),
    "gap": gettext_lazy("Gaps between contracts"),
    "migration": gettext_lazy("Changes of product"),
    "transfer": gettext_lazy("Passed between parts"),
}


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


def label(kpi: str) -> str:
    return str(MEASURES[kpi].label) if kpi in MEASURES else kpi


def amount(value: Decimal | None, currency: str) -> str:
    """What a figure is made of: money in full, or a count."""
    if value is None or not currency:
        return number(value)
    return money(_minor(value, currency), currency).replace("-", "−")


def signed_amount(value: Decimal | None, currency: str) -> str:
    """The same with its sign always said: +¥1,200, −¥300, ±0."""
    if value is None or not currency or not _minor(value, currency):
        return signed(value)
    sign = "−" if value < 0 else "+"
    return f"{sign}{amount(abs(value), currency)}"


def value(figure: Figure | None) -> str:
    """93.25%, ¥12,345,678, 42. None, and no value, read "No data"."""
    found = figure.value if figure else None
    if figure and _is_share(figure):
        return percent(found, 2)
    return amount(found, figure.currency if figure else "")


def change(figure: Figure, difference: Decimal | None) -> str:
    """By how much it became another: +1.2 points of a rate, +¥1,200; "—" where nobody knows."""
    if difference is None:
        return "—"
    if _is_share(figure):
        return _("%(number)s points") % {"number": signed(difference * 100, 2)}
    return signed_amount(difference, figure.currency)


def _is_share(figure: Figure) -> bool:
    return figure.kpi in MEASURES and MEASURES[figure.kpi].unit == "share"


def _minor(value: Decimal, currency: str) -> int:
    return round(value.scaleb(minor_digits(currency)))
