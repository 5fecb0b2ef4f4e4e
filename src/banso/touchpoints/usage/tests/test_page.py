from datetime import timedelta

import pytest
from django.test import Client

from banso.core.models import Workspace
from banso.core.tests.builders import TODAY
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contact, a_customer
from banso.touchpoints.usage import store
from banso.touchpoints.usage.queries import GLANCE, usage_card, usage_glance
from banso.touchpoints.usage.tests.builders import a_day_of_usage, a_run, a_total, an_event


def page(client: Client, customer: Customer, query: str = "", *, htmx: bool = False) -> str:
    headers = {"hx-request": "true"} if htmx else {}
    answer = client.get(f"/customers/{customer.pk}/usage{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_who_used_what_and_since_when(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    contact = a_contact(customer, "髙橋 直子")
    a_day_of_usage(customer, TODAY - timedelta(days=40), people=18)
    a_day_of_usage(customer, TODAY, people=6, feature="帳票")
    store.load_events([an_event(customer, contact_id=contact.pk, person_key="")])
    text = page(bob_client, customer)
    assert "その前の28日：18人" in text and "帳票" in text and "髙橋 直子" in text
    assert "2026/10/24" in text and "<html" in text


def test_a_customers_page_gets_the_figures_alone_and_the_way_to_their_rows(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    a_day_of_usage(customer, TODAY - timedelta(days=40), people=18)
    a_day_of_usage(customer, TODAY, people=6, feature="帳票")
    text = page(bob_client, customer, htmx=True)
    assert "<html" not in text and "帳票" not in text
    assert "6人" in text and "その前の28日：18人" in text
    assert f"/customers/{customer.pk}/usage?at=2026-11-20#features" in text


def test_a_customer_without_usage_says_so_and_shows_no_zero(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    whole, part = page(bob_client, customer), page(bob_client, customer, htmx=True)
    assert "利用データなし" in whole and 'class="tile' not in whole
    assert "利用データはまだ" in part and "glance" not in part


def test_a_source_without_people_says_so(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    store.add_imported([a_total(customer, events=5)], run=a_run())
    assert "だれが使ったかは" in page(bob_client, customer)


def test_the_page_shows_an_earlier_day(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    a_day_of_usage(customer, TODAY)
    assert "利用データなし" in page(bob_client, customer, "?at=2026-11-19")


@pytest.mark.parametrize("on", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31", "２０２６"])
def test_a_day_that_cannot_be_read_is_refused_in_words(
    acme: Workspace, bob_client: Client, on: str
) -> None:
    answer = bob_client.get(f"/customers/{a_customer().pk}/usage", {"at": on})
    assert answer.status_code == 422


def test_a_stranger_finds_nothing(acme: Workspace, charlie_client: Client) -> None:
    assert charlie_client.get(f"/customers/{a_customer().pk}/usage").status_code == 404


def test_names_from_outside_are_only_text(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    a_day_of_usage(customer, TODAY, feature="<script>alert(1)</script>")
    assert "<script>alert" not in page(bob_client, customer)


def test_a_card_asks_twelve_questions_and_a_glance_five(
    acme: Workspace, django_assert_max_num_queries: object
) -> None:
    customer = a_customer()
    a_day_of_usage(customer, TODAY, people=30)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        card = usage_card(customer.pk, on=TODAY)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        glance = usage_glance(customer.pk, on=TODAY)
    assert all(getattr(glance, name) == getattr(card.figures, name) for name in GLANCE)
    assert glance.weeks == card.weeks
    assert sum(week.events for week in card.weeks) == 30 and len(card.people) == 30
