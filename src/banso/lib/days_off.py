"""Public holidays, the days on which Japanese companies close beside them, and a calendar of both."""

import importlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from banso.lib.bad_value import BadValue
from banso.lib.business_time import BusinessCalendar, Interval

PRESETS = ("year_end", "golden_week", "obon")
TOKYO = ZoneInfo("Asia/Tokyo")
OFFICE_WEEK: Mapping[int, tuple[Interval, ...]] = MappingProxyType(
    {weekday: (Interval(9 * 60, 18 * 60),) for weekday in range(5)}
)


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country (ISO 3166 alpha-2, 'JP') in one year, substitutes included.

    For Japan also 振替休日 and 国民の休日; known from 1949 to 2099, outside of that: none.
    Raises BadValue('unknown_country'). The first call in a process takes some 0.5 s.
    """
    # Loads every country of the world, so not before somebody asks.
    library = importlib.import_module("holidays")
    try:
        return frozenset(library.country_holidays(country, years=year))
    except NotImplementedError:
        raise BadValue("unknown_country", value=country) from None


@lru_cache(maxsize=512)
def japanese_company_days(year: int) -> Mapping[str, frozenset[date]]:
    """What Japanese companies customarily add to the public holidays, within one calendar year.

    'year_end': 1/1-1/3 and 12/29-12/31. 'golden_week': weekdays from 4/29 to 5/5 that are no
    public holiday. 'obon': 8/13-8/16. Some of these may fall on weekends or holidays.
    """
    bridge = _days(date(year, 4, 29), date(year, 5, 5)) - public_holidays("JP", year)
    days = {
        "year_end": _days(date(year, 1, 1), date(year, 1, 3))
        | _days(date(year, 12, 29), date(year, 12, 31)),
        "golden_week": frozenset(day for day in bridge if day.weekday() < 5),
        "obon": _days(date(year, 8, 13), date(year, 8, 16)),
    }
    return MappingProxyType(days)


def _days(first: date, last: date) -> frozenset[date]:
    return frozenset(first + timedelta(days=i) for i in range((last - first).days + 1))


def japanese_calendar(
    *,
    zone: ZoneInfo = TOKYO,
    week: Mapping[int, tuple[Interval, ...]] = OFFICE_WEEK,
    presets: tuple[str, ...] = PRESETS,
    extra_days: frozenset[date] = frozenset(),
) -> BusinessCalendar:
    """Monday to Friday 9 to 18, Japanese public holidays, and the company days of `presets`.

    Holds for every year whose public holidays are known. `presets`: any of PRESETS; `extra_days`
    are more days off of one's own. Raises BadValue('unknown_preset').
    """
    for preset in presets:
        if preset not in PRESETS:
            raise BadValue("unknown_preset", value=preset)

    def company_days(year: int) -> frozenset[date]:
        customary = japanese_company_days(year)
        return extra_days.union(*(customary[preset] for preset in presets))

    def holidays(year: int) -> frozenset[date]:
        return public_holidays("JP", year)

    return BusinessCalendar(zone, week, holidays, company_days)
