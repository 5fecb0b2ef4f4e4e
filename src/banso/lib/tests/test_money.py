from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.bad_value import BadValue
from banso.lib.money import (
    format_money,
    format_money_short,
    minor_digits,
    monthly,
    parse_amount,
    term_amount,
    to_major,
    to_minor,
    unit_said,
    without_unit,
)

amounts = st.integers(-(10**17), 10**17)
currencies = st.sampled_from(["JPY", "USD", "EUR", "KWD", "CLF", "TWD", "CNY"])
anything = st.text(st.characters(exclude_categories=())) | st.text(
    "0123456789,.-()¥￥円$△１，．eENan "
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1200000", "1200000"), ("1,200,000円", "1200000"), ("￥１，２００", "1200"), ("¥ 1,200", "1200"),
        ("$12.50", "12.50"), ("△1,200", "-1200"), ("▲¥1,200", "-1200"), ("(1,200)", "-1200"),
        ("（１，２００円）", "-1200"), ("-0.5", "-0.5"), (".5", "0.5"), ("−3", "-3"), ("$-3", "-3"), ("+3", "3"),
        ("　42　", "42"), ("999999999999999999", "999999999999999999"), ("000000000000000000001", "1"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, expected: str) -> None:
    assert str(parse_amount(text)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"), ("　", "empty"), ("abc", "not_a_number"), ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"), ("1e5", "not_a_number"), ("1.234,56", "not_a_number"),
        ("12,34", "not_a_number"), ("1,2000", "not_a_number"), ("(5", "not_a_number"), ("5)", "not_a_number"),
        ("-(5)", "not_a_number"), ("(△5)", "not_a_number"), ("--5", "not_a_number"), ("10²", "not_a_number"),
        ("①", "not_a_number"), ("٣", "not_a_number"), ("1 2", "not_a_number"), ("120万月", "not_a_number"),
        ("1" * 19, "too_many_digits"), ("0." + "1" * 19, "too_many_digits"), ("1" * 5000, "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse_amount(text)
    assert refused.value.code == code


@given(anything)
def test_reading_gives_a_finite_number_or_a_code(text: str) -> None:
    try:
        number = parse_amount(text)
    except BadValue as refused:
        assert refused.code in {"empty", "not_a_number", "too_many_digits"}
    else:
        assert number.is_finite() and len(number.as_tuple().digits) <= 18


@given(amounts, currencies)
def test_minor_and_major_units_come_back_exactly(minor: int, currency: str) -> None:
    major = to_major(minor, currency)
    assert to_minor(major, currency) == minor
    assert to_minor(str(major), currency) == minor
    assert major * 10 ** minor_digits(currency) == minor


@given(amounts, st.sampled_from(["JPY", "USD", "EUR"]))
def test_what_is_shown_in_full_can_be_read_back(minor: int, currency: str) -> None:
    assert to_minor(format_money(minor, currency, "ja"), currency) == minor


@pytest.mark.parametrize(
    ("currency", "digits"), [("JPY", 0), ("USD", 2), ("KWD", 3), ("IQD", 3), ("RSD", 2), ("CLF", 4)]
)
def test_a_currency_has_the_decimals_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("currency", ["", "usd", "ZZZ", "ドル", "DEFAULT", "\x00"])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(BadValue, match="unknown_currency"):
        minor_digits(currency)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("1.5", "JPY", "too_many_decimals"), ("0.001", "USD", "too_many_decimals"),
        ("$100", "JPY", "other_currency"), ("100円", "USD", "other_currency"), ("¥5", "EUR", "other_currency"),
        (Decimal("NaN"), "JPY", "not_a_number"), (Decimal("-Infinity"), "USD", "not_a_number"),
        (10**18, "JPY", "too_many_digits"), (Decimal("1e999999"), "USD", "too_many_digits"),
        (Decimal("1e-999999"), "USD", "too_many_decimals"),
        ("12345678901234567", "USD", "too_many_digits"),
    ],
)  # fmt: skip
def test_money_is_never_rounded_nor_taken_for_another(
    amount: str | Decimal | int, currency: str, code: str
) -> None:
    with pytest.raises(BadValue) as refused:
        to_minor(amount, currency)
    assert refused.value.code == code


