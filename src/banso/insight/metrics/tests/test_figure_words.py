"""Figures are worded by what they count."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from banso.core.models import Workspace
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.figure_words import change, ingredient, short_name, value, value_words
from banso.lib.periods import Kind, period_of

OCTOBER = period_of(date(2026, 10, 1), "month")


def a_figure(kpi: str, told: str, currency: str = "", *notes: str) -> Figure:
    amount = Decimal(told)
    return Figure(kpi, OCTOBER, amount, amount, amount, 1, currency, notes=notes)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (a_figure("cac_payback", "18.52", "JPY"), "18.5 months"),
        (a_figure("accounts_per_csm", "14.25"), "14.2"),
        (a_figure("arr_per_csm", "1200000", "JPY"), "¥1,200,000"),
        (a_figure("logo_churn", "0.0125"), "1.25%"),
        (a_figure("ltv", "600000", "JPY", "capped"), "≥ ¥600,000"),
        (Figure("ltv", OCTOBER, None, None, None, 0, "JPY", notes=("capped",)), "No data"),
        (None, "No data"),
    ],
)
def test_a_value_is_said_in_what_it_counts(figure: Figure | None, said: str) -> None:
    with override("en"):
        assert value(figure) == said


@pytest.mark.parametrize(
    ("kind", "month", "said", "in_japanese"),
    [
        ("quarter", 4, "FY26 Q1", "26年度1Q"),
        ("half", 4, "FY26 H1", "26年度上期"),
        ("half", 10, "FY26 H2", "26年度下期"),
        ("month", 4, "2026/04", "2026/04"),
        ("year", 4, "FY2026", "2026年度"),
    ],
)
def test_below_a_chart_a_period_is_said_shortly_in_the_readers_language(
    kind: Kind, month: int, said: str, in_japanese: str, acme: Workspace
) -> None:
    period = period_of(date(2026, month, 1), kind, acme.fiscal_start_month)
    with override("en"):
        assert short_name(period) == said
    with override("ja"):
        assert short_name(period) == in_japanese


def test_what_a_figure_is_made_of_is_said_in_what_each_counts() -> None:
    worth, load = a_figure("ltv", "0.5", "JPY"), a_figure("accounts_per_csm", "1.25")
    with override("en"):
        assert ingredient(worth, "numerator") == "¥1"
        assert ingredient(worth, "denominator") == "50%"
        assert ingredient(load, "denominator") == "1.25"


def test_a_change_is_said_in_what_the_figure_counts() -> None:
    with override("en"):
        assert change(a_figure("logo_churn", "0"), Decimal("0.012")) == "+1.20 points"
        assert change(a_figure("cac_payback", "0", "JPY"), Decimal("-0.5")) == "−0.5 months"
        assert change(a_figure("accounts_per_csm", "0"), Decimal(2)) == "+2"
        assert change(a_figure("mrr", "0", "JPY"), Decimal(0)) == "±0"
        assert change(a_figure("mrr", "0", "JPY"), None) == "—"


def test_rates_of_a_column_have_the_same_decimals_and_whole_ones_none() -> None:
    shares = [Decimal(text) for text in ("1.00304", "1.0028", "1", "0", "-0.00004", "0.5")]
    told = [value_words(share, "share") for share in shares]
    assert told == ["100.30%", "100.28%", "100%", "0%", "0%", "50%"]
