"""Money as integer minor units of a currency, read from and written for people."""

import re
from decimal import Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_symbol

from banso.lib.bad_value import BadValue
from banso.lib.text import narrow

MAX_DIGITS = 18
_SIX_DECIMALS = 10**6

# Babel's digits are for showing. Where ISO 4217 keeps a minor unit that daily life dropped,
# storing without it would refuse exact amounts.
_ISO_DIGITS = {
    "IQD": 3, "AFN": 2, "ALL": 2, "IRR": 2, "KPW": 2, "LAK": 2, "LBP": 2, "MGA": 2, "MMK": 2,
    "RSD": 2, "SOS": 2, "SYP": 2, "YER": 2,
}  # fmt: skip

_SIGNS = {
    "¥": {"JPY", "CNY"}, "円": {"JPY"}, "€": {"EUR"}, "£": {"GBP"},
    "$": {"USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"},
}  # fmt: skip
_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+")
_AMOUNT = re.compile(
    r"(?P<open>\()?\s*(?P<minus>[-+△▲−]?)\s*(?P<before>[¥$€£]?)\s*(?P<inner>[-△▲−]?)"
    rf"(?P<number>{_NUMBER.pattern})\s*(?P<scale>千|百?万|億)?(?P<after>円?)\s*(?P<close>\))?"
)
_SCALES = {"千": 10**3, "万": 10**4, "百万": 10**6, "億": 10**8}
UNITS = {1: "円", **{scale: f"{sign}円" for sign, scale in _SCALES.items()}}
"""What the plain numbers of a column of yen may count."""
# At the end of a heading, or above a table: 月額（千円）, 単位：百万円.
_SAID_UNIT = re.compile(
    r"[(\[]\s*(?:単位\s*[:.]?\s*)?(千|百?万|億)?円\s*[)\]]$|単位\s*[:.]?\s*(千|百?万|億)?円"
)


def parse_amount(text: str, *, unit: int = 1) -> Decimal:
    """The number a person wrote as an amount, exact, in major units. At most 18 digits.

    Reads full-width digits, thousands commas, one of ¥ ￥ 円 $ € £, 千円, 120万円 and 1.2億, and a
    minus as -, △, ▲ or parentheses. `unit` is what a plain number counts: 1000 in a column of
    千円. Raises BadValue: 'empty', 'not_a_number' (also for NaN, 1e5 and 1.234,56),
    'too_many_digits', 'other_unit' where a cell of such a column says 円 or ¥.
    """
    number, signs, scale = _read(text)
    if unit == 1 or scale:
        return number
    if signs:
        raise BadValue("other_unit", value=text[:50], unit=UNITS.get(unit, str(unit)))
    return _within(number * unit)


def _within(number: Decimal) -> Decimal:
    if number and number.adjusted() >= MAX_DIGITS:
        raise BadValue("too_many_digits", limit=MAX_DIGITS)
    return number


def unit_said(words: str) -> int | None:
    """What the plain numbers under a heading count: 1000 for 月額（千円）; None where it says nothing."""
    found = _SAID_UNIT.search(narrow(words).strip())
    return _SCALES.get(found[1] or found[2] or "", 1) if found else None


def without_unit(heading: str) -> str:
    """A heading without the unit it ends in: 月額 of 月額（千円）."""
    return _SAID_UNIT.sub("", narrow(heading).strip()).strip()


def _read(text: str) -> tuple[Decimal, set[str], str | None]:
    """The amount, the currency signs and the scale beside it."""
    written = narrow(text).strip()
    if not written:
        raise BadValue("empty")
    found = _AMOUNT.fullmatch(written) if len(written) <= 100 else None
    signs = [found[part] for part in ("open", "minus", "inner") if found[part]] if found else []
    if not found or bool(found["open"]) != bool(found["close"]) or len(signs) > 1:
        raise BadValue("not_a_number", value=text[:100])
    digits = found["number"].replace(",", "")
    if len(digits.replace(".", "").lstrip("0")) > MAX_DIGITS:
        raise BadValue("too_many_digits", limit=MAX_DIGITS)
    number = Decimal(digits)
    negative = bool(signs) and signs[0] != "+" and number != 0
    if scale := found["scale"]:
        number = _within(number * _SCALES[scale])
    signed = -number if negative else number
    return signed, {found["before"], found["after"]} - {""}, scale


@lru_cache(maxsize=512)
def minor_digits(currency: str) -> int:
    """Decimals of the currency by ISO 4217: JPY 0, USD 2, KWD 3.

    Raises BadValue('unknown_currency') unless it is an upper-case code that exists or existed.
    """
    if currency not in get_global("all_currencies"):
        raise BadValue("unknown_currency", value=currency[:10])
    if currency in _ISO_DIGITS:
        return _ISO_DIGITS[currency]
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


