"""Who looked after a customer on a day: kept whoever writes, and exact for any day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from banso.core import sql
from banso.core.models import Person, Workspace
from banso.core.scope import current_workspace, open_workspace
from banso.core.signing import sign
from banso.core.tests.builders import TODAY, a_member, a_workspace, fresh
from banso.customers import queries, services
from banso.customers.bulk_edits.choices import by_id
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.bulk_edits.undoing import undo_bulk_edit
from banso.customers.fields import annotate, known_field
from banso.customers.models import Customer, Reassignment
from banso.customers.services import NewCustomer
from banso.customers.tests.builders import a_bulk_edit, a_customer

OWNER, TIER = "customers.main_owner", "customers.tier"


@contextmanager
def on(day: date) -> Iterator[None]:
    """In the block it is that day."""
    ours = current_workspace()
    now, ours.fixed_today = ours.fixed_today, day
    yield
    ours.fixed_today = now


def owners_on(day: date, key: str = OWNER) -> dict[UUID, Any]:
    field = known_field(key)
    assert field
    rows = annotate(Customer.objects.all(), [key], on=day)
    return dict(rows.values_list("pk", field.alias))


def told(customer: Customer) -> list[tuple[str, str, str]]:
    return [(one.what, str(one.was), str(one.now)) for one in queries.history(customer.pk)]


def test_a_new_owner_is_told_from_that_day_on_with_who_said_so(alice: Person, bob: Person) -> None:
    one = a_customer(main_owner_id=alice.pk)
    with on(TODAY - timedelta(days=10)):
        services.update_customer(one.pk, changes={"main_owner_id": bob.pk}, by=alice)
    line = queries.history(one.pk)[0]
    assert (line.what, line.was, line.now) == ("main_owner", alice.name, bob.name)
    assert line.effective_on == TODAY - timedelta(days=10) and line.by == alice.name
    assert owners_on(TODAY - timedelta(days=11)) == {one.pk: alice.pk}
    assert owners_on(TODAY - timedelta(days=10)) == {one.pk: bob.pk} == owners_on(TODAY)


def test_nobody_and_several_changes_of_one_day_are_told_as_they_ended(
    alice: Person, bob: Person
) -> None:
    one = a_customer()
    with on(TODAY - timedelta(days=3)):
        for owner in (alice.pk, bob.pk, None, bob.pk):
            services.update_customer(one.pk, changes={"main_owner_id": owner}, by=alice)
    services.update_customer(one.pk, changes={"main_owner_id": None}, by=alice)
    assert owners_on(TODAY - timedelta(days=4)) == {one.pk: None}
    assert owners_on(TODAY - timedelta(days=1)) == {one.pk: bob.pk}
    assert owners_on(TODAY) == {one.pk: None}


def test_tier_parent_and_stage_have_their_history_too(alice: Person) -> None:
    parent, one = a_customer("親会社"), a_customer("子会社", tier="tech")
    changes = {"tier": "high", "parent_id": parent.pk}
    services.update_customer(one.pk, changes=changes, by=alice)
    services.change_stage(one.pk, stage="adoption", entered_on=TODAY, by=alice)
    assert set(told(one)[:3]) == {
        ("tier", "テックタッチ", "ハイタッチ"),
        ("parent", "親会社なし", "親会社"),
        ("stage", "オンボーディング", "活用"),
    }
    assert owners_on(TODAY - timedelta(days=1), TIER)[one.pk] == "tech"


def test_a_bulk_edit_and_its_undo_are_both_told(alice: Person, bob: Person) -> None:
    one = a_customer(main_owner_id=alice.pk)
    edit = begin_bulk_edit(by_id([one.pk]), changes={"main_owner_id": str(bob.pk)}, by=bob)
    undo_bulk_edit(edit.pk, by=alice)
    back, there = queries.history(one.pk)[:2]
    assert (there.now, there.by) == (bob.name, bob.name)
    assert (back.now, back.by) == (alice.name, alice.name)


def test_new_customers_write_no_history_and_other_fields_neither(alice: Person) -> None:
    rows = [NewCustomer(name=f"顧客{n}", main_owner_id=alice.pk) for n in range(30)]
    made = services.create_customers(rows, by=alice)
    assert isinstance(made[0], Customer)
    services.update_customer(made[0].pk, changes={"goals": "増やす"}, by=alice)
    Customer.objects.filter(pk=made[0].pk).update(last_contact_on=TODAY)
    assert not Reassignment.objects.exists()


def test_whoever_writes_past_the_services_is_noted_as_nobody_today(bob: Person) -> None:
    one = a_customer()
    sql.run(
        "UPDATE customers_customer SET main_owner_id = %(who)s WHERE workspace_id = %(workspace)s",
        {"who": bob.pk},
    )
    row = Reassignment.objects.get(customer=one)
    assert (row.after, row.by_id, row.effective_on) == (str(bob.pk), None, TODAY)


def test_a_late_change_never_falls_behind_a_later_one(alice: Person, bob: Person) -> None:
    one = a_customer()
    services.update_customer(one.pk, changes={"tier": "low"}, by=alice)
    begin_bulk_edit(
        by_id([one.pk]),
        changes={"tier": "high"},
        effective_on=TODAY - timedelta(days=2),
        by=bob,
    )
    days = Reassignment.objects.order_by("pk").values_list("effective_on", flat=True)
    assert list(days) == [TODAY, TODAY]
    assert owners_on(TODAY, TIER)[one.pk] == fresh(one).tier == "high"


def test_lists_sort_by_the_owner_of_the_day(alice: Person, bob: Person) -> None:
    first, second = a_customer("甲", main_owner_id=alice.pk), a_customer("乙", main_owner_id=bob.pk)
    for one, owner in ((first, bob), (second, alice)):
        services.update_customer(one.pk, changes={"main_owner_id": owner.pk}, by=alice)
    then = queries.customer_list(sort=OWNER, columns=[OWNER], on=TODAY - timedelta(days=1))
    now = queries.customer_list(sort=OWNER, columns=[OWNER], on=TODAY)
    assert [row.values[OWNER] for row in then.rows] == [row.values[OWNER] for row in now.rows]
    assert [row.customer.pk for row in then.rows] != [row.customer.pk for row in now.rows]


def test_the_history_is_on_the_page_and_in_the_api(bob: Person, bob_client: Client) -> None:
    one = a_customer()
    services.update_customer(one.pk, changes={"main_owner_id": bob.pk}, by=bob)
    for headers in ({}, {"hx-request": "true"}):
        page = bob_client.get(f"/customers/{one.pk}/history/", headers=headers)
        assert bob.name in page.content.decode()
    first = bob_client.get(f"/api/v1/customers/{one.pk}/history").json()[0]
    assert (first["what"], first["after"], first["by_id"]) == ("main_owner", *[str(bob.pk)] * 2)
    asked = {"at": str(TODAY - timedelta(days=1)), "columns": OWNER}
    items = bob_client.get("/api/v1/customers", asked).json()["items"]
    assert items[0]["values"][OWNER] is None


def test_the_history_says_who_stood_from_the_beginning(bob: Person, bob_client: Client) -> None:
    one = a_customer(main_owner_id=bob.pk)
    for headers in ({}, {"hx-request": "true"}):
        page = bob_client.get(f"/customers/{one.pk}/history/", headers=headers).content.decode()
        assert bob.name in page and "登録時から" in page


def test_a_stranger_sees_no_history(charlie_client: Client, acme: Workspace) -> None:
    one = a_bulk_edit().rows.get().customer
    assert charlie_client.get(f"/customers/{one.pk}/history/").status_code == 404
    assert charlie_client.get(f"/api/v1/customers/{one.pk}/history").status_code == 404


Step = tuple[int, int, int]  # days later, which customer, which owner
STEPS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(-1, 2)), max_size=12)


@pytest.mark.filterwarnings("ignore")
class AnyHistory(TestCase):
    """Owners of each day, after any changes."""

    def setUp(self) -> None:
        with open_workspace(a_workspace()) as self.workspace:
            self.people = [a_member(f"p{n}@acme.example").pk for n in range(3)]

    @settings(max_examples=10, deadline=None)
    @given(steps=STEPS)
    def test_every_day_is_told_as_it_was(self, steps: list[Step]) -> None:
        with open_workspace(self.workspace):
            made = services.create_customers(
                [NewCustomer(name=f"顧客{n}") for n in range(3)], by=None
            )
            ours = [one.pk for one in made if isinstance(one, Customer)]
            day, stood = TODAY - timedelta(days=36), {}
            for later, which, owner in steps:
                for _day in range(later):
                    stood[day] = _now(ours)
                    day += timedelta(days=1)
                who = None if owner < 0 else self.people[owner]
                sign(None, on=day)
                Customer.objects.filter(pk=ours[which]).update(main_owner_id=who)
            stood[day] = _now(ours)
            for asked, owners in stood.items():
                found = owners_on(asked)
                assert {pk: found[pk] for pk in ours} == owners


def _now(ids: list[UUID]) -> dict[UUID, UUID | None]:
    rows = Customer.objects.filter(pk__in=ids)
    return dict(rows.values_list("pk", "main_owner_id"))
