"""Usage of customers that turn out to be one: counted with the survivor, and back again."""

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from banso.core.models import Workspace
from banso.core.tests.builders import drain_jobs
from banso.customers.merges.merging import merge_contacts, merge_customers
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contact, a_customer
from banso.touchpoints.usage import store
from banso.touchpoints.usage.models import Account, DailyUsage, ImportedUsage, Visitor
from banso.touchpoints.usage.tests.builders import (
    Sending,
    a_run,
    a_total,
    an_event,
    rollups,
    sent,
)


@pytest.fixture
def product(acme: Workspace) -> Sending:
    return Sending()


def counted() -> dict[UUID, int]:
    """Customer → events, once nothing is due any more; and rollups are what is stored."""
    drain_jobs()
    live = rollups()
    with transaction.atomic():
        store.roll_up({(customer, day) for customer, day, *_rest in live})
    assert rollups() == live
    sums: dict[UUID, int] = {}
    for (customer, *_rest), (events, *_more) in live.items():
        sums[customer] = sums.get(customer, 0) + events
    return sums


def used_in_company(product: Sending, key: str, *, user: str) -> None:
    product.ok("track", sent(user=user, context={"groupId": key}))


def two_customers() -> tuple[Customer, Customer]:
    return a_customer("甲", external_id="A"), a_customer("乙", external_id="B")


def merge(one: Customer, other: Customer) -> Any:
    return merge_customers(one.pk, merged_id=other.pk, by=None)


def test_what_sources_send_is_the_survivors_and_the_others_again(product: Sending) -> None:
    one, other = two_customers()
    used_in_company(product, "A", user="u")
    used_in_company(product, "B", user="v")
    assert counted() == {one.pk: 1, other.pk: 1}
    used_in_company(product, "B", user="v")  # waits for the rollup, as those below
    merged = merge(one, other)
    used_in_company(product, "B", user="v")
    assert counted() == {one.pk: 4}
    used_in_company(product, "B", user="v")
    unmerge(merged.pk, by=None)
    used_in_company(product, "B", user="v")
    assert counted() == {one.pk: 1, other.pk: 5}


def test_a_key_first_seen_after_the_merge_leads_to_the_survivor(product: Sending) -> None:
    one, other = two_customers()
    merged = merge(one, other)
    used_in_company(product, "B", user="v")
    assert counted() == {one.pk: 1}
    unmerge(merged.pk, by=None)
    assert counted() == {other.pk: 1}
    assert Account.objects.get().customer_id == other.pk


def test_what_files_brought_is_the_survivors_and_the_others_again(acme: Workspace) -> None:
    one, other = two_customers()
    run = a_run()
    with transaction.atomic():
        store.load_events([an_event(one), an_event(other), an_event(other)], run=run)
        store.add_imported([a_total(other, events=5, person_key="p1")], run=run)
    merged = merge(one, other)
    assert ImportedUsage.objects.get().customer_id == one.pk
    assert counted() == {one.pk: 8}
    unmerge(merged.pk, by=None)
    assert counted() == {one.pk: 1, other.pk: 7}


def test_chains_give_each_its_own_in_either_order(acme: Workspace) -> None:
    one, two, three = a_customer("甲"), a_customer("乙"), a_customer("丙")
    run = a_run()
    with transaction.atomic():
        store.load_events([an_event(one), *(an_event(two) for _ in range(2))], run=run)
        store.load_events([an_event(three) for _ in range(4)], run=run)
    lower, upper = merge(two, one), merge(three, two)
    assert counted() == {three.pk: 7}
    unmerge(lower.pk, by=None)
    assert counted() == {one.pk: 1, three.pk: 6}
    unmerge(upper.pk, by=None)
    assert counted() == {one.pk: 1, two.pk: 2, three.pk: 4}


def test_a_merged_persons_keys_lead_to_who_they_are(product: Sending) -> None:
    customer = a_customer("甲")
    one = a_contact(customer, "山田 花子", external_id="u1")
    other = a_contact(customer, "山田花子", external_id="u2")
    product.ok("track", sent(user="u2"))
    drain_jobs()
    merged = merge_contacts(one.pk, merged_id=other.pk, by=None)
    product.ok("track", sent(user="u1"))
    drain_jobs()
    assert set(DailyUsage.objects.values_list("contact_id", flat=True)) == {one.pk}
    unmerge(merged.pk, by=None)
    drain_jobs()
    assert Visitor.objects.get(key="u2").contact_id == other.pk
    assert set(DailyUsage.objects.values_list("contact_id", flat=True)) == {one.pk, other.pk}
