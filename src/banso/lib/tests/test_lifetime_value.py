from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib.lifetime_value import formula_value, payback_months, survival_value
from banso.lib.survival import kaplan_meier

ARPA = Decimal(50_000)
money = st.decimals(1, 10**9, places=2)
shares = st.decimals("0.001", 1, places=3)


def test_the_formula_is_arpa_times_margin_by_churn() -> None:
    value = formula_value(arpa=ARPA, churn=Decimal("0.02"), n=30, margin=Decimal("0.8"))
    assert value.amount == 2_000_000 and value.months == 50
    assert value.notes == ()


def test_without_churn_sixty_months_are_counted_and_it_is_at_least_that() -> None:
    value = formula_value(arpa=ARPA, churn=Decimal(0), n=200, margin=Decimal("0.8"))
    assert (value.amount, value.notes, value.is_at_least) == (ARPA * 48, ("capped",), True)


def test_of_few_customers_no_more_than_sixty_months_are_counted() -> None:
    value = formula_value(arpa=ARPA, churn=Decimal("0.001"), n=29)
    assert value.months == 60
    assert value.notes == ("low_n", "capped", "revenue_only")
    assert formula_value(arpa=ARPA, churn=Decimal("0.001"), n=30).months == 1000


def test_without_a_margin_it_is_of_revenue() -> None:
    value = formula_value(arpa=ARPA, churn=Decimal("0.1"), n=99)
    assert (value.amount, value.notes) == (ARPA * 10, ("revenue_only",))


@pytest.mark.parametrize("churn", ["-0.1", "1.1"])
def test_a_churn_that_is_no_share_is_refused(churn: str) -> None:
    with pytest.raises(ValueError, match="share"):
        formula_value(arpa=ARPA, churn=Decimal(churn), n=99)


@given(money, shares, shares, st.integers(0, 100))
def test_both_values_scale_with_the_margin(
    arpa: Decimal, churn: Decimal, margin: Decimal, n: int
) -> None:
    curve = kaplan_meier([5.0, 20.0, 70.0], [True, False, True])
    for of_all, of_part in [
        (formula_value(arpa=arpa, churn=churn, n=n), formula_value(arpa=arpa, churn=churn, n=n, margin=margin)),
        (survival_value(arpa=arpa, survival=curve), survival_value(arpa=arpa, survival=curve, margin=margin)),
    ]:  # fmt: skip
        assert float(of_part.amount) == pytest.approx(float(of_all.amount * margin))
        assert of_part.months == of_all.months


@given(money, shares, shares)
def test_more_churn_is_never_worth_more(arpa: Decimal, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert (
        formula_value(arpa=arpa, churn=high, n=99).amount
        <= formula_value(arpa=arpa, churn=low, n=99).amount
    )


def test_the_value_of_survival_is_its_area_with_its_error() -> None:
    curve = kaplan_meier([10.0] * 20 + [40.0] * 20, [True] * 40)
    value = survival_value(arpa=ARPA, survival=curve, margin=Decimal("0.5"))
    assert value.months == 25 and value.amount == 625_000
    assert value.notes == ()
    assert value.error == pytest.approx(Decimal(25_000) * Decimal(curve.area_error(60)))


def test_a_book_younger_than_sixty_months_says_at_least() -> None:
    value = survival_value(arpa=ARPA, survival=kaplan_meier([12.0] * 40, [False] * 40))
    assert value.months == 12
    assert value.notes == ("capped", "revenue_only")


def test_of_nobody_nothing_is_known_but_that_it_is_at_least_nothing() -> None:
    value = survival_value(arpa=ARPA, survival=kaplan_meier([], []))
    assert value.amount == 0
    assert value.notes == ("low_n", "capped", "revenue_only")


def test_winning_a_customer_is_paid_back_in_months() -> None:
    cost = Decimal(600_000)
    assert payback_months(cac=cost, arpa=ARPA, margin=Decimal("0.8")) == 15
    assert payback_months(cac=cost, arpa=ARPA) == 12
    assert payback_months(cac=cost, arpa=Decimal(0)) is None
    assert payback_months(cac=cost, arpa=ARPA, margin=Decimal(0)) is None
