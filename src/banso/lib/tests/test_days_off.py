from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from banso.lib.bad_value import BadValue
from banso.lib.days_off import japanese_calendar, japanese_company_days, public_holidays


def test_a_holiday_on_sunday_is_made_up_for() -> None:
    # 2026-05-03 is a Sunday; 5/4 and 5/5 are holidays themselves, so 5/6 substitutes.
    assert date(2026, 5, 6) in public_holidays("JP", 2026)
    assert date(2025, 2, 24) in public_holidays("JP", 2025)


def test_a_day_between_two_holidays_is_one() -> None:
    assert date(2026, 9, 22) in public_holidays("JP", 2026)
    assert date(2025, 9, 22) not in public_holidays("JP", 2025)


def test_moved_and_single_holidays_are_known() -> None:
    assert {date(2021, 7, 22), date(2021, 7, 23), date(2021, 8, 9)} <= public_holidays("JP", 2021)
    assert date(2021, 7, 19) not in public_holidays("JP", 2021)
    assert {date(2019, 4, 30), date(2019, 5, 1), date(2019, 10, 22)} <= public_holidays("JP", 2019)


def test_other_countries_have_their_own() -> None:
    assert date(2026, 7, 4) in public_holidays("US", 2026)
    for code in ("", "ZZ", "JAPAN", "../x"):
        with pytest.raises(BadValue, match="unknown_country"):
            public_holidays(code, 2026)


def test_years_nobody_decided_yet_have_no_holidays() -> None:
    assert public_holidays("JP", 9999) == frozenset()


def test_companies_close_when_they_always_do() -> None:
    days = japanese_company_days(2026)
    assert days["golden_week"] == {date(2026, 4, 30), date(2026, 5, 1)}
    assert days["obon"] == {date(2026, 8, d) for d in (13, 14, 15, 16)}
    assert days["year_end"] == {date(2026, 1, d) for d in (1, 2, 3)} | {
        date(2026, 12, d) for d in (29, 30, 31)
    }


def test_the_calendar_closes_on_the_chosen_days_alone() -> None:
    plain, full = japanese_calendar(presets=()), japanese_calendar()
    assert plain.is_business_day(date(2026, 8, 13)) and not full.is_business_day(date(2026, 8, 13))
    assert not plain.is_business_day(date(2026, 11, 23))
    own = japanese_calendar(extra_days=frozenset({date(2026, 11, 24)}))
    assert not own.is_business_day(date(2026, 11, 24)) and own.is_business_day(date(2026, 11, 25))


def test_a_calendar_of_another_zone_keeps_japanese_days() -> None:
    calendar = japanese_calendar(zone=ZoneInfo("Europe/London"))
    opening = calendar.spans(date(2026, 7, 1))[0][0]
    assert opening.utcoffset() == timedelta(0) and opening.hour == 8


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(BadValue, match="unknown_preset"):
        japanese_calendar(presets=("summer",))


def test_golden_week_2027_has_one_stretch() -> None:
    # 4/29 Thu holiday, 4/30 Fri bridge, 5/3-5/5 holidays.
    assert japanese_calendar().business_days(date(2027, 4, 29), date(2027, 5, 6)) == 0
