from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banso.lib.bad_value import BadValue
from banso.lib.business_time import BusinessCalendar, Interval
from banso.lib.days_off import OFFICE_WEEK, TOKYO, japanese_calendar

SPLIT = (Interval.parse("9:00-12:00"), Interval.parse("13:00-18:00"))
NIGHT = (Interval.parse("0:00-1:30"), Interval.parse("2:30-5:00"), Interval.parse("22:00-24:00"))
MINUTE = timedelta(minutes=1)
# A half-hour shift, a jump at midnight, a clock set back into yesterday, a day that never was.
ZONES = {
    "Asia/Tokyo": datetime(2026, 5, 1, tzinfo=UTC),
    "America/New_York": datetime(2026, 3, 8, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 10, 25, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, tzinfo=UTC),
    "Asia/Beirut": datetime(2026, 3, 28, tzinfo=UTC),
    "America/St_Johns": datetime(2010, 11, 7, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, tzinfo=UTC),
}
JAPAN = japanese_calendar()
CALENDARS = {
    name: BusinessCalendar(
        ZoneInfo(name), dict.fromkeys(range(7), NIGHT), frozenset({start.date()})
    )
    for name, start in ZONES.items()
} | {"office": BusinessCalendar(TOKYO, dict.fromkeys(range(5), SPLIT))}

calendars = st.sampled_from([*CALENDARS.values(), JAPAN])
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
first, last = datetime(2009, 1, 1), datetime(2032, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone
moments = st.datetimes(first, last, timezones=st.just(UTC))
# The first question about a year builds its table.
unhurried = settings(deadline=None)


def whole_year(year: int) -> frozenset[date]:
    return frozenset(date(year, 1, 1) + timedelta(days=i) for i in range(366))


def days_by_walking(calendar: BusinessCalendar, start: date, end: date) -> int:
    years = range(start.year, end.year + 1)  # three, where December is followed by a whole year
    off = frozenset[date]().union(*map(calendar._off, years))
    walk = (start + timedelta(days=i) for i in range((end - start).days))
    return sum(day.weekday() in calendar.week and day not in off for day in walk)


def minutes_by_walking(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
    """Looks at the wall clock each minute, and never lets it run back."""
    counted, moment, wall = 0, start - timedelta(days=2), first
    while moment < end:
        wall = max(wall, moment.astimezone(calendar.zone).replace(tzinfo=None))
        minute = wall.hour * 60 + wall.minute
        hours = calendar.week.get(wall.weekday(), ())
        is_open = wall.date() not in calendar._off(wall.year) and any(
            h.start <= minute < h.end for h in hours
        )
        counted += is_open and moment >= start
        moment += MINUTE
    return counted


@unhurried
@given(calendars, days, st.integers(0, 400))
def test_business_days_agree_with_walking_the_days(
    calendar: BusinessCalendar, start: date, length: int
) -> None:
    end = start + timedelta(days=length)
    assert calendar.business_days(start, end) == days_by_walking(calendar, start, end)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(ZONES)), st.integers(-2 * 1440, 2 * 1440), st.integers(0, 2 * 1440))
def test_business_minutes_agree_with_walking_the_minutes(
    name: str, offset: int, length: int
) -> None:
    start = ZONES[name] + offset * MINUTE
    end = start + length * MINUTE
    expected = minutes_by_walking(CALENDARS[name], start, end)
    assert CALENDARS[name].business_minutes(start, end) == expected


@unhurried
@given(calendars, st.lists(days, min_size=3, max_size=3).map(sorted))
def test_business_days_add_up_over_a_split(calendar: BusinessCalendar, three: list[date]) -> None:
    a, b, c = three
    whole = calendar.business_days(a, c)
    assert calendar.business_days(a, b) + calendar.business_days(b, c) == whole
    assert 0 <= calendar.business_days(a, b) <= whole


