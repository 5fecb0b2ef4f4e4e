"""法人番号: the thirteen digits by which Japan's tax agency names each corporation."""

import re

from banso.lib.bad_value import BadValue
from banso.lib.text import narrow

_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−ー]+")
_DIGITS = re.compile(r"T?([0-9]{13})")


def corporate_number(text: str) -> str:
    """The bare thirteen digits of what people write (full width, hyphens); "" for nothing.

    A leading T is left out: an invoice issuer's number (登録番号) is T and the 法人番号, where the
    issuer has one. Raises BadValue('not_a_corporate_number') for anything but thirteen digits, and
    'wrong_check_digit' where the first does not follow from the others.
    """
    bare = _BETWEEN.sub("", narrow(text)).upper()
    if not bare:
        return ""
    if (found := _DIGITS.fullmatch(bare)) is None:
        raise BadValue("not_a_corporate_number", value=text.strip()[:60])
    number = found[1]
    if check_digit(number[1:]) != number[0]:
        raise BadValue("wrong_check_digit", value=text.strip()[:60])
    return number


def check_digit(base: str) -> str:
    """The digit that stands before the twelve of `base`.

    9 - (Σ Pn·Qn mod 9) over n = 1 to 12, where Pn is the n-th digit from the right and Qn is 1
    for odd n and 2 for even. Source: 法人番号の指定等に関する省令 (平成26年財務省令第70号) 第2条, as
    the National Tax Agency explains it (国税庁 法人番号公表サイト「チェックデジットの計算」).
    """
    total = sum(
        int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(base), start=1)
    )
    return str(9 - total % 9)