@lru_cache(maxsize=4096)  # prices come again and again
def to_minor(amount: str | Decimal | int, currency: str) -> int:
    """Integer minor units of an amount in major units ("1,200円", Decimal("12.50")); exact.

    Raises BadValue: 'too_many_decimals' rather than round, 'other_currency' when a sign such as $
    stands at an amount of JPY, 'too_many_digits' above 18, 'not_a_number', 'unknown_currency'.
    """
    digits = minor_digits(currency)
    number, signs = _read(amount)[:2] if isinstance(amount, str) else (Decimal(amount), set())
    if any(currency not in _SIGNS[sign] for sign in signs):
        raise BadValue("other_currency", currency=currency)
    if not number.is_finite():
        raise BadValue("not_a_number", value=str(amount))
    if number and number.adjusted() + digits >= MAX_DIGITS:
        raise BadValue("too_many_digits", limit=MAX_DIGITS)
    if number.adjusted() < -MAX_DIGITS:  # an exact ratio of 1e-999999 would take for ever
        raise BadValue("too_many_decimals", currency=currency, digits=digits)
    numerator, denominator = number.as_integer_ratio()
    scale: int = 10**digits
    minor, rest = divmod(numerator * scale, denominator)
    if rest:
        raise BadValue("too_many_decimals", currency=currency, digits=digits)
    return minor


def to_major(minor: int, currency: str) -> Decimal:
    """Exact major units, with as many decimals as the currency has: 1250 USD is 12.50."""
    return Decimal(f"{minor}e-{minor_digits(currency)}")


def nearest_minor(amount: Decimal | int, currency: str) -> int:
    """Integer minor units of a calculated amount in major units, halves away from zero."""
    numerator, denominator = amount.as_integer_ratio()
    return _divide(numerator * 10 ** minor_digits(currency), denominator)


def format_money(minor: int, currency: str, language: str) -> str:
    """In full: ¥1,234,567, -$12.50, KWD 1.234; a whole amount without decimals ($10,159,608).

    The same in every language today; `language` is asked so that callers need not change.
    """
    digits = 0 if minor % 10 ** minor_digits(currency) == 0 else minor_digits(currency)
    return _signed(minor, currency, f"{abs(to_major(minor, currency)):,.{digits}f}")


def format_money_short(minor: int, currency: str, language: str) -> str:
    """For tiles and lists: three significant digits, halves away from zero.

    Yen in Japanese: 3,820万円, 2.8万円, 1.2億円, and below 1万 in full. Else ¥38.2M, $10.2M, $620K,
    and below 1,000 in full.
    """
    yen_in_japanese = currency == "JPY" and language.startswith("ja")
    step, units = (10**4, "万億兆") if yen_in_japanese else (10**3, "KMBT")
    scale = 10 ** minor_digits(currency) * step
    if abs(minor) < scale:
        return format_money(minor, currency, language)
    short = _three_digits(abs(minor), scale)
    while short >= step and len(units) > 1:
        scale, units = scale * step, units[1:]
        short = _three_digits(abs(minor), scale)
    if yen_in_japanese:
        return f"{'-' if minor < 0 else ''}{short:,f}{units[0]}円"
    return _signed(minor, currency, f"{short:,f}{units[0]}")


def _three_digits(amount: int, scale: int) -> Decimal:
    """amount ÷ scale with three significant digits, or all before the point; no idle zeros."""
    for decimals in (2, 1, 0):
        scaled = _divide(amount * 10**decimals, scale)
        if scaled < 1000 or decimals == 0:
            break
    while decimals and scaled % 10 == 0:
        scaled, decimals = scaled // 10, decimals - 1
    return Decimal(f"{scaled}e-{decimals}")


def _signed(minor: int, currency: str, number: str) -> str:
    # English signs for every reader: ja writes a full-width ￥, and 元 for a currency of China.
    return f"{'-' if minor < 0 else ''}{_sign(currency)}{number}"


@lru_cache(maxsize=512)
def _sign(currency: str) -> str:
    sign = get_currency_symbol(currency, locale="en")
    return f"{sign} " if sign[-1:].isalpha() else sign


def monthly(amount_minor: int, term_months: int) -> Decimal:
    """MRR: amount ÷ term in minor units, six decimals, halves away from zero.

    Raises BadValue('bad_term') unless the term is one month or more.
    """
    if term_months < 1:
        raise BadValue("bad_term", value=term_months)
    return Decimal(f"{_divide(amount_minor * _SIX_DECIMALS, term_months)}e-6")


def term_amount(mrr: Decimal, months: int) -> int:
    """What `months` of an MRR come to, in whole minor units: `monthly` and back is exact.

    That holds for any amount and any term under 80,000 years, for MRR is off by at most 0.5e-6.
    """
    numerator, denominator = mrr.as_integer_ratio()
    return _divide(numerator * months, denominator)


def _divide(numerator: int, denominator: int) -> int:
    """The nearest integer, halves away from zero, without passing through a rounded float."""
    half_up = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -half_up if numerator < 0 else half_up
