import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.bad_value import BadValue
from banso.lib.cells import days_written, months_written, parse_bool, parse_int


@pytest.mark.parametrize(
    "text", ["TRUE", "True", "yes", "Y", "1", "１", "はい", "ハイ", "有", "○", "〇", " ON "]
)
def test_a_yes_is_read(text: str) -> None:
    assert parse_bool(text) is True


@pytest.mark.parametrize(
    "text", ["FALSE", "False", "no", "N", "0", "いいえ", "無", "なし", "×", "off"]
)
def test_a_no_is_read(text: str) -> None:
    assert parse_bool(text) is False


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_yes_or_no_or_a_known_code(text: str) -> None:
    try:
        assert parse_bool(text) in (True, False)
    except BadValue as refused:
        assert refused.code in {"empty", "not_a_yes_or_no"}


@given(st.integers(-(10**16), 10**16))
def test_whole_numbers_come_back(number: int) -> None:
    assert parse_int(str(number)) == parse_int(f"{number:,}") == parse_int(f"{number}.0") == number


@pytest.mark.parametrize("text", ["１２０名", "120 人", " 120社 ", "120ライセンス"])
def test_a_counter_behind_a_number_is_not_part_of_it(text: str) -> None:
    assert parse_int(text) == 120


@pytest.mark.parametrize(
    ("text", "months"),
    [("12か月", 12), ("１年", 12), ("1年6ヶ月", 18), ("3カ月前まで", 3), (" 2 年 間 ", 24)],
)
def test_months_are_read_as_they_are_written(text: str, months: int) -> None:
    assert parse_int(months_written(text)) == months


@pytest.mark.parametrize("text", ["12", "90日", "年", "前", "", "6月", "1年度"])
def test_what_is_no_number_of_months_stays_as_it_is(text: str) -> None:
    assert months_written(text) == text


def test_days_are_read_as_they_are_written() -> None:
    assert [days_written(one) for one in ("90日", "９０日前", "30日前まで", "3か月", "日")] == [
        "90", "90", "30", "3か月", "日",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["約120名", "名", "12か月", "1年", "90日"])
def test_what_only_looks_counted_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        parse_int(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("x", "not_a_number"), ("1.5", "not_an_integer"), ("-1", "too_small"), ("11", "too_large")],
)  # fmt: skip
def test_what_is_no_whole_number_in_bounds_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse_int(text, minimum=0, maximum=10)
    assert refused.value.code == code
