"""What a cell's number format makes of its number: a day, a span, a code, thousands of yen."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from openpyxl.styles.numbers import is_date_format, is_timedelta_format

from banso.lib.bad_value import BadValue
from banso.lib.cells import plain_number
from banso.lib.dates import Epoch, from_serial, said_moment

# What Excel in Japanese writes by number alone, such as 31 for yyyy"年"m"月"d"日".
_JAPANESE_DATES = frozenset([*range(27, 37), *range(50, 59)])
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_UNIT = re.compile(r"(千|百?万|億)円?")
_ZEROS = re.compile(r"0{2,}")
_SCALED = re.compile(r"[0#?](,+)(?![0#?,])")


class Look(NamedTuple):
    """`zeros`: digits that are always shown; `scale`: thousands are left out so many times;
    `unit`: 千 where the format itself says it.
    """

    kind: Literal["number", "date", "span"] = "number"
    zeros: int = 0
    scale: int = 0
    unit: str = ""


@lru_cache(maxsize=1024)
def look_of(number: int, code: str | None) -> Look:
    """The look of a format by its number and its code (None where Excel writes the number alone)."""
    if number in _JAPANESE_DATES and code is None:
        return Look("date")
    if code is None or code == "General":
        return Look()
    if is_timedelta_format(code):
        return Look("span")
    if is_date_format(code):
        return Look("date")
    first = code.split(";")[0]
    bare = _LITERAL.sub("", first)
    commas = _SCALED.search(bare)
    unit = _UNIT.search(first)
    zeros = len(bare) if _ZEROS.fullmatch(bare) else 0
    return Look(zeros=zeros, scale=len(commas[1]) if commas else 0, unit=unit[1] if unit else "")


def shown(number: float, look: Look, epoch: Epoch) -> tuple[str, bool]:
    """What stands in the cell, and whether it is a number and nothing else.

    A scaled number has its scale with it (1,200千), so that no heading counts it twice.
    """
    if look.kind != "number":
        return _time(number, look, epoch), False
    if look.zeros and number == int(number) and number >= 0:
        return f"{int(number):0{look.zeros}d}", False
    if look.scale or look.unit:
        return _scaled(number, look), False
    return plain_number(number), True


def _scaled(number: float, look: Look) -> str:
    left = Decimal(plain_number(number)).scaleb(-3 * look.scale)
    unit = look.unit or {1: "千", 2: "百万"}.get(look.scale, "")
    return f"{left:f}{unit}" if unit else plain_number(number)


def _time(number: float, look: Look, epoch: Epoch) -> str:
    if look.kind == "span" or 0 <= number < 1:
        minutes, seconds = divmod(round(number * 86400), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    try:
        return said_moment(from_serial(number, epoch))
    except BadValue:
        return plain_number(number)  # which no reader of dates takes
