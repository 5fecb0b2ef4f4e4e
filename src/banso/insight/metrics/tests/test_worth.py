"""KPI 7 and 8 through the door, and what is told of them where little is known."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from banso.customers import services as book
from banso.customers.tests.builders import a_contract, a_customer
from banso.insight.metrics import answers, services
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.queries import NoRate
from banso.insight.metrics.tests.builders import an_exchange_rate
from banso.insight.metrics.tests.test_edges import said
from banso.lib.periods import Kind, period_of

pytestmark = pytest.mark.usefixtures("acme")
JUNE = date(2026, 6, 1)


def told(kpi: str, day: date = JUNE, kind: Kind = "month") -> Figure:
    [figure] = answers.figures(Asked(kpi, (period_of(day, kind),)))
    return figure


def test_a_lifetime_is_the_margin_of_a_customer_over_monthly_churn() -> None:
    services.set_rules({"gross_margin": Decimal("0.8")}, by=None)
    gone, _stays = (a_contract(a_customer(name)) for name in ("甲", "乙"))
    book.end_contract(gone.pk, effective_on=JUNE, by=None)
    figure = told("ltv")
    assert said(figure.numerator, figure.denominator) == (80_000, Decimal("0.5"))
    assert figure.value == 160_000 and figure.notes[:2] == ("low_n", "capped")


def test_churn_of_a_year_that_runs_is_the_mean_of_its_months_so_far() -> None:
    gone, _stays = (a_contract(a_customer(name)) for name in ("甲", "乙"))
    book.end_contract(gone.pk, effective_on=JUNE, by=None)
    running = told("ltv", date(2026, 11, 1), "year")  # eleven months of it have begun
    assert running.denominator == Decimal("0.5") / 11 and "running" in running.notes


def test_what_winning_customers_cost_is_exchanged_into_what_the_ledger_is_told_in() -> None:
    services.set_costs({JUNE: 300_000}, by=None)
    a_contract(a_customer("Acme Inc.", currency="USD"), amount=120_000)
    a_contract(a_customer("Zeta Inc.", currency="USD"), amount=120_000, start_on=JUNE)
    with pytest.raises(NoRate):
        told("cac_payback")
    an_exchange_rate("150", on=JUNE)
    figure = told("cac_payback")
    assert said(figure.currency, figure.numerator, figure.denominator) == ("USD", 2000, 100)
    assert said(figure.value, figure.n, figure.notes) == (20, 1, ("revenue_only",))


def test_without_its_cost_winning_a_customer_has_no_payback() -> None:
    a_contract()
    a_contract(a_customer("乙"), start_on=JUNE)
    assert told("cac_payback").value is None
    services.set_costs({JUNE: 300_000}, by=None)
    assert told("cac_payback").value == 3


def test_the_page_spreads_churn_over_the_months_that_the_figure_does(alice_client: Client) -> None:
    gone, _stays = (a_contract(a_customer(name)) for name in ("甲", "乙"))
    book.end_contract(gone.pk, effective_on=JUNE, by=None)
    query = {"kpi": "ltv", "period": period_of(date(2026, 11, 1), "year", 4).code}
    page = alice_client.get("/metrics/rows/", query).content.decode()
    assert "÷ 8か月" in page
