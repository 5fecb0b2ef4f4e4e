from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.bad_value import BadValue
from banso.lib.dates import (
    ORDERS,
    Order,
    date_order,
    from_serial,
    parse_date,
    parse_moment,
    written_serial,
)

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
days = st.dates(date(1868, 10, 23), date(9999, 12, 31))
anything = st.text(st.characters(exclude_categories=())) | st.text(
    "0123456789-/.年月日TZ:+ 令和RH元()日"
)
CODES = {"empty", "bad_date", "no_such_date", "two_digit_year", "wrong_order", "wrong_weekday",
         "time_not_midnight", "bad_time", "no_such_time", "out_of_range"}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22", "2026-11-22"), ("2026/1/5", "2026-01-05"), ("2026.1.5", "2026-01-05"),
        ("20260105", "2026-01-05"), ("2026年1月5日", "2026-01-05"), ("２０２６／１／５", "2026-01-05"),
        ("令和8年4月1日", "2026-04-01"), ("R8.4.1", "2026-04-01"), ("r8/4/1", "2026-04-01"),
        ("H31.4.30", "2019-04-30"), ("令和元年５月１日", "2019-05-01"), ("㋿8年4月1日", "2026-04-01"),
        ("平成35年3月31日", "2023-03-31"), ("S64.1.7", "1989-01-07"), ("明治45年7月29日", "1912-07-29"),
        ("2026-11-22 00:00:00", "2026-11-22"), ("2026/1/5 0:00", "2026-01-05"), ("9999-12-31", "9999-12-31"),
        ("2026-11-22T00:00:00.000Z", "2026-11-22"), ("2026年11月22日（日）", "2026-11-22"),
        ("2026/11/22 (日)", "2026-11-22"), ("2024-02-29", "2024-02-29"), (" 2026-11-22 ", "2026-11-22"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", ORDERS)
def test_year_first_dates_are_read_under_every_order(
    text: str, expected: str, order: Order
) -> None:
    assert parse_date(text, order) == date.fromisoformat(expected)


def test_year_last_dates_are_read_as_told() -> None:
    assert parse_date("05-11-2026", "dmy") == date(2026, 11, 5)
    assert parse_date("5/11/2026", "mdy") == date(2026, 5, 11)
    assert parse_date("22.11.2026", "dmy") == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("", "iso", "empty"), ("　", "iso", "empty"), ("2026-13-01", "iso", "no_such_date"),
        ("2025-02-29", "iso", "no_such_date"), ("22-11-2026", "mdy", "no_such_date"),
        ("22-11-2026", "iso", "wrong_order"), ("1/2/2026", "ymd", "wrong_order"),
        ("22-11-26", "dmy", "two_digit_year"), ("26/1/5", "ymd", "two_digit_year"),
        ("R1.4.30", "iso", "no_such_date"), ("令和0年5月1日", "iso", "no_such_date"), ("X8.4.1", "iso", "bad_date"),
        ("1867-12-31", "iso", "no_such_date"), ("0026-01-01", "iso", "no_such_date"),
        ("2026-11/22", "iso", "bad_date"), ("46348", "iso", "bad_date"), ("明日", "iso", "bad_date"),
        ("2026年11月22日(月)", "iso", "wrong_weekday"), ("2026-11-22 09:00", "iso", "time_not_midnight"),
        ("2026-11-22T15:00:00Z", "iso", "time_not_midnight"), ("2026-11-22 24:00", "iso", "time_not_midnight"),
        ("2026-11-22 25:00", "iso", "bad_time"), ("1" * 5000, "iso", "bad_date"), ("٢٠٢٦-01-05", "iso", "bad_date"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str, order: Order, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse_date(text, order)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-07-28 3:00", "2023-07-27T18:00"), ("2023/7/28 03:00:05", "2023-07-27T18:00:05"),
        ("2026-11-22T09:30:15.5Z", "2026-11-22T09:30:15.5"), ("2026-11-22T09:30:00+0530", "2026-11-22T04:00"),
        ("2026-11-22 09:30 -05:00", "2026-11-22T14:30"), ("2026/1/5 3:00 PM", "2026-01-05T06:00"),
        ("2026/1/5 12:00 AM", "2026-01-04T15:00"), ("2026年1月5日 15時05分", "2026-01-05T06:05"),
        ("2026年1月5日15時05分", "2026-01-05T06:05"), ("2026-11-22", "2026-11-21T15:00"),
        ("2026-11-22 24:00", "2026-11-22T15:00"), ("２０２６－１１－２２　９：３０", "2026-11-22T00:30"),
        ("2026-11-22T09:30:15.123456789Z", "2026-11-22T09:30:15.123456"), ("令和8年4月1日 9:00", "2026-04-01T00:00"),
    ],
)  # fmt: skip
def test_moments_become_utc(text: str, expected: str) -> None:
    moment = parse_moment(text, "iso", TOKYO)
    assert moment == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert moment.tzinfo is UTC


