from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.timetable import Timetable

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = TOKYO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("table", "now", "latest"),
    [
        (Timetable(at=5), "2026-11-23T05:00", "2026-11-23T05:00"),
        (Timetable(at=5), "2026-11-23T04:59", "2026-11-22T05:00"),
        (Timetable(at=5, weekdays=[0]), "2026-11-23T04:00", "2026-11-16T05:00"),  # a Monday
        (Timetable(at=5, weekdays=[0]), "2026-11-29T23:00", "2026-11-23T05:00"),
        (Timetable(every=6), "2026-11-23T17:30", "2026-11-23T12:00"),
        (Timetable(every=5), "2026-11-24T00:10", "2026-11-24T00:00"),
        (Timetable(every=24, weekdays=[2]), "2026-11-23T17:30", "2026-11-18T00:00"),
    ],
)
def test_the_latest_hour_is_told(table: Timetable, now: str, latest: str) -> None:
    assert table.latest(at(now)) == at(latest)


def test_without_hours_there_is_none() -> None:
    assert Timetable().latest(at("2026-11-23T05:00")) is None


def test_an_hour_that_the_clock_leaves_out_comes_once() -> None:
    table = Timetable(at=2)
    hour = table.latest(at("2026-03-29T03:30", BERLIN))
    assert hour is not None and table.before(hour) == at("2026-03-28T02:00", BERLIN)


@given(
    st.integers(0, 10_000_000).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 24),
    st.sets(st.integers(0, 6)),
)
def test_hours_are_never_to_come_and_a_week_has_one(
    later: timedelta, every: int, days: set[int]
) -> None:
    moment = at("2020-01-01T00:00") + later
    latest = Timetable(every=every, weekdays=days).latest(moment)
    assert latest is not None and timedelta() <= moment - latest < timedelta(days=7)
    assert latest.hour % every == 0 and (not days or latest.weekday() in days)
