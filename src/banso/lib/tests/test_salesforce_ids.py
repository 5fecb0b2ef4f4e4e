import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.bad_value import BadValue
from banso.lib.salesforce_ids import check_characters, long_id

SHORT_IDS = st.text(string.ascii_letters + string.digits, min_size=15, max_size=15)


@pytest.mark.parametrize(
    ("short", "long"),
    [  # the first two are examples of public documentation
        ("001A0000006Vm9r", "001A0000006Vm9rIAC"),
        ("00Q0Z000013dw4G", "00Q0Z000013dw4GUAQ"),
        ("000000000000000", "000000000000000AAA"),
        ("ABCDEABCDEABCDE", "ABCDEABCDEABCDE555"),
        ("Aaaaaaaaa0aaaaA", "Aaaaaaaaa0aaaaABAQ"),
    ],
)
def test_fifteen_characters_become_eighteen(short: str, long: str) -> None:
    assert long_id(short) == long == long_id(long) == long_id(f" {long} ")


@given(SHORT_IDS)
def test_every_way_to_write_an_id_is_one_id(short: str) -> None:
    whole = long_id(short)
    assert {long_id(one) for one in (whole, whole.upper(), whole.lower())} == {whole}


@given(SHORT_IDS, SHORT_IDS)
def test_two_ids_stay_two(one: str, other: str) -> None:
    assert (long_id(one) == long_id(other)) == (one == other)


def test_case_counts_in_fifteen_characters() -> None:
    assert long_id("001A0000006Vm9r") != long_id("001A0000006vm9r")


def test_eighteen_characters_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(BadValue, match="wrong_check_characters"):
        long_id("001A0000006Vm9rIAD")
    with pytest.raises(BadValue):
        long_id("001A0000006Vm9rI9C")


@pytest.mark.parametrize("text", ["", "C-0001", "株式会社青葉", "001A0000006Vm9rIA", "0" * 19])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert long_id(text) == text
    assert len(check_characters("a" * 15)) == 3
