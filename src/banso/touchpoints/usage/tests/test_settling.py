"""Whose usage is whose: people and companies as sources name them, in any order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from banso.core.events import publish
from banso.core.models import Workspace
from banso.core.tests.builders import drain_jobs
from banso.customers import services as customers
from banso.customers.models import Contact, Customer
from banso.customers.tests.builders import a_contact, a_customer
from banso.touchpoints.usage import identities, personal_data, services, settling, store
from banso.touchpoints.usage.models import Account, Arrival, Belonging, DailyUsage, Visitor
from banso.touchpoints.usage.settling import end_of_chain
from banso.touchpoints.usage.tests.builders import (
    Sending,
    a_source,
    an_arrival,
    rollups,
    sent,
    stored,
)

NOON = datetime(2026, 11, 18, 3, tzinfo=UTC)
Sums = dict[tuple[UUID, str], int]
OURS = "(core|usage)[.]"  # health scores anew after every use: a third of the time, for nobody here


@pytest.fixture
def product(acme: Workspace) -> Sending:
    return Sending()


def at(hours: float) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


def group(user: str, account: str, hours: float, **more: Any) -> dict[str, Any]:
    told = sent(user=user, type="group", groupId=account, timestamp=at(hours))
    return {**told, **more}


def use(user: str, hours: float, **more: Any) -> dict[str, Any]:
    return sent(user=user, timestamp=at(hours), **more)


def anonymous(name: str, hours: float) -> dict[str, Any]:
    return use("", hours, anonymousId=name)


def identify(user: str, before: str, hours: float, **traits: Any) -> dict[str, Any]:
    told = sent(user=user, type="identify", anonymousId=before, timestamp=at(hours))
    return {**told, "traits": traits}


def counted() -> Sums:
    """(customer, person) → events, once nothing is due any more; and rollups are what raw events say."""
    drain_jobs(of=OURS)
    live = rollups()
    with transaction.atomic():
        store.roll_up({(customer, day) for customer, day, *_rest in live})
    assert rollups() == live
    sums: Sums = {}
    for (customer, _day, _feature, person), (events, *_rest) in live.items():
        sums[customer, person] = sums.get((customer, person), 0) + events
    return sums


def test_a_persons_use_belongs_to_the_account_of_their_latest_group_call(product: Sending) -> None:
    one, two = a_customer("甲", external_id="A"), a_customer("乙", external_id="B")
    product.ok("batch", {"batch": [group("u", "A", 1), group("u", "B", 5)]})
    drain_jobs(of=OURS)
    product.ok("batch", {"batch": [use("u", hours) for hours in (0, 2, 4.9, 5, 9)]})
    assert counted() == {(one.pk, "u"): 3, (two.pk, "u"): 2}


def test_a_use_with_an_account_of_its_own_is_that_accounts(product: Sending) -> None:
    one, two = a_customer("甲", external_id="A"), a_customer("乙", external_id="B")
    product.ok("batch", {"batch": [group("u", "A", 0), use("u", 1, context={"groupId": "B"})]})
    assert counted() == {(two.pk, "u"): 1}
    assert one.pk not in {customer for customer, _person in counted()}


def test_uses_of_nobody_known_wait_and_are_counted_when_the_customer_appears(
    product: Sending,
) -> None:
    product.ok("batch", {"batch": [use("u", 1, context={"groupId": "A"}), use("u", 2)]})
    assert counted() == {} and len(stored()) == 2
    assert Account.objects.get().customer is None
    customer = customers.create_customer(name="甲", external_id="A", by=None)
    assert counted() == {(customer.pk, "u"): 1}
    contact = customers.create_contact(customer.pk, name="山田", external_id="u", by=None)
    assert counted() == {(customer.pk, "u"): 2}
    assert set(DailyUsage.objects.values_list("contact", flat=True)) == {contact.pk}


@pytest.mark.parametrize(
    ("user", "traits", "how"),
    [
        ("x-7", {}, "external_id"),
        ("crm-7", {}, "source_id"),
        ("yamada@x.example", {}, "email"),
        ("7", {"email": "Yamada@X.example"}, "email"),
    ],
)
def test_a_person_is_a_contact_by_any_of_its_keys(
    product: Sending, user: str, traits: dict[str, str], how: str
) -> None:
    contact = a_contact(external_id="x-7", source_id="crm-7", email="yamada@x.example")
    product.ok("batch", {"batch": [use(user, 1), identify(user, "", 2, **traits)]})
    assert counted() == {(contact.customer_id, user): 1}
    assert Visitor.objects.get().matched_by == how


def test_an_address_that_two_contacts_share_matches_neither(product: Sending) -> None:
    a_contact(email="info@x.example")
    a_contact(email="info@x.example")
    product.ok("track", use("info@x.example", 1))
    assert counted() == {}


def test_a_person_before_and_after_signing_in_is_one(product: Sending) -> None:
    customer = a_customer(external_id="A")
    product.ok("track", anonymous("device", 1))
    product.ok("batch", {"batch": [identify("u", "device", 2), group("u", "A", 3), use("u", 4)]})
    assert counted() == {(customer.pk, "u"): 2}
    product.ok("track", anonymous("device", 5))
    alias = {"type": "alias", "previousId": "u", "userId": "new", "timestamp": at(6)}
    product.ok("batch", {"batch": [alias, use("new", 7)]})
    assert counted() == {(customer.pk, "new"): 4}


def test_a_device_shared_by_two_people_does_not_make_them_one(product: Sending) -> None:
    customer = a_customer(external_id="A")
    batch = [group("u", "A", 0), group("v", "A", 0), use("u", 1), use("v", 2)]
    product.ok("batch", {"batch": [*batch, identify("u", "pc", 1), identify("v", "pc", 2)]})
    assert counted() == {(customer.pk, "u"): 1, (customer.pk, "v"): 1}


def test_chains_end_where_they_end_and_circles_at_their_least() -> None:
    chain = {"a": "b", "b": "c", "c": "", "x": "y", "y": "z", "z": "y"}
    ends = {key: end_of_chain(key, chain) for key in chain}
    assert ends == {"a": "c", "b": "c", "c": "c", "x": "y", "y": "y", "z": "y"}


def test_matching_by_hand_moves_all_usage_and_ignoring_takes_it_away(product: Sending) -> None:
    one, two = a_customer("甲"), a_customer("乙")
    product.ok(
        "batch", {"batch": [group("u", "?", 0), use("u", 1), use("v", 2, context={"groupId": "?"})]}
    )
    account = Account.objects.get()
    for customer in (one, two):
        services.match_account(account.pk, customer_id=customer.pk, by=None)
        assert counted() == {(customer.pk, "u"): 1, (customer.pk, "v"): 1}
    services.ignore_account(account.pk, by=None)
    assert counted() == {} and len(stored()) == 3 - 1
    services.match_account(account.pk, customer_id=None, by=None)
    assert counted() == {}


def test_a_customer_that_was_binned_gives_its_account_to_the_next_with_its_key(
    product: Sending,
) -> None:
    first = customers.create_customer(name="甲", external_id="A", by=None)
    product.ok("track", use("u", 1, context={"groupId": "A"}))
    customers.bin_customer(first.pk, by=None)
    assert counted() == {(first.pk, "u"): 1}
    second = customers.create_customer(name="乙", external_id="A", by=None)
    assert counted() == {(second.pk, "u"): 1}


def history() -> list[dict[str, Any]]:
    """A person of two companies, one device before signing in, an alias, traits and a duplicate."""
    return [
        group("u", "A", 1),
        group("u", "B", 5, traits={"name": "乙"}),
        use("u", 0),
        use("u", 3),
        use("u", 6),
        anonymous("d", 2),
        identify("u", "d", 4, name="古い名前", email="old@x.example"),
        identify("u", "", 7, name="新しい名前"),
        sent(user="w", type="alias", previousId="u", timestamp=at(8)),
        use("w", 9, context={"groupId": "A"}),
        use("v", 9, context={"groupId": "C"}),
    ]


def test_any_order_of_arrival_gives_the_same_rollups(product: Sending) -> None:
    """Also when rollups are made in between, and every message comes twice."""
    one, two = a_customer("甲", external_id="A"), a_customer("乙", external_id="B")
    expected = {(one.pk, "w"): 4, (two.pk, "w"): 1}
    random, told = Random(7), []
    for attempt in range(12):
        messages = history()
        if attempt:
            random.shuffle(messages)
        for message in messages + messages[::2]:
            product.ok("batch", {"batch": [message], "sentAt": None})
            if random.random() < 0.3:
                drain_jobs(of=OURS)
        visitors = Visitor.objects.order_by("key")
        assert counted() == expected, [(m.get("type"), m.get("timestamp")) for m in messages]
        told.append(list(visitors.values_list("key", "person_key", "name", "email", "traits")))
        assert told[0] == told[-1]
        store.empty()
        assert stored() == [] and rollups() == {} and not Belonging.objects.exists()


def test_group_calls_in_every_order(product: Sending) -> None:
    one, two = a_customer("甲", external_id="A"), a_customer("乙", external_id="B")
    for order in permutations(range(4)):
        calls = [group("u", "A", 1), group("u", "B", 3), group("u", "A", 5), use("u", 4)]
        for n in order:
            product.ok("batch", {"batch": [calls[n]]})
            drain_jobs(of=OURS)
        assert counted() == {(two.pk, "u"): 1}, order
        product.ok("track", use("u", 6))
        assert counted() == {(two.pk, "u"): 1, (one.pk, "u"): 1}, order
        store.empty()


def test_an_erased_person_leaves_one_nameless_person_and_no_words(product: Sending) -> None:
    contact = a_contact(email="yamada@x.example")
    messages = [
        anonymous("d", 1),
        identify("yamada@x.example", "d", 2, name="山田"),
        use("yamada@x.example", 3, properties={"to": "yamada@x.example"}),
    ]
    product.ok("batch", {"batch": messages})
    before = counted()
    assert list(before.values()) == [2]
    exported = personal_data.export(contact)
    assert {"anon:d", "yamada@x.example"} <= {row.get("key") for row in exported}
    assert "山田" in {row.get("name") for row in exported}
    assert '{"to": "yamada@x.example"}' in {row.get("properties") for row in exported}
    personal_data.erase(contact)
    ((customer, person),) = counted()
    assert customer == contact.customer_id and person.startswith("erased:")
    assert list(counted().values()) == [2]
    left = str([list(model.objects.values()) for model in (Visitor, Belonging, Arrival)])
    assert "yamada" not in left and "山田" not in left
    assert "yamada" not in str(stored()) and personal_data.export(contact) == []


def test_a_purged_customer_takes_its_accounts_and_events_along(product: Sending) -> None:
    leaving, staying = a_customer("甲", external_id="A"), a_customer("乙", external_id="B")
    first = use("u", 1, context={"groupId": "A"})
    product.ok("batch", {"batch": [first, use("v", 1, context={"groupId": "B"})]})
    drain_jobs(of=OURS)
    publish("customers.customer_purged", leaving)
    Customer.with_deleted.filter(pk=leaving.pk).delete()
    assert counted() == {(staying.pk, "v"): 1}
    assert {account.key for account in Account.objects.all()} == {"B"}
    assert [row[0] for row in stored()] == [staying.pk]
    product.ok("track", first)
    assert len(stored()) == 2


def of_two(product: Sending) -> tuple[Customer, Customer]:
    """Two customers, a use of each that is counted, and a batch with another of each, still due."""
    one, other = a_customer("甲", external_id="A"), a_customer("乙", external_id="B")
    for told in ([use(who, n, context={"groupId": who}) for who in "AB"] for n in range(2)):
        drain_jobs(of=OURS)
        product.ok("batch", {"batch": told})
    return one, other


def test_what_is_due_of_others_stays_due_when_some_are_counted_anew(product: Sending) -> None:
    one, other = of_two(product)
    with transaction.atomic():
        store.roll_up({(one.pk, NOON.date())})
    assert {customer: sums[0] for (customer, *_), sums in rollups().items()} == {
        one.pk: 2,
        other.pk: 1,
    }
    assert services.roll_up_due() == {other.pk}
    assert counted() == {(one.pk, "A"): 2, (other.pk, "B"): 2}


def test_what_is_due_of_others_stays_due_when_a_customer_is_purged(product: Sending) -> None:
    leaving, staying = of_two(product)
    with transaction.atomic():
        services.forget_customers([leaving.pk])
    assert services.roll_up_due() == {staying.pk}
    assert counted() == {(staying.pk, "B"): 2}


def test_a_person_goes_with_their_contact_and_is_met_again(product: Sending) -> None:
    contact = a_contact(external_id="u")
    product.ok("track", use("u", 1))
    drain_jobs(of=OURS)
    Contact.with_deleted.filter(pk=contact.pk).delete()
    assert not Visitor.objects.exists()
    product.ok("track", use("u", 2))
    assert Visitor.objects.get().contact is None


def test_repeated_group_calls_are_forgotten_and_change_nothing(product: Sending) -> None:
    one, two = a_customer("甲", external_id="A"), a_customer("乙", external_id="B")
    old = -24 * 10
    calls = [(1, "A"), (1.1, "A"), (1.2, "A"), (2, "B"), (3, "A"), (3.1, "A")]
    batch = [group("u", account, old + hours) for hours, account in calls]
    uses = [use("u", old + hours) for hours in (0, 1.5, 2.5, 3.5)]
    product.ok("batch", {"batch": [*batch, *uses]})
    before = counted()
    assert before == {(one.pk, "u"): 3, (two.pk, "u"): 1}
    services.keep_store()
    assert Belonging.objects.count() == 3
    identities.look_again(people=["u"])
    services.roll_up_due()
    assert counted() == before


def test_of_a_source_the_last_thousand_arrivals_of_a_day_are_kept(product: Sending) -> None:
    old = timezone.now() - timedelta(hours=25)
    Arrival.objects.create(source=product.source, kind="track", at=old)
    rows = [Arrival(source=product.source, kind="track") for _n in range(1004)]
    first = Arrival.objects.bulk_create(rows)[0]
    other = Arrival.objects.create(source=a_source(), kind="track")
    services.roll_up_due()
    kept = set(Arrival.objects.values_list("pk", flat=True))
    assert len(kept) == 1001 and first.pk not in kept and other.pk in kept


def test_arrivals_are_looked_through_once_in_a_while_not_at_every_rollup(product: Sending) -> None:
    product.ok("track", use("u", 1))
    drain_jobs(of=OURS)
    old = an_arrival(product.source, at=timezone.now() - timedelta(hours=25))
    product.ok("track", use("u", 2))
    drain_jobs(of=OURS)
    assert Arrival.objects.filter(pk=old.pk).exists()
    settling._forgot_at.clear()  # as ten seconds later
    services.roll_up_due()
    assert not Arrival.objects.filter(pk=old.pk).exists() and Arrival.objects.count() == 2


def test_the_nightly_keeping_forgets_arrivals_whenever_that_was_done_before(
    product: Sending,
) -> None:
    services.roll_up_due()
    an_arrival(product.source, at=timezone.now() - timedelta(hours=25))
    services.keep_store()
    assert not Arrival.objects.exists()
