"""Ends of terms and deadlines before them, at month ends and over leap days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.months import deadline_before, move_months, term_end, whole_months

DAY = timedelta(days=1)
days = st.dates(date(1996, 1, 1), date(2104, 12, 31))
terms = st.integers(1, 60)


def firsts(start: date, end: date) -> int:
    """How many firsts of a month lie in [start, end): each of them is billed once."""
    return sum((start + n * DAY).day == 1 for n in range((end - start).days))


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-04-01", 12, "2027-03-31"),
        ("2026-03-01", 12, "2027-02-28"),
        ("2027-03-01", 12, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-04-15", 7, "2026-11-14"),
        ("2026-04-01", 36, "2029-03-31"),
    ],
)
def test_the_last_day_of_a_term_is_the_one_people_write_down(
    start: str, months: int, last: str
) -> None:
    assert term_end(date.fromisoformat(start), months) - DAY == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("last", "told", "deadline"),
    [
        ("2027-03-31", {"months": 3}, "2026-12-31"),
        ("2027-02-28", {"months": 1}, "2027-01-31"),
        ("2028-02-29", {"months": 1}, "2028-01-31"),
        ("2027-03-30", {"months": 1}, "2027-02-27"),
        ("2027-04-30", {"months": 2}, "2027-02-28"),
        ("2027-03-31", {"days": 30}, "2027-03-01"),
        ("2028-03-15", {"days": 30}, "2028-02-14"),
        ("2027-03-31", {}, "2027-03-31"),
    ],
)
def test_the_deadline_is_counted_back_from_the_last_day(
    last: str, told: dict[str, int], deadline: str
) -> None:
    end = date.fromisoformat(last) + DAY
    assert deadline_before(end, **told) == date.fromisoformat(deadline)


@given(start=days, months=terms)
def test_a_term_holds_as_many_firsts_of_a_month_as_it_has_months(start: date, months: int) -> None:
    assert firsts(start, term_end(start, months)) == months


@given(start=days, one=terms, other=terms)
def test_terms_that_begin_on_a_first_follow_each_other_without_gap_or_drift(
    start: date, one: int, other: int
) -> None:
    first = start.replace(day=1)
    assert term_end(term_end(first, one), other) == term_end(first, one + other)


@given(end=days, months=st.integers(1, 60))
def test_after_the_deadline_whole_months_are_left_and_a_day_later_they_are_not(
    end: date, months: int
) -> None:
    deadline = deadline_before(end, months=months)
    assert term_end(deadline + DAY, months) <= end < term_end(deadline + 2 * DAY, months)


@given(end=days, days_before=st.integers(0, 400))
def test_after_the_deadline_so_many_days_are_left(end: date, days_before: int) -> None:
    assert (end - deadline_before(end, days=days_before)).days - 1 == days_before


@given(start=days, months=terms)
def test_whole_months_are_told_from_the_days_alone(start: date, months: int) -> None:
    end = term_end(start, months)
    assert whole_months(start, end) == months
    if end.day not in (1, 28, 29, 30):  # there a shorter month may end as well
        assert whole_months(start, end + DAY) is None


@given(day=days, months=st.integers(-60, 60))
def test_a_month_end_stays_a_month_end(day: date, months: int) -> None:
    moved = move_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert (moved + DAY).day == 1 if (day + DAY).day == 1 else moved.day <= day.day
