from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.days_off import japanese_company_days, public_holidays
from banso.lib.usage_windows import (
    FEWEST_DAYS,
    Window,
    quiet_days,
    telling_days,
    trend,
)

Rests = Callable[[date], bool]
YEARS = range(2024, 2029)
SEASONS = [((12, 20), (1, 20)), ((4, 25), (5, 15)), ((8, 8), (8, 25))]
LEVEL = 90.0


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def season_days() -> list[date]:
    """Every day from 12/20 to 1/20, 4/25 to 5/15 and 8/8 to 8/25 of five years."""
    return [
        day
        for year in YEARS
        for (m1, d1), (m2, d2) in SEASONS
        for day in days(date(year, m1, d1), date(year + (m2 < m1), m2, d2))
    ]


def customary(day: date) -> bool:
    """Weekends, public holidays, 年末年始, the days between in GW, お盆."""
    return (
        day.weekday() > 4
        or day in public_holidays("JP", day.year)
        or any(day in some for some in japanese_company_days(day.year).values())
    )


def only_weekends(day: date) -> bool:
    return day.weekday() > 4


def official(day: date) -> bool:
    return only_weekends(day) or day in public_holidays("JP", day.year)


def a_week_later(day: date) -> bool:
    """Comes back five working days after everybody else."""
    return customary(day) or season_within(day, step=-1)


def a_week_earlier(day: date) -> bool:
    return customary(day) or season_within(day, step=1)


def season_within(day: date, *, step: int) -> bool:
    """Whether a run of four rest days lies at most five working days away, looking by `step`."""
    worked = run = 0
    while worked < 5:
        day += timedelta(days=step)
        if customary(day):
            run += 1
            if run >= 4:
                return True
        else:
            worked, run = worked + 1, 0
    return False


HABITS: list[Rests] = [customary, only_weekends, official, a_week_later, a_week_earlier]


def used(on: date, *, rests: Rests, level: Callable[[date], float]) -> Mapping[date, float]:
    return {day: 0.0 if rests(day) else level(day) for day in days(on - timedelta(days=60), on)}


def trend_28(on: date, events: Mapping[date, float]) -> float | None:
    window = Window(on, 28)
    return trend(
        events,
        recent=telling_days(window, rests=customary),
        previous=telling_days(window.previous, rests=customary),
    )


@pytest.mark.parametrize("rests", HABITS)
def test_a_steady_user_never_looks_like_a_fall_in_any_season(rests: Rests) -> None:
    for on in season_days():
        ratio = trend_28(on, used(on, rests=rests, level=lambda day: LEVEL))
        assert ratio is not None and 0.75 <= ratio <= 1.33, (on, ratio)


@given(st.sampled_from(season_days()), st.sampled_from(HABITS), st.randoms(use_true_random=False))
def test_a_steady_user_with_better_and_worse_days_stays_steady(
    on: date, rests: Rests, chance: object
) -> None:
    noise = chance.uniform  # type: ignore[attr-defined]
    ratio = trend_28(on, used(on, rests=rests, level=lambda day: LEVEL * noise(0.88, 1.12)))
    assert ratio is not None and 0.75 <= ratio <= 1.33


@given(st.sampled_from(season_days()), st.integers(0, 60), st.sampled_from(HABITS))
def test_a_fall_from_18_people_to_6_is_seen_once_enough_working_days_passed(
    on: date, ago: int, rests: Rests
) -> None:
    fell = on - timedelta(days=ago)
    events = used(on, rests=rests, level=lambda day: 5.0 * (6 if day >= fell else 18))
    window = Window(on, 28)
    recent = telling_days(window, rests=customary)
    after = sum(day >= fell for day in recent)
    before = sum(day < fell for day in telling_days(window.previous, rests=customary))
    if after * 2 >= len(recent) and before == len(telling_days(window.previous, rests=customary)):
        ratio = trend_28(on, events)
        assert ratio is not None and ratio <= 0.67


@pytest.mark.parametrize(
    ("fell", "seen_by"),
    [
        (date(2026, 12, 7), date(2026, 12, 25)),
        (date(2027, 1, 4), date(2027, 1, 15)),
        (date(2026, 4, 13), date(2026, 5, 1)),
        (date(2026, 7, 27), date(2026, 8, 12)),
    ],
)
def test_a_fall_inside_a_season_is_seen_inside_it(fell: date, seen_by: date) -> None:
    def level(day: date) -> float:
        return 5.0 * (6 if day >= fell else 18)

    ratio = trend_28(seen_by, used(seen_by, rests=customary, level=level))
    assert ratio is not None and ratio < 0.75


def test_every_day_of_five_years_has_days_to_judge_by() -> None:
    for on in days(date(2024, 1, 1), date(2028, 12, 31)):
        assert len(telling_days(Window(on, 28), rests=customary)) >= FEWEST_DAYS + 1, on


def test_a_window_ends_with_its_day_and_the_one_before_adjoins() -> None:
    window = Window(date(2026, 11, 20), 7)
    assert list(window) == days(date(2026, 11, 14), date(2026, 11, 20))
    assert window.previous.end == window.start
    assert len(list(window.previous)) == 7


def test_a_three_day_weekend_is_no_season() -> None:
    # 2026-11-23 is a Monday off; the Friday before and the Tuesday after tell as ever.
    told = telling_days(Window(date(2026, 11, 24), 7), rests=customary)
    assert told == (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 24))


def test_a_day_on_which_nobody_came_is_quiet() -> None:
    usual = dict.fromkeys(days(date(2026, 11, 2), date(2026, 11, 6)), 1.0)
    assert quiet_days({**usual, date(2026, 11, 9): 0.29}) == {date(2026, 11, 9)}
    assert quiet_days({**usual, date(2026, 11, 9): 0.31}) == frozenset()


def test_where_customers_come_now_and_then_no_day_is_quiet() -> None:
    rare = dict.fromkeys(days(date(2026, 11, 2), date(2026, 11, 6)), 0.0)
    assert quiet_days({**rare, date(2026, 11, 9): 4.0}) == frozenset()
    assert quiet_days({}) == frozenset()


def test_a_trend_without_a_past_or_with_two_days_is_no_data() -> None:
    past, now = (
        days(date(2026, 11, 2), date(2026, 11, 6)),
        days(date(2026, 11, 9), date(2026, 11, 13)),
    )
    assert trend(dict.fromkeys(now, 1.0), recent=now, previous=past) is None
    assert trend(dict.fromkeys([*past, *now], 1.0), recent=now[:2], previous=past) is None
    assert trend(dict.fromkeys(past, 1.0), recent=now, previous=past) == 0.0
