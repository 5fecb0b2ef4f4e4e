"""Cells of imported tables: yes and no, whole numbers. Amounts: `money`; dates: `dates`."""

import re
import unicodedata
from decimal import Decimal

from banso.lib.bad_value import BadValue
from banso.lib.money import parse_amount
from banso.lib.text import fold

_YES = frozenset(map(fold, [
    "true", "t", "yes", "y", "1", "on", "はい", "有", "有り", "あり", "○", "〇",
    "◯", "◎", "✓", "✔", "☑", "済", "真", "する", "対象",
]))  # fmt: skip
_NO = frozenset(map(fold, [
    "false", "f", "no", "n", "0", "off", "いいえ", "無", "無し", "なし", "×", "✕",
    "✗", "☐", "未", "偽", "しない", "対象外",
]))  # fmt: skip

PLAIN_DIGITS = 9
# What people, companies and things are counted with. Not days, months or years: 1年 is not 1 month.
_COUNTERS = ("名", "人", "社", "件", "席", "個", "ライセンス", "アカウント", "ユーザー")
_MONTHS = re.compile(r"(?:([0-9]+)年)?(?:([0-9]+)[かカヵヶケ箇]月)?間?(?:前(?:まで)?)?")
_DAYS = re.compile(r"([0-9]+)日間?(?:前(?:まで)?)?")
NO_VALUE = "#FORMULA!"  # of ours: a formula that nothing has worked out
_ERRORS = frozenset([
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA", NO_VALUE,
])  # fmt: skip


def refuse_error(cell: str) -> None:
    """Raises BadValue for what a spreadsheet shows instead of a value: 'error_cell', 'no_cached_value'."""
    if (word := cell.strip().upper()) in _ERRORS:
        raise BadValue("no_cached_value" if word == NO_VALUE else "error_cell", value=word)


def plain_number(number: float) -> str:
    """A number as a spreadsheet shows it: 15 digits at most, never with an exponent."""
    if isinstance(number, int):
        return str(number)
    return format(Decimal(f"{number:.15g}"), "f")


def parse_bool(text: str) -> bool:
    """Yes or no in the words people use: TRUE, yes, 1, はい, 有, ○ / False, no, 0, いいえ, 無, ×.

    Raises BadValue: 'empty', 'not_a_yes_or_no'.
    """
    word = fold(text)
    if not word:
        raise BadValue("empty")
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadValue("not_a_yes_or_no", value=text.strip()[:50])


def parse_int(text: str, *, minimum: int | None = None, maximum: int | None = None) -> int:
    """A whole number, written as `parse_amount` reads it; 3.0 is 3, and １２０名 is 120.

    Raises BadValue: what `parse_amount` raises, 'not_an_integer', 'too_small' (minimum),
    'too_large' (maximum).
    """
    plain = len(text) <= PLAIN_DIGITS and text.isascii() and text.isdigit()
    number: Decimal | int = int(text) if plain else parse_amount(_without_counter(text))
    if not plain and number != int(number):
        raise BadValue("not_an_integer", value=text.strip()[:50])
    if minimum is not None and number < minimum:
        raise BadValue("too_small", value=text.strip()[:50], minimum=minimum)
    if maximum is not None and number > maximum:
        raise BadValue("too_large", value=text.strip()[:50], maximum=maximum)
    return int(number)


def months_written(text: str) -> str:
    """12か月, 1年, 1年6ヶ月 and 3か月前 as a number of months; anything else as it is."""
    found = _MONTHS.fullmatch(_compact(text))
    if found is None or found.groups() == (None, None):
        return text
    years, months = (int(one or 0) for one in found.groups())
    return str(years * 12 + months)


def days_written(text: str) -> str:
    """90日 and 90日前まで as a number of days; anything else as it is."""
    found = _DAYS.fullmatch(_compact(text))
    return found[1] if found else text


def _compact(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _without_counter(text: str) -> str:
    counted = text.strip()
    counter = next((one for one in _COUNTERS if counted.endswith(one)), "")
    return counted.removesuffix(counter) if counter else text