def test_a_year_last_moment_is_read_as_told() -> None:
    assert parse_moment("28-07-2023 03:00", "dmy", TOKYO) == datetime(2023, 7, 27, 18, tzinfo=UTC)


def test_a_skipped_hour_is_refused_and_a_repeated_one_is_the_first() -> None:
    with pytest.raises(BadValue, match="no_such_time"):
        parse_moment("2026-03-08 02:30", "iso", NEW_YORK)
    first = parse_moment("2026-11-01 01:30", "iso", NEW_YORK)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-11-22 13:00 PM", "bad_time"), ("2026-11-22 0:00 AM", "bad_time"), ("2026-11-22 12:60", "bad_time"),
        ("2026-11-22 24:01", "bad_time"), ("2026-11-22 12:00+99:99", "bad_time"),
        ("9999-12-31 24:00", "out_of_range"), ("9999-12-31 23:00-05:00", "out_of_range"),
        ("2026-11-22 noon", "bad_date"),
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse_moment(text, "iso", TOKYO)
    assert refused.value.code == code


@given(anything, st.sampled_from(ORDERS))
def test_any_text_gives_a_day_or_a_known_code(text: str, order: Order) -> None:
    try:
        assert parse_date(text, order).year >= 1868
    except BadValue as refused:
        assert refused.code in CODES
    try:
        assert parse_moment(text, order, NEW_YORK).tzinfo is UTC
    except BadValue as refused:
        assert refused.code in CODES


@given(days)
def test_every_day_comes_back_from_every_spelling(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    for text in (day.isoformat(), f"{y:04}/{m}/{d}", f"{y:04}{m:02}{d:02}", f"{y:04}年{m}月{d}日"):
        assert parse_date(text, "ymd") == day
    assert parse_date(f"{d:02}-{m:02}-{y:04}", "dmy") == day
    assert parse_date(f"{m}/{d}/{y:04}", "mdy") == day
    if 2020 <= y <= 2117:
        assert parse_date(f"令和{y - 2018}年{m}月{d}日", "dmy") == day


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1)))  # noqa: DTZ001
def test_every_moment_comes_back_from_iso(moment: datetime) -> None:
    assert parse_moment(moment.isoformat(), "iso", TOKYO) == moment


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([], None), (["", "abc", "1" * 100_000], None), (["2026-11-22", ""], "iso"), (["2026-11-22", "2026/1/5"], "ymd"),
        (["令和8年4月1日", "20260105"], "ymd"), (["22-11-2026", "01-02-2026"], "dmy"),
        (["11/22/2026", "1/2/2026"], "mdy"), (["01-02-2026", "03-04-2026"], "ambiguous"),
        (["22-11-2026", "11-22-2026"], "ambiguous"), (["05-05-2026"], "ambiguous"),
        (["22-11-2026 03:00", "?"], "dmy"), (["2026-11-22", "22-11-2026"], "dmy"), (["45-45-2026"], "ambiguous"),
    ],
)  # fmt: skip
def test_an_order_is_told_only_when_proved(samples: list[str], expected: str | None) -> None:
    assert date_order(samples) == expected


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1))
def test_the_order_found_is_the_order_written(written: list[date]) -> None:
    order = date_order(f"{day:%d-%m-%Y}" for day in written)
    assert order == ("dmy" if any(day.day > 12 for day in written) else "ambiguous")
    assert date_order(f"{day:%m/%d/%Y}" for day in written) in ("mdy", "ambiguous")


def test_midnight_with_any_offset_is_that_day() -> None:
    assert parse_date("2026-11-22T00:00:00+09:00", "iso") - timedelta(1) == date(2026, 11, 21)


def test_serial_numbers_are_days_of_either_count() -> None:
    assert written_serial("46113", 1900) == written_serial("44651", 1904) == "2026-04-01"
    assert written_serial("46113.4375", 1900) == "2026-04-01 10:30:00"
    for other in ("2026", "20260401", "2026-04-01", "461137", ""):
        assert written_serial(other, 1900) == other
    with pytest.raises(BadValue, match="no_such_date"):
        from_serial(60, 1900)


@given(st.dates(date(1900, 3, 1), date(2199, 12, 31)))
def test_every_day_comes_back_from_its_number(day: date) -> None:
    assert from_serial((day - date(1899, 12, 30)).days, 1900).date() == day
    if day >= date(1904, 1, 1):
        assert from_serial((day - date(1904, 1, 1)).days, 1904).date() == day
