"""Figures of metrics worded: money in major units, rates as fractions of 1, and their changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.template import Library
from django.utils.translation import get_language, gettext, ngettext

from banso.core.ui.wording import Number, even, money, number, percent, signed
from banso.lib.money import nearest_minor
from banso.lib.money_scale import MoneyScale, money_scale

register = Library()


@dataclass(frozen=True, slots=True)
class Measure:
    """How the figures of one chart are drawn, written beside it, and told in full in its twin."""

    unit: object
    digits: int
    is_rate: bool = False
    scale: MoneyScale | None = None

    @property
    def said_unit(self) -> object:
        """What follows a value told in full: money and rates say theirs themselves."""
        return "" if self.scale or self.is_rate else self.unit

    def drawn(self, value: Number | None) -> float | None:
        """In the chart's own unit: percent, or millions."""
        if value is None:
            return None
        if self.scale:
            return float(self.scale.of(exact(value)))
        return float(value) * 100 if self.is_rate else float(value)

    def written(self, value: Number | None) -> str:
        """As it stands beside its mark, the unit being said once: 38.2, 37.0, 0."""
        if value is None or not self.scale:
            share = None if value is None else value * (100 if self.is_rate else 1)
            return number(share, self.digits)
        return _column(self.scale.rounded(exact(value)))

    def written_signed(self, value: Number | None) -> str:
        """Likewise, with the sign always said."""
        text = self.written(value)
        return text if value is None else with_sign(text, is_zero=text == "0")

    def told(self, value: Number | None) -> str:
        """In full: ¥38,200,000, 93.4%, 12."""
        if self.scale and value is not None:
            return amount_in_full(exact(value), self.scale.currency)
        return percent(value, self.digits) if self.is_rate else number(value, self.digits)

    def told_signed(self, value: Number | None) -> str:
        text = self.told(value)
        return text if value is None else with_sign(text, is_zero=not value)


def measure(
    values: Iterable[Number | None],
    *,
    unit: object = "",
    digits: int | None = None,
    currency: str = "",
    rate: bool = False,
) -> Measure:
    """The one measure of all `values`: money of a currency, rates, or plain numbers of a unit."""
    if currency:
        known = [exact(value) for value in values if value is not None]
        scale = money_scale(known, currency, get_language() or "ja")
        return Measure(scale.unit, scale.digits, scale=scale)
    if rate:
        return Measure("%", 1 if digits is None else digits, is_rate=True)
    return Measure(unit, digits or 0)


@register.filter
def amount(value: Number | None, currency: str = "JPY") -> str:
    """Money in major units at a glance: 38.2百万円, JPY 38.2 million. None reads "No data"."""
    if value is None:
        return gettext("No data")
    return _whole(*amount_parts(value, currency))


def amount_parts(value: Number, currency: str) -> tuple[str, str, str]:
    """As `amount`, in parts: what stands before the number, the number, what follows it."""
    scale = money_scale([exact(value)], currency, get_language() or "ja")
    return scale.before, _number_of(scale.rounded(exact(value))), scale.after


def _whole(before: str, figure: str, after: str) -> str:
    """−JPY 1.2 million: the sign stands first."""
    minus = "−" if figure.startswith("−") else ""
    return f"{minus}{before}{figure.removeprefix('−')}{after}"


@register.filter
def amount_in_full(value: Number | None, currency: str = "JPY") -> str:
    """Money in major units to the last minor unit: ¥38,200,000."""
    return money(None if value is None else nearest_minor(exact(value), currency), currency)


@register.filter
def amount_change(value: Number | None, currency: str = "JPY") -> str:
    """A change of money in major units: +1.2百万円, −JPY 1.2 million, ±0円."""
    if value is None:
        return gettext("No data")
    before, figure, after = amount_parts(value, currency)
    return with_sign(_whole(before, figure, after), is_zero=figure == "0")


@register.filter
def points(change: Number | None, digits: int = 1) -> str:
    """A change of a rate (a fraction of 1): +1.2ポイント, −0.3 points, ±0 points."""
    if change is None:
        return gettext("No data")
    text = signed_points(change * 100, digits)
    one = text.lstrip("+−") == "1"
    words = ngettext("%(change)s point", "%(change)s points", 1 if one else 2)
    return words % {"change": text}


def signed_points(change: Number, digits: int) -> str:
    """+1.20, −0.35, ±0."""
    text = even(rounded(change, digits), digits)
    return with_sign(text, is_zero=text == "0")


@register.filter
def percent_change(change: Number | None, digits: int = 1) -> str:
    """A change as a share of what was before: +3.2%, ±0%."""
    if change is None:
        return gettext("No data")
    return f"{signed(rounded(change * 100, digits), digits)}%"


def with_sign(text: str, *, is_zero: bool) -> str:
    """The worded amount with its sign said: +38.2, −38.2, ±0."""
    return text if text[0] in "-−" else f"{'±' if is_zero else '+'}{text}"


def rounded(value: Number, digits: int) -> Decimal:
    """Halves away from zero, as it is shown: what reads ±0 is no change."""
    return exact(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def exact(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _number_of(value: Decimal) -> str:
    exponent = value.as_tuple().exponent
    return number(value, max(0, -exponent) if isinstance(exponent, int) else 0)


def _column(value: Decimal) -> str:
    """As figures stand below each other: with all decimals, zero alone without."""
    return f"{value:,f}".replace("-", "−") if value else "0"
