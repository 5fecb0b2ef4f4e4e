"""Dates and moments as people write them, in Japanese and English files."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from banso.lib.bad_value import BadValue
from banso.lib.text import narrow
from banso.lib.wall_clock import shows

Order = Literal["iso", "ymd", "dmy", "mdy"]
"""How a year-last date reads. 'iso' and 'ymd' accept none; year-first dates read under all."""

ORDERS: tuple[Order, ...] = get_args(Order)
_OLDEST = 1868
_LONGEST = 60

# First days: Meiji by the Gregorian calendar, the others by their decrees.
_ERAS = {
    "明治": date(1868, 10, 23), "大正": date(1912, 7, 30), "昭和": date(1926, 12, 25),
    "平成": date(1989, 1, 8), "令和": date(2019, 5, 1),
}  # fmt: skip
_ERA_LETTERS = dict(zip("MTSHR", _ERAS, strict=True))
_ERA_SIGNS = dict(zip("㍾㍽㍼㍻㋿", _ERAS, strict=True))

_SEP = r"\s*(?P<sep>[-/.])\s*"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}})\s*(?P=sep)\s*([0-9]{{1,2}})")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}}){_SEP}([0-9]{{1,2}})\s*(?P=sep)\s*([0-9]{{4}})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_KANJI = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日")
_ERA = re.compile(
    rf"(?P<era>{'|'.join(_ERAS)}|[MTSHRmtshr{''.join(_ERA_SIGNS)}])\s*(?P<year>元|[0-9]{{1,2}})"
    r"(?:\s*年\s*(?P<month>[0-9]{1,2})\s*月\s*(?P<day>[0-9]{1,2})\s*日"
    r"|(?P<sep>[-/.])(?P<month2>[0-9]{1,2})(?P=sep)(?P<day2>[0-9]{1,2}))"
)
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
Epoch = Literal[1900, 1904]
_SERIAL_ZERO: dict[Epoch, datetime] = {1900: datetime(1899, 12, 30), 1904: datetime(1904, 1, 1)}  # noqa: DTZ001
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEKDAYS = "月火水木金土日"
_MOMENT = re.compile(
    rf"(?P<day>.*?[0-9日])\s*(?:\((?P<weekday>[{_WEEKDAYS}])\))?"
    r"(?:(?:[Tt]|\s+|(?<=日))(?P<hour>[0-9]{1,2})(?::|時)(?P<minute>[0-9]{1,2})分?"
    r"(?::?(?P<second>[0-9]{2})秒?(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"\s*(?P<half>[AaPp][Mm])?\s*(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)


def parse_date(text: str, order: Order) -> date:
    """The day that is written: 2026-11-22, 2026/1/5, 2026.1.5, 20260105, 2026年1月5日, 令和8年4月1日,
    R8.4.1, H31.4.30, and by `order` 22-11-2026; a weekday in brackets must be right.

    A time is passed over when it is midnight. Raises BadValue: 'empty', 'bad_date' (nothing like
    a date), 'no_such_date' (2026-13-01, or an era that had not begun), 'two_digit_year',
    'wrong_order' (year last where `order` reads none), 'wrong_weekday', 'time_not_midnight',
    'bad_time'. Years from 1868 to 9999.
    """
    found = _split(text)
    day = _day(found, order)
    if found["hour"] and _time_of(found):
        raise BadValue("time_not_midnight", value=_brief(text))
    return day


def parse_moment(text: str, order: Order, zone: ZoneInfo) -> datetime:
    """The moment that is written, aware UTC: a date as in `parse_date` and a time.

    2023-07-28 3:00, 2026-11-22T09:30:15.5Z, 2026/1/5 3:00 PM, 2026年1月5日 3時05分. Without offset
    the time is `zone`'s (the first of two when a clock is set back), without a time it is
    midnight, 24:00 is the end of the day; parts below a microsecond are cut off.
    Raises BadValue as `parse_date`, 'no_such_time' for one that a clock skips, 'out_of_range'.
    """
    found = _split(text)
    wall = datetime.combine(_day(found, order), time())
    try:
        wall += _time_of(found) if found["hour"] else timedelta()
        moment = wall.replace(tzinfo=_offset_of(found["offset"]) or zone).astimezone(UTC)
    except OverflowError:
        raise BadValue("out_of_range", value=_brief(text)) from None
    if not found["offset"] and not shows(zone, moment, wall):
        raise BadValue("no_such_time", value=_brief(text))
    return moment


def from_serial(number: float, epoch: Epoch) -> datetime:
    """The wall clock time that a workbook means by a number of days, to the second.

    1900: Excel's usual count, which has a 1900-02-29, and is right from 1900-03-01 on. 1904: of
    old Macs. Raises BadValue('no_such_date') before day 61 and after the year 9999.
    """
    try:
        if number < 61 and epoch == 1900:
            raise OverflowError
        moment = _SERIAL_ZERO[epoch] + timedelta(seconds=round(number * 86400))
    except (OverflowError, ValueError):
        raise BadValue("no_such_date", value=str(number)) from None
    return moment


def written_serial(text: str, epoch: Epoch) -> str:
    """A number of days that lost its date format, as a date; other texts as they are.

    Only five digits (1927 to 2173), so that no year and no 20260401 is taken for one.
    """
    if not (found := _SERIAL.fullmatch(narrow(text).strip())):
        return text
    return said_moment(from_serial(float(found[0]), epoch))


def said_moment(moment: datetime) -> str:
    """YYYY-MM-DD, with HH:MM:SS unless it is midnight."""
    return moment.isoformat(" ") if moment.time() != time() else moment.date().isoformat()


def date_order(samples: Iterable[str]) -> Order | Literal["ambiguous"] | None:
    """Which order the samples prove; 'ambiguous' when they leave it open or contradict.

    'iso' when all are yyyy-mm-dd, 'ymd' when all are year-first in some spelling (eras too).
    'dmy' or 'mdy' only when some sample can be read in no other way. None when no sample looks
    like a date; samples that don't are passed over.
    """
    matches = (_match(narrow(text).strip()) for text in samples)
    days = [found["day"] for found in matches if found]
    first = [day for day in days if _is_year_first(day)]
    last = [match for day in days if (match := _YEAR_LAST.fullmatch(day))]
    if not last:
        return None if not first else "iso" if all(map(_ISO.fullmatch, first)) else "ymd"
    pairs = [(int(match[1]), int(match[3])) for match in last]
    proofs = {"dmy": any(a > 12 >= b for a, b in pairs), "mdy": any(b > 12 >= a for a, b in pairs)}
    if proofs["dmy"] == proofs["mdy"]:
        return "ambiguous"
    return "dmy" if proofs["dmy"] else "mdy"


def _is_year_first(day: str) -> bool:
    return any(shape.fullmatch(day) for shape in (_YEAR_FIRST, _COMPACT, _KANJI, _ERA))


def _brief(text: str) -> str:
    return text.strip()[:50]


def _split(text: str) -> re.Match[str]:
    written = narrow(text).strip()
    if not written:
        raise BadValue("empty")
    found = _match(written)
    if not found:
        raise BadValue("bad_date", value=_brief(text))
    return found


def _match(written: str) -> re.Match[str] | None:
    return _MOMENT.fullmatch(written) if len(written) <= _LONGEST else None


def _day(found: re.Match[str], order: Order) -> date:
    year, month, day = _numbers(found["day"].strip(), order)
    try:
        result = date(year, month, day)
    except ValueError:
        raise BadValue("no_such_date", value=found["day"]) from None
    if year < _OLDEST:
        raise BadValue("no_such_date", value=found["day"])
    if found["weekday"] and _WEEKDAYS[result.weekday()] != found["weekday"]:
        raise BadValue("wrong_weekday", value=found[0])
    return result


def _numbers(written: str, order: Order) -> tuple[int, int, int]:
    """Year, month and day as written, whether or not there is such a day."""
    if match := _YEAR_FIRST.fullmatch(written):
        return int(match[1]), int(match[3]), int(match[4])
    if match := _COMPACT.fullmatch(written) or _KANJI.fullmatch(written):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _ERA.fullmatch(written):
        return _from_era(match)
    if match := _YEAR_LAST.fullmatch(written):
        if order not in ("dmy", "mdy"):
            raise BadValue("wrong_order", value=written)
        a, b, year = int(match[1]), int(match[3]), int(match[4])
        return (year, b, a) if order == "dmy" else (year, a, b)
    two_digits = re.fullmatch(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{1,2}", written)
    raise BadValue("two_digit_year" if two_digits else "bad_date", value=written)


def _from_era(match: re.Match[str]) -> tuple[int, int, int]:
    sign = match["era"]
    first = _ERAS[_ERA_LETTERS.get(sign.upper()) or _ERA_SIGNS.get(sign) or sign]
    count = 1 if match["year"] == "元" else int(match["year"])
    month, day = int(match["month"] or match["month2"]), int(match["day"] or match["day2"])
    year = first.year + count - 1
    # Dates past an era's end stay readable: 平成35年 was printed in good faith.
    if count < 1 or (year, month, day) < (first.year, first.month, first.day):
        raise BadValue("no_such_date", value=match[0])
    return year, month, day


def _time_of(found: re.Match[str]) -> timedelta:
    """Time since midnight; 24:00 is a whole day. Raises BadValue('bad_time')."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise BadValue("bad_time", value=found[0])
        hour = hour % 12 + (12 if found["half"].upper() == "PM" else 0)
    micro = int((found["fraction"] or "")[:6].ljust(6, "0"))
    if minute > 59 or second > 59 or (hour, minute, second, micro) > (24, 0, 0, 0):
        raise BadValue("bad_time", value=found[0])
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def _offset_of(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    # fromisoformat knows +0900 and +09:00 and refuses +99:99.
    try:
        return datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo
    except ValueError:
        raise BadValue("bad_time", value=text) from None
