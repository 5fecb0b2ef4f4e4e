from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from banso.core.models import Workspace
from banso.core.tests.builders import TODAY, drain_jobs, events
from banso.customers import services as customers
from banso.customers.models import Customer
from banso.customers.services import NewPurchase
from banso.customers.tests.builders import a_customer, a_purchase
from banso.insight.metrics import services
from banso.insight.metrics.models import KeptBoard

PAGE = "/metrics/buyers/"


@pytest.fixture
def buyers(acme: Workspace) -> list[Customer]:
    """Fifty who bought in the last year, ten of them on one day, the others again."""
    chance = np.random.default_rng(5)
    named = [customers.NewCustomer(name=f"店舗{number}") for number in range(50)]
    made = [one for one in customers.create_customers(named, by=None) if isinstance(one, Customer)]
    rows = [
        NewPurchase(
            customer_id=one.pk,
            bought_on=TODAY - timedelta(days=int(day)),
            amount=int(chance.gamma(4, 500)) + 1,
            currency="JPY",
        )
        for number, one in enumerate(made)
        for day in chance.choice(300, 1 + chance.geometric(0.4) if number < 40 else 1, False)
    ]
    customers.add_purchases(rows, by=None)
    return made


def words(client: Client, query: str = "") -> str:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("<wbr>", "").replace("\u200b", "")


def test_without_purchases_the_page_says_what_it_is_for_and_asks_for_no_job(
    acme: Workspace, alice_client: Client
) -> None:
    assert "購入がまだありません" in words(alice_client)
    assert drain_jobs(of=services.WORK_OUT_BUYERS) == 0


def test_the_page_asks_once_for_what_a_job_works_out(
    buyers: list[Customer], alice_client: Client
) -> None:
    assert "計算しています" in words(alice_client)
    words(alice_client)
    assert drain_jobs(of=services.WORK_OUT_BUYERS) == 1
    page = words(alice_client)
    assert "計算しています" not in page and all(one.name in page for one in buyers)
    assert drain_jobs(of=services.WORK_OUT_BUYERS) == 0


def test_a_purchase_since_is_said_and_counted_anew(
    buyers: list[Customer], alice_client: Client
) -> None:
    services.work_out_buyers()
    a_purchase(a_customer(), bought_on=TODAY)
    assert "再計算しています" in words(alice_client)
    assert drain_jobs(of=services.WORK_OUT_BUYERS) == 1
    assert "再計算しています" not in words(alice_client)
    assert KeptBoard.objects.count() == 1


def test_too_few_who_came_again_are_told_no_value_but_who_bought_when_and_how_much(
    acme: Workspace, alice_client: Client
) -> None:
    for name, days in (("先の客", (40, 41, 41)), ("後の客", (3,))):
        customer = a_customer(name)
        for day in days:
            a_purchase(customer, bought_on=TODAY - timedelta(days=day), amount=1_234)
    services.work_out_buyers()
    page = words(alice_client)
    assert "30社" in page and "購入は1日のみ" not in page
    assert page.index("後の客") < page.index("先の客")
    assert "3,702" in page and "1,234" in page


def test_purchases_that_fit_no_model_are_listed_all_the_same(
    acme: Workspace, alice_client: Client
) -> None:
    named = [customers.NewCustomer(name=f"毎日{number}") for number in range(31)]
    made = [one for one in customers.create_customers(named, by=None) if isinstance(one, Customer)]
    days = (TODAY - timedelta(days=1), TODAY)
    customers.add_purchases(
        [
            NewPurchase(customer_id=one.pk, bought_on=day, amount=0, currency="JPY")
            for one in made
            for day in days
        ],
        by=None,
    )
    [told] = services.work_out_buyers()
    assert told.notes == ("no_fit",)
    page = words(alice_client)
    assert all(one.name in page for one in made)


def test_who_bought_on_one_day_is_not_said_to_buy_still(
    buyers: list[Customer], alice_client: Client
) -> None:
    [told] = services.work_out_buyers()
    page = words(alice_client)
    assert page.count("購入は1日のみ") == sum(one.days == 1 for one in told.buyers) == 10


def test_a_currency_in_which_nobody_bought_is_named_and_its_file_refused(
    buyers: list[Customer], alice_client: Client
) -> None:
    services.work_out_buyers()
    assert "EURでの購入はありません" in words(alice_client, "?currency=eur")
    assert "での購入はありません" not in words(alice_client, "?currency=jpy")
    asked = {"list": "buyers", "query": "?currency=EUR", "kind": "csv"}
    answer = alice_client.post("/exports/", asked)
    assert answer.status_code == 422 and "EURでの購入はありません" in answer.content.decode()


def test_the_chosen_currency_is_marked(buyers: list[Customer], alice_client: Client) -> None:
    a_purchase(buyers[0], bought_on=TODAY, currency="USD")
    services.work_out_buyers()
    page = words(alice_client, "?currency=USD")
    assert 'href="?currency=USD" aria-current="true"' in page
    assert 'href="?currency=JPY" aria-current' not in page


def test_odd_places_show_what_there_is(buyers: list[Customer], alice_client: Client) -> None:
    services.work_out_buyers()
    for odd in ("?after=x", "?after=99999"):
        words(alice_client, odd)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_all_buyers_can_be_had_as_a_file(
    buyers: list[Customer], alice_client: Client, kind: str, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    asked = {"list": "buyers", "query": "?currency=JPY", "kind": kind}
    assert alice_client.post("/exports/", asked, follow=True).status_code == 200
    assert [one.facts["rows"] for one in events("core.list_exported")] == [len(buyers)]
