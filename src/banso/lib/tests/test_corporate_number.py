import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.bad_value import BadValue
from banso.lib.corporate_number import check_digit, corporate_number

TAX_AGENCY = "7000012050002"  # 国税庁, as it publishes its own


@pytest.mark.parametrize(
    "text",
    [
        TAX_AGENCY,
        "T7000012050002",
        " 7-0000-1205-0002 ",
        "７０００012０５０００２",
        "7000 0120 50002",
    ],
)
def test_a_number_is_read_as_people_write_it(text: str) -> None:
    assert corporate_number(text) == TAX_AGENCY


@pytest.mark.parametrize("text", ["700001205000", "70000120500022", "法人番号", "0x7000012050002"])
def test_what_has_not_thirteen_digits_is_no_number(text: str) -> None:
    with pytest.raises(BadValue) as refused:
        corporate_number(text)
    assert refused.value.code == "not_a_corporate_number"


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 11), st.integers(1, 9))
def test_a_digit_mistyped_is_seen(base: str, place: int, by: int) -> None:
    """One wrong digit is always found, but for a 0 taken for a 9 and the other way round."""
    wrong = str((int(base[place]) + by) % 10)
    number = check_digit(base) + base[:place] + wrong + base[place + 1 :]
    if {wrong, base[place]} == {"0", "9"}:
        return
    with pytest.raises(BadValue):
        corporate_number(number)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_the_check_digit_makes_a_number(base: str) -> None:
    number = check_digit(base) + base
    assert corporate_number(number) == number and number[0] != "0"


def test_nothing_is_no_number() -> None:
    assert corporate_number("  ") == ""
