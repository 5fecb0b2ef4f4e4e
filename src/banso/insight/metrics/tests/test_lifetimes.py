from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.utils import timezone

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY
from banso.customers import services
from banso.customers.models import Customer, Purchase
from banso.customers.services import NewPurchase
from banso.customers.tests.builders import a_customer, a_purchase
from banso.insight.metrics.buyers.lifetimes import Ahead, purchase_lifetimes

LAST = date(2026, 6, 30)


def _buyers(n: int, currency: str = "JPY") -> list[Customer]:
    """Customers who bought in the last year as people do, the same each time."""
    chance = np.random.default_rng(3)
    named = [services.NewCustomer(name=f"{currency} {number}") for number in range(n)]
    made = [one for one in services.create_customers(named, by=None) if isinstance(one, Customer)]
    rows = list[NewPurchase]()
    for one in made:
        own, days = chance.gamma(6, 500), chance.choice(300, 1 + chance.geometric(0.4), False)
        for day in days:
            on, amount = LAST - timedelta(days=int(day)), int(own * chance.gamma(4, 0.25)) + 1
            rows.append(
                NewPurchase(customer_id=one.pk, bought_on=on, amount=amount, currency=currency)
            )
    services.add_purchases(rows, by=None)
    return made


def test_nobody_who_bought_gives_no_figure(acme: Workspace) -> None:
    assert purchase_lifetimes() == []


def test_too_few_who_came_again_give_no_value_and_say_so(acme: Workspace) -> None:
    customer = a_customer()
    for day in (1, 2, 2):
        a_purchase(customer, bought_on=date(2026, 6, day))
    [told] = purchase_lifetimes(until=LAST)
    assert (told.n, told.n_again, told.value, told.notes) == (1, 1, None, ("low_n",))
    [one] = told.buyers
    assert (one.days, one.last_on, one.paid) == (2, date(2026, 6, 2), Decimal(36_000))
    assert (one.alive, one.purchases, one.spend, one.value) == (None, None, None, None)


def test_of_who_bought_on_one_day_nobody_says_that_they_still_buy_and_they_stand_last(
    acme: Workspace,
) -> None:
    _buyers(40)
    for days in (3, 30, 300):
        a_purchase(bought_on=LAST - timedelta(days=days))
    [told] = purchase_lifetimes(until=LAST)
    once = [one for one in told.buyers if one.days == 1]
    assert once and told.buyers[-len(once) :] == once
    assert all(one.alive is None and bool(one.purchases and one.value) for one in once)
    assert all(one.alive is not None for one in told.buyers[: -len(once)])
    for part in (once, told.buyers[: -len(once)]):
        values = [one.value or 0 for one in part]
        assert values == sorted(values, reverse=True)


def test_a_value_is_the_mean_of_its_buyers_and_scales_with_the_margin(acme: Workspace) -> None:
    made = _buyers(40)
    [whole] = purchase_lifetimes(until=LAST)
    [part] = purchase_lifetimes(until=LAST, ahead=Ahead(margin=Decimal("0.5")))
    assert (whole.currency, whole.n, whole.notes) == ("JPY", 40, ("capped", "revenue_only"))
    assert whole.value and part.value and part.notes == ("capped",)
    assert whole.value == sum(one.value or 0 for one in whole.buyers) / 40
    assert float(part.value) == pytest.approx(float(whole.value) / 2, abs=1)
    assert {one.customer_id for one in whole.buyers} == {one.pk for one in made}
    best = whole.buyers[0]
    assert best.value and best.purchases and best.spend and best.alive
    assert float(best.value) == pytest.approx(best.purchases * float(best.spend), rel=0.01)
    bought = Purchase.objects.filter(customer_id=best.customer_id)
    assert best.last_on == max(one.bought_on for one in bought) and 0 < best.alive <= 1


def test_waiting_costs_and_less_time_brings_less(acme: Workspace) -> None:
    _buyers(40)
    plain, waiting, short = (
        purchase_lifetimes(until=LAST, ahead=ahead)[0].value
        for ahead in (Ahead(), Ahead(monthly_discount=0.01), Ahead(months=12))
    )
    assert plain and waiting and short
    assert short < plain and waiting < plain


def test_each_currency_is_told_on_its_own_with_its_decimals(acme: Workspace) -> None:
    _buyers(40)
    _buyers(35, "USD")
    yen, dollars = purchase_lifetimes(until=LAST)
    assert (yen.currency, yen.n, dollars.currency, dollars.n) == ("JPY", 40, "USD", 35)
    assert {one.paid.as_tuple().exponent for one in dollars.buyers} == {-2}
    assert dollars.buyers[0].value and dollars.buyers[0].value.as_tuple().exponent == -2


def test_what_was_voided_since_still_counts_as_it_was_known(acme: Workspace) -> None:
    _buyers(40)
    [before], moment = purchase_lifetimes(until=LAST), timezone.now()
    for one in Purchase.objects.all()[:5]:
        services.void_purchase(one.pk, by=None)
    [after] = purchase_lifetimes(until=LAST)
    assert after.value != before.value
    assert purchase_lifetimes(until=LAST, known_at=moment) == [before]


def test_purchases_of_others_count_for_nobody_here(
    acme: Workspace, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        a_purchase(bought_on=TODAY)
    assert purchase_lifetimes(until=TODAY) == []
