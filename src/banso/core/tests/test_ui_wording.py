from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from banso.core.ui import wording

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (1234567, 0, "1,234,567"),
        (-3, 0, "−3"),
        (-0.2, 0, "0"),
        (104.60, 2, "104.6"),
        (100, 1, "100"),
        (0, 0, "0"),
        (None, 0, "データなし"),
    ],
)
def test_numbers_read_as_people_write_them(value: float, digits: int, expected: str) -> None:
    with translation.override("ja"):
        assert wording.number(value, digits) == expected


@pytest.mark.parametrize(("value", "expected"), [(12, "+12"), (-3, "−3"), (0, "±0")])
def test_a_signed_number_always_says_its_sign(value: int, expected: str) -> None:
    assert wording.signed(value) == expected


@pytest.mark.parametrize(
    ("days", "ja", "en"),
    [
        (12, "あと12日", "12 days left"),
        (1, "明日", "tomorrow"),
        (0, "今日", "today"),
        (-1, "昨日", "yesterday"),
        (-45, "45日前", "45 days ago"),
    ],
)
def test_days_are_counted_in_words_of_both_languages(days: int, ja: str, en: str) -> None:
    day = TODAY + timedelta(days=days)
    with translation.override("ja"):
        assert wording.relative_day(day, TODAY) == ja
    with translation.override("en"):
        assert wording.relative_day(day, TODAY) == en


def test_a_day_names_its_weekday() -> None:
    with translation.override("ja"):
        assert wording.day(TODAY) == "2026/11/22 (日)"
    with translation.override("en"):
        assert wording.day(TODAY) == "Sun, 22 Nov 2026"


def test_a_moment_is_shown_in_the_active_zone() -> None:
    late = datetime(2026, 11, 21, 20, 5, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Tokyo")), translation.override("ja"):
        assert wording.moment(late) == "2026/11/22 05:05"
        assert wording.day(late) == "2026/11/22 (日)"
        assert wording.relative_day(late, TODAY) == "今日"
        assert "2026/11/22 05:05" in wording.when(late, TODAY)
    with timezone.override(UTC), translation.override("ja"):  # what is remembered knows its zone
        assert "2026/11/21 20:05" in wording.when(late, TODAY)


def test_money_is_worded_in_the_readers_language() -> None:
    with translation.override("ja"):
        assert wording.money(1234567) == "¥1,234,567"
        assert wording.money_short(38_200_000) == "3,820万円"
        assert wording.money(None) == "データなし"


def test_zero_is_a_value_and_empty_is_not() -> None:
    with translation.override("ja"):
        assert wording.or_no_data(0) == 0
        assert "データなし" in str(wording.or_no_data(None))
        assert "データなし" in str(wording.or_no_data(""))


def test_japanese_headings_break_between_phrases() -> None:
    html = wording.phrases("顧客はまだ登録されていません")
    assert html.count("<wbr>") >= 1
    assert strip_tags(html) == "顧客はまだ登録されていません"


def test_headings_of_other_languages_are_left_alone() -> None:
    assert wording.phrases("Customers to follow") == "Customers to follow"


def test_escaped_headings_are_not_escaped_twice() -> None:
    html = wording.phrases(mark_safe("営業&amp;企画の数値"))
    assert html.replace("<wbr>", "").count("&amp;") == 1


@given(st.text(max_size=60))
def test_phrases_never_lose_or_unescape_a_sign(text: str) -> None:
    html = wording.phrases("顧客" + text)
    bare = html.replace("<wbr>", "").removeprefix('<span class="phrases">').removesuffix("</span>")
    assert "<" not in bare and ">" not in bare
