"""What a customer's page asks: today's values as the Fields say, in few statements."""

from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY
from banso.customers import services
from banso.customers.fields import annotate
from banso.customers.models import CurrentState, Customer
from banso.customers.queries.screen import NAMES, customer_screen
from banso.customers.services.current import keep_current
from banso.customers.tests.builders import a_contact, a_contract, a_customer, a_notice


def as_fields_say(customer: Customer) -> dict[str, Any]:
    keys = [f"customers.{name}" for name in NAMES]
    one = annotate(Customer.objects.filter(pk=customer.pk), keys, on=TODAY, kept=False).get()
    return {name: getattr(one, f"f_customers_{name}") for name in NAMES}


def shown(customer: Customer) -> dict[str, Any]:
    return asdict(customer_screen(customer.pk).figures)


@pytest.fixture
def signed(acme: Workspace) -> Customer:
    customer = a_customer(last_contact_on=date(2026, 11, 2))
    a_contract(customer, end_on=date(2027, 4, 1), notice_on=date(2026, 12, 2))
    return customer


def test_figures_are_those_of_the_fields_whether_kept_or_not(signed: Customer) -> None:
    assert shown(signed) == as_fields_say(signed)
    keep_current()
    assert shown(signed) == as_fields_say(signed)
    a_notice(signed)
    assert shown(signed) == as_fields_say(signed)
    assert shown(signed)["contract_state"] == "noticed"


def test_a_change_is_seen_at_once(signed: Customer) -> None:
    keep_current()
    contract = signed.contracts.get()
    services.change_contract(
        contract.pk, effective_on=TODAY, kind="expansion", amount=2_400_000, by=None
    )
    assert shown(signed)["mrr"] == 200_000


def test_kept_values_of_another_day_are_not_believed(signed: Customer) -> None:
    keep_current()
    CurrentState.objects.update(mrr=1, until=TODAY)
    assert shown(signed)["mrr"] == 100_000


def test_who_never_signed_has_no_figures(acme: Workspace) -> None:
    customer = a_customer(last_contact_on=None)
    assert shown(customer) == as_fields_say(customer)
    assert shown(customer)["contract_state"] == "none"


def test_a_contact_on_a_day_to_come_is_none_yet(acme: Workspace) -> None:
    customer = a_customer(last_contact_on=date(2027, 1, 1))
    assert shown(customer) == as_fields_say(customer)


def test_a_screen_asks_seven_questions_however_much_it_holds(
    signed: Customer, bob: Person, django_assert_num_queries: Any
) -> None:
    for name in ("佐藤 一", "鈴木 二", "高橋 三"):
        a_contact(signed, name)
        a_contract(signed)
    services.record_contact(signed.pk, on=TODAY, by=bob)
    keep_current()
    with django_assert_num_queries(7):
        screen = customer_screen(signed.pk, known=[bob])
    assert len(screen.contacts) == 3 and len(screen.contracts) == 4
    assert screen.timeline.entries[0].by == str(bob)
