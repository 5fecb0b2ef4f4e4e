"""A million events look like the work of offices."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from banso.cli.demo import stories
from banso.cli.demo.book import Book
from banso.cli.demo.dates import TOKYO
from banso.cli.demo.plan import plan_book
from banso.cli.demo.usage import Ids, Row, usage_rows
from banso.lib.days_off import japanese_calendar

TODAY = date(2026, 11, 22)


class Numbered(dict[object, UUID]):
    """An id for whatever is asked for."""

    def __missing__(self, key: object) -> UUID:
        self[key] = UUID(int=len(self) + 1)
        return self[key]


@pytest.fixture(scope="module")
def book() -> Book:
    return plan_book(1, TODAY)


@pytest.fixture(scope="module")
def ids() -> Ids:
    return Ids(Numbered(), Numbered())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def rows(book: Book, ids: Ids) -> list[Row]:
    return list(usage_rows(book, ids))


def _local(row: Row) -> datetime:
    return row[4].astimezone(TOKYO)


def test_there_are_about_a_million_and_no_id_comes_twice(rows: list[Row]) -> None:
    assert 850_000 < len(rows) < 1_150_000
    assert len({row[5] for row in rows}) == len(rows)


def test_people_work_on_weekdays_from_nine_and_eat_at_noon(rows: list[Row]) -> None:
    lately = [_local(row) for row in rows[::20]]
    hours = Counter(when.hour for when in lately)
    assert sum(hours[hour] for hour in range(9, 19)) / len(lately) > 0.97
    assert hours[12] < 0.5 * hours[11]
    weekend = sum(when.weekday() >= 5 for when in lately)
    assert weekend / len(lately) < 0.02


def test_holidays_are_quiet_and_month_ends_busy(rows: list[Row]) -> None:
    days = Counter(row[4].date() for row in rows if row[4].hour < 15)  # the same day in Tokyo
    calendar = japanese_calendar()
    usual = days[date(2026, 11, 11)]
    assert days[date(2026, 11, 3)] < 0.1 * usual  # 文化の日
    assert days[date(2026, 8, 14)] < 0.1 * usual  # お盆
    assert not calendar.is_business_day(date(2026, 8, 14))
    assert days[date(2026, 10, 30)] > 1.2 * usual


def test_nothing_happens_today_or_after(rows: list[Row]) -> None:
    assert max(_local(row) for row in rows).date() < TODAY


def test_log_ins_fall_from_eighteen_to_six(book: Book, ids: Ids, rows: list[Row]) -> None:
    customer = ids.customers[book.of_story(stories.LOGINS_FALL).number]
    seen: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row[0] == customer:
            ago = (TODAY - _local(row).date()).days
            seen["now" if ago < 28 else "before" if ago < 56 else ""].add(row[2])
    assert (len(seen["now"]), len(seen["before"])) == (6, 18)


def test_thirty_people_share_twenty_five_licences(book: Book, ids: Ids, rows: list[Row]) -> None:
    customer = ids.customers[book.of_story(stories.SEATS_FULL).number]
    since = TODAY - timedelta(days=27)
    assert len({r[2] for r in rows if r[0] == customer and _local(r).date() >= since}) == 30


def test_the_twenty_are_silent_and_nobody_works_after_leaving(
    book: Book, ids: Ids, rows: list[Row]
) -> None:
    last: dict[UUID, date] = {}
    for row in rows:
        last[row[0]] = max(last.get(row[0], date.min), _local(row).date())
    for one in book.customers:
        seen = last.get(ids.customers[one.number])
        assert (seen is None) == (not one.sends_usage)
        if seen and one.leaves_on:
            assert seen < one.leaves_on


def test_aprils_bring_new_people(book: Book, ids: Ids, rows: list[Row]) -> None:
    first: dict[tuple[UUID, str], date] = {}
    for row in rows:
        first.setdefault((row[0], row[2]), _local(row).date())
    months = Counter((day.year, day.month) for day in first.values())
    assert months[2026, 4] > 2 * months[2026, 3]