@unhurried
@given(calendars, st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_business_time_adds_up_over_a_split(
    calendar: BusinessCalendar, three: list[datetime]
) -> None:
    a, b, c = three
    whole = calendar.business_time(a, c)
    assert calendar.business_time(a, b) + calendar.business_time(b, c) == whole
    assert timedelta(0) <= calendar.business_time(a, b) <= whole <= c - a


@unhurried
@given(calendars, days, st.integers(-600, 600))
def test_adding_business_days_moves_by_that_many(
    calendar: BusinessCalendar, start: date, n: int
) -> None:
    moved = calendar.add_business_days(start, n)
    assert calendar.is_business_day(moved)
    if calendar.is_business_day(start):
        assert calendar.add_business_days(moved, -n) == start
        assert calendar.business_days(*sorted((start, moved))) == abs(n)


@unhurried
@given(calendars, days)
def test_adding_no_days_waits_for_the_next_business_day(
    calendar: BusinessCalendar, start: date
) -> None:
    moved = calendar.add_business_days(start, 0)
    assert moved >= start and calendar.is_business_day(moved)
    assert calendar.business_days(start, moved) == 0


@unhurried
@given(calendars, days, st.integers(-50, 50), st.integers(1, 50))
def test_adding_more_days_lands_later(
    calendar: BusinessCalendar, start: date, n: int, more: int
) -> None:
    assert calendar.add_business_days(start, n) < calendar.add_business_days(start, n + more) or (
        n == 0 and not calendar.is_business_day(start)
    )


@unhurried
@given(calendars, moments, st.timedeltas(timedelta(days=-90), timedelta(days=90)))
def test_adding_business_time_moves_by_exactly_that(
    calendar: BusinessCalendar, start: datetime, amount: timedelta
) -> None:
    moved = calendar.add_business_time(start, amount)
    assert moved.tzinfo is UTC
    assert calendar.business_time(*sorted((start, moved))) == abs(amount)


@unhurried
@given(calendars, moments, st.timedeltas(timedelta(seconds=1), timedelta(days=30)))
def test_no_earlier_moment_and_no_later_one_would_do(
    calendar: BusinessCalendar, start: datetime, amount: timedelta
) -> None:
    tick = timedelta(microseconds=1)
    ahead = calendar.add_business_time(start, amount)
    assert calendar.business_time(start, ahead - tick) < amount
    back = calendar.add_business_time(start, -amount)
    assert calendar.business_time(back + tick, start) < amount


@unhurried
@given(
    calendars, days, st.floats(0.01, 0.99), st.timedeltas(timedelta(days=-30), timedelta(days=30))
)
def test_inside_business_hours_adding_and_subtracting_comes_back(
    calendar: BusinessCalendar, day: date, part: float, amount: timedelta
) -> None:
    opening, closing = calendar.spans(calendar.add_business_days(day, 0))[-1]
    start = opening + (closing - opening) * part
    assert calendar.add_business_time(calendar.add_business_time(start, amount), -amount) == start


def test_the_lunch_break_does_not_count() -> None:
    office = CALENDARS["office"]
    start = datetime(2026, 11, 20, 11, 30, tzinfo=TOKYO)
    assert office.business_minutes(start, datetime(2026, 11, 20, 13, 30, tzinfo=TOKYO)) == 60
    assert office.add_business_minutes(start, 30) == datetime(2026, 11, 20, 12, tzinfo=TOKYO)
    assert office.add_business_minutes(start, 31) == datetime(2026, 11, 20, 13, 1, tzinfo=TOKYO)
    assert office.add_business_minutes(start, 5.5 * 60) == datetime(2026, 11, 20, 18, tzinfo=TOKYO)
    assert office.add_business_minutes(start, -150) == datetime(2026, 11, 20, 9, tzinfo=TOKYO)


def test_nothing_waits_over_new_year() -> None:
    evening = datetime(2026, 12, 28, 17, 0, tzinfo=TOKYO)
    assert JAPAN.add_business_minutes(evening, 120) == datetime(2027, 1, 4, 10, 0, tzinfo=TOKYO)
    assert JAPAN.add_business_days(date(2026, 12, 28), 1) == date(2027, 1, 4)


def test_a_reversed_range_is_empty() -> None:
    assert JAPAN.business_days(date(2026, 12, 1), date(2026, 11, 1)) == 0
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert JAPAN.business_time(now, now - timedelta(days=9)) == timedelta(0)


def test_what_cannot_be_a_calendar_is_refused() -> None:
    refusals: list[tuple[dict[int, tuple[Interval, ...]], str]] = [
        ({}, "no_business_hours"),
        ({0: ()}, "no_business_hours"),
        ({7: SPLIT}, "bad_weekday"),
        ({0: (Interval(0, 60), Interval(59, 90))}, "overlapping_intervals"),
    ]
    for week, code in refusals:
        with pytest.raises(BadValue) as refused:
            BusinessCalendar(TOKYO, week)
        assert refused.value.code == code


@pytest.mark.parametrize(
    "text", ["", "9-12", "12:00-9:00", "9:00-9:00", "9:00-24:01", "9:60-10:00"]
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadValue, match="bad_interval"):
        Interval.parse(text)


def test_a_naive_moment_is_refused() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    with pytest.raises(BadValue, match="naive_datetime"):
        JAPAN.add_business_minutes(noon.replace(tzinfo=None), 5)


def test_a_calendar_without_open_days_does_not_search_for_ever() -> None:
    closed = BusinessCalendar(TOKYO, OFFICE_WEEK, whole_year)
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    with pytest.raises(BadValue, match="out_of_range"):
        closed.add_business_days(noon.date(), -1)
    with pytest.raises(BadValue, match="out_of_range"):
        closed.add_business_minutes(noon, 1)
    assert closed.business_time(noon, noon + timedelta(days=900)) == timedelta(0)