def test_trailing_zeros_are_no_decimals() -> None:
    assert to_minor("1200.00", "JPY") == 1200
    assert to_minor(Decimal("12.500"), "USD") == 1250
    assert to_minor(Decimal(0), "JPY") == 0


@pytest.mark.parametrize(
    ("minor", "currency", "language", "full", "short"),
    [
        (38_200_000, "JPY", "ja", "¥38,200,000", "3,820万円"),
        (38_200_000, "JPY", "en", "¥38,200,000", "¥38.2M"),
        (1_234_567, "JPY", "ja", "¥1,234,567", "123万円"),
        (28_000, "JPY", "ja", "¥28,000", "2.8万円"),
        (620_000, "JPY", "en", "¥620,000", "¥620K"),
        (9_999, "JPY", "ja", "¥9,999", "¥9,999"),
        (10_000, "JPY", "ja", "¥10,000", "1万円"),
        (99_999_999, "JPY", "ja", "¥99,999,999", "1億円"),
        (123_456_789, "JPY", "ja", "¥123,456,789", "1.23億円"),
        (-38_200_000, "JPY", "ja", "-¥38,200,000", "-3,820万円"),
        (0, "JPY", "ja", "¥0", "¥0"),
        (1_015_960_800, "USD", "en", "$10,159,608", "$10.2M"),
        (1_015_960_800, "USD", "ja", "$10,159,608", "$10.2M"),
        (99_999_999, "USD", "en", "$999,999.99", "$1M"),
        (-125, "USD", "en", "-$1.25", "-$1.25"),
        (1_234_567, "KWD", "en", "KWD 1,234.567", "KWD 1.23K"),
        (5 * 10**16, "JPY", "ja", "¥50,000,000,000,000,000", "50,000兆円"),
    ],
)
def test_money_is_shown_full_and_short(
    minor: int, currency: str, language: str, full: str, short: str
) -> None:
    assert format_money(minor, currency, language) == full
    assert format_money_short(minor, currency, language) == short


@given(amounts, st.integers(1, 36))
def test_the_months_of_a_term_equal_its_amount_to_the_yen(amount: int, term: int) -> None:
    assert term_amount(monthly(amount, term), term) == amount


@given(amounts, st.integers(1, 36))
def test_monthly_has_six_decimals_and_is_the_nearest(amount: int, term: int) -> None:
    mrr = monthly(amount, term)
    assert mrr.as_tuple().exponent == -6
    numerator, denominator = mrr.as_integer_ratio()
    assert abs(numerator * term - amount * denominator) * 2 * 10**6 <= term * denominator
    assert monthly(-amount, term) == mrr.copy_negate() or amount == 0


def test_a_term_without_months_is_refused() -> None:
    with pytest.raises(BadValue, match="bad_term"):
        monthly(100, 0)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("120万円", 1, 1_200_000), ("1.2億", 1, 120_000_000), ("△1,200千円", 1, -1_200_000), ("３百万円", 1, 3_000_000),
        ("1,200.5", 1000, 1_200_500), ("120万", 1000, 1_200_000), ("0", 1000, 0),
    ],
)  # fmt: skip
def test_thousands_are_counted_once(text: str, unit: int, expected: int) -> None:
    assert parse_amount(text, unit=unit) == expected


def test_yen_in_a_column_of_thousands_is_refused() -> None:
    for text in ("1,200円", "¥1200"):
        with pytest.raises(BadValue, match="other_unit"):
            parse_amount(text, unit=1000)


@pytest.mark.parametrize(
    ("heading", "unit", "bare"),
    [
        ("月額（千円）", 1000, "月額"), ("金額[百万円]", 1_000_000, "金額"), ("金額 (単位：円)", 1, "金額"),
        ("千円札の枚数", None, "千円札の枚数"), ("月額", None, "月額"), ("金額（税込）", None, "金額(税込)"),
    ],
)  # fmt: skip
def test_a_heading_says_what_it_counts(heading: str, unit: int | None, bare: str) -> None:
    assert (unit_said(heading), without_unit(heading)) == (unit, bare)
