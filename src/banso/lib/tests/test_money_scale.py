from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.money import nearest_minor, to_major
from banso.lib.money_scale import money_scale

amounts = st.decimals(-(10**14), 10**14, places=6, allow_nan=False)
currencies = st.sampled_from(["JPY", "USD", "EUR", "KWD"])
languages = st.sampled_from(["ja", "en"])


@pytest.mark.parametrize(
    ("amount", "currency", "language", "words"),
    [
        (9_800, "JPY", "ja", "9800円"),
        (620_000, "JPY", "ja", "620.0千円"),
        (38_200_000, "JPY", "ja", "38.2百万円"),
        (382_000_000, "JPY", "ja", "382.0百万円"),
        (3_820_000_000, "JPY", "ja", "38.2億円"),
        (382_000_000_000, "JPY", "ja", "3820億円"),
        (38_200_000, "JPY", "en", "JPY 38.2 million"),
        (38_200_000_000, "JPY", "en", "JPY 38.2 billion"),
        (620_000, "USD", "en", "USD 620.0 thousand"),
        (620_000, "USD", "ja", "620.0千米ドル"),
        (-38_250_000, "JPY", "en", "JPY -38.3 million"),
    ],
)
def test_money_is_read_in_the_units_people_report_in(
    amount: int, currency: str, language: str, words: str
) -> None:
    scale = money_scale([amount], currency, language)
    assert f"{scale.before}{scale.rounded(amount)}{scale.after}" == words


def test_an_axis_has_one_unit_chosen_by_its_greatest_amount() -> None:
    scale = money_scale([None, 400_000, -38_200_000, 0], "JPY", "ja")
    assert scale.unit == "百万円" and scale.of(400_000) == Decimal("0.4")
    assert money_scale([38_200_000], "JPY", "en").unit == "JPY million"
    assert money_scale([], "JPY", "ja").unit == "円"


def test_what_is_not_zero_never_reads_as_zero() -> None:
    scale = money_scale([382_000_000], "JPY", "ja")
    assert str(scale.rounded(42_000)) == "0.04" and str(scale.rounded(-3_000)) == "-0.003"
    assert scale.rounded(0) == 0


@given(amounts, currencies, languages)
def test_a_rounded_amount_is_within_half_of_its_last_digit(
    amount: Decimal, currency: str, language: str
) -> None:
    scale = money_scale([amount], currency, language)
    written = scale.rounded(amount)
    assert abs(written - scale.of(amount)) * 2 <= Decimal(1).scaleb(-scale.digits)
    assert (written > 0) == (amount > 0) and (written < 0) == (amount < 0)


@given(st.lists(amounts, min_size=1, max_size=6), currencies, languages)
def test_the_greatest_of_an_axis_has_two_to_four_digits_unless_it_is_small_or_vast(
    axis: list[Decimal], currency: str, language: str
) -> None:
    scale = money_scale(axis, currency, language)
    greatest = max(abs(scale.of(amount)) for amount in axis)
    assert scale.power == 0 or greatest >= 10
    assert greatest < 10_000 or scale.power == (8 if language == "ja" else 9)


@given(amounts, amounts, currencies, languages)
def test_rounding_keeps_the_order(
    one: Decimal, other: Decimal, currency: str, language: str
) -> None:
    scale = money_scale([one, other], currency, language)
    low, high = min(one, other), max(one, other)
    assert scale.rounded(low) <= scale.rounded(high)


@given(st.integers(-(10**17), 10**17), currencies)
def test_major_units_come_back_as_the_minor_units_they_were(minor: int, currency: str) -> None:
    assert nearest_minor(to_major(minor, currency), currency) == minor


def test_a_calculated_amount_goes_to_the_nearest_minor_unit_halves_away_from_zero() -> None:
    assert nearest_minor(Decimal("1.5"), "JPY") == 2 and nearest_minor(Decimal("-1.5"), "JPY") == -2
    assert nearest_minor(Decimal("12.345"), "USD") == 1235
