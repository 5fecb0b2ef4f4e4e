"""The days of the story: months, the business year, and the days on which companies rest."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from banso.lib.days_off import PRESETS, japanese_company_days
from banso.lib.months import move_months

TOKYO = ZoneInfo("Asia/Tokyo")
REST_NAMES = {"year_end": "年末年始休業", "golden_week": "GW休業", "obon": "夏季休業"}


def add_months(day: date, months: int) -> date:
    """The same day `months` later (earlier when negative), or that month's last day."""
    return move_months(day, months, keep_month_end=False)


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def latest_april_first(today: date) -> date:
    """The most recent 4/1, today included: when people move in Japan."""
    this_year = date(today.year, 4, 1)
    return this_year if this_year <= today else date(today.year - 1, 4, 1)


def months_between(start: date, end: date) -> int:
    """Full months from `start` to `end`, at least 1."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(1, months - (end.day < start.day))


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A time of that day in Tokyo, aware UTC."""
    return datetime.combine(day, time(hour, minute), TOKYO).astimezone(UTC)


def month_ends(today: date, months: int) -> list[date]:
    """The last days of the `months` months before today's, oldest first."""
    first = first_of_month(today)
    return [add_months(first, -n) - timedelta(days=1) for n in reversed(range(months))]


def rest_days(first_year: int, last_year: int) -> list[tuple[date, str]]:
    """Every company rest day of these years with its name, in order."""
    years = range(first_year, last_year + 1)
    return sorted(
        (day, REST_NAMES[preset])
        for year in years
        for preset in PRESETS
        for day in japanese_company_days(year)[preset]
    )
