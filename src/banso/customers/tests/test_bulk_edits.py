"""Many customers changed at once: looked at first, told one by one, and taken back exactly."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from banso.core import workspaces
from banso.core.errors import Refused
from banso.core.models import Membership, Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, drain_jobs, events, fresh
from banso.customers import filters, services
from banso.customers.bulk_edits import running, undoing
from banso.customers.bulk_edits.choices import Chosen, by_id
from banso.customers.bulk_edits.previews import preview
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.bulk_edits.undoing import undo_bulk_edit
from banso.customers.models import BulkEdit, Customer, EditedCustomer, StageChange
from banso.customers.tests.builders import a_customer, an_attribute


def chosen(*customers: Customer) -> Chosen:
    return by_id(one.pk for one in customers)


def all_of(tier: str) -> Chosen:
    return Chosen(None, "", (filters.condition("customers.tier", "is", tier),))


def row_of(edit: BulkEdit, customer: Customer) -> EditedCustomer:
    row: EditedCustomer = edit.rows.get(customer=customer)
    return row


def test_a_preview_says_what_changes_and_what_stays_and_saves_nothing(bob: Person) -> None:
    high, low = a_customer("甲", tier="high"), a_customer("乙", tier="low", main_owner_id=bob.pk)
    asked = by_id([high.pk, low.pk, uuid4()])
    seen = preview(asked, changes={"tier": "high", "main_owner_id": bob.pk})
    assert (seen.total, seen.changed, seen.same, seen.gone) == (2, 2, 0, 1)
    assert {one.name: (one.changed, one.same) for one in seen.fields} == {
        "tier": (1, 1),
        "main_owner_id": (1, 1),
    }
    assert [(one.customer, one.before) for one in seen.samples] == [
        (low, {"tier": "low"}),
        (high, {"main_owner_id": None}),
    ] or len(seen.samples) == 2
    assert not BulkEdit.objects.exists() and fresh(low).tier == "low"


def test_every_kind_of_field_changes_and_comes_back_exactly(alice: Person, bob: Person) -> None:
    an_attribute("color", "choice", choices=["red", "blue"])
    an_attribute("seats", "number")
    an_attribute("pilot", "bool")
    one = a_customer(
        "甲", tier="low", main_owner_id=bob.pk, attributes={"color": "red", "seats": 3}
    )
    two = a_customer("乙", tier="tech", stage="adoption", attributes={"pilot": False})
    before = [state_of(one), state_of(two)]
    wanted = {
        "tier": "high",
        "stage": "established",
        "main_owner_id": alice.pk,
        "sub_owner_id": bob.pk,
        "attributes": {"color": "blue", "seats": None, "pilot": True},
    }
    edit = begin_bulk_edit(chosen(one, two), changes=wanted, by=alice)
    for customer in (fresh(one), fresh(two)):
        assert (customer.tier, customer.stage, customer.stage_since) == (
            "high",
            "established",
            TODAY,
        )
        assert (customer.main_owner, customer.sub_owner) == (alice, bob)
        assert customer.attributes == {"color": "blue", "pilot": True}
    assert edit.state == "done" and edit.report["changed"] == 2
    undone = undo_bulk_edit(edit.pk, by=bob)
    assert [state_of(one), state_of(two)] == before
    assert (undone.state, undone.report["restored"], undone.report["kept"]) == ("undone", 2, 0)


def state_of(customer: Customer) -> tuple[Any, ...]:
    now = fresh(customer)
    steps = list(StageChange.objects.filter(customer=now).order_by("pk").values_list("pk"))
    names = ("tier", "stage", "stage_since", "main_owner_id", "sub_owner_id", "attributes")
    return (*(getattr(now, name) for name in names), steps)


def test_it_is_told_as_if_done_one_by_one(alice: Person, bob: Person) -> None:
    changed, same = (
        a_customer("甲", tier="low"),
        a_customer("乙", tier="high", main_owner_id=bob.pk),
    )
    edit = begin_bulk_edit(
        chosen(changed, same), changes={"tier": "high", "main_owner_id": bob.pk}, by=alice
    )
    (updated,) = events("customers.customer_updated")
    assert updated.customer_id == changed.pk and updated.by == alice.pk
    assert updated.facts == {"fields": ["main_owner_id", "tier"], "bulk_edit": str(edit.pk)}
    (owner,) = events("customers.owner_changed")
    assert (owner.facts["before"], owner.facts["after"]) == (None, str(bob.pk))
    assert [one.name for one in events("customers.bulk_edit_begun")] and events(
        "customers.bulk_edit_finished"
    )[0].facts == {"not_found": 0, "changed": 1, "same": 1, "gone": 0}
    assert row_of(edit, same).outcome == "same"


def test_an_undo_leaves_what_somebody_has_changed_since_and_tells_it(
    alice: Person, bob: Person
) -> None:
    mine, theirs = a_customer("甲", tier="low"), a_customer("乙", tier="low")
    again = a_customer("丙", tier="low")
    edit = begin_bulk_edit(
        chosen(mine, theirs, again), changes={"tier": "high", "main_owner_id": bob.pk}, by=alice
    )
    services.update_customer(theirs.pk, changes={"tier": "tech"}, by=bob)
    for tier in ("tech", "high"):  # changed and chosen anew: bob's decision, too
        services.update_customer(again.pk, changes={"tier": tier}, by=bob)
    undone = undo_bulk_edit(edit.pk, by=alice)
    assert [fresh(one).tier for one in (mine, theirs, again)] == ["low", "tech", "high"]
    assert [fresh(one).main_owner for one in (mine, theirs, again)] == [None, None, None]
    assert row_of(edit, theirs).kept == row_of(edit, again).kept == ["tier"]
    assert (undone.report["restored"], undone.report["kept"]) == (1, 2)


def test_edits_can_be_undone_one_after_another(alice: Person) -> None:
    customer = a_customer(tier="low")
    first = begin_bulk_edit(chosen(customer), changes={"tier": "high"}, by=alice)
    second = begin_bulk_edit(chosen(customer), changes={"tier": "tech"}, by=alice)
    assert undo_bulk_edit(second.pk, by=alice).report["kept"] == 0
    assert undo_bulk_edit(first.pk, by=alice).report["kept"] == 0
    assert fresh(customer).tier == "low"


def test_an_older_edit_cannot_be_undone_through_a_later_one(alice: Person) -> None:
    customer = a_customer(tier="low")
    first = begin_bulk_edit(chosen(customer), changes={"tier": "high"}, by=alice)
    begin_bulk_edit(chosen(customer), changes={"tier": "tech"}, by=alice)
    assert undo_bulk_edit(first.pk, by=alice).report["kept"] == 1
    assert fresh(customer).tier == "tech"


def test_other_attributes_changed_since_are_no_conflict(alice: Person) -> None:
    an_attribute("color")
    an_attribute("note")
    customer = a_customer(attributes={"color": "赤"})
    edit = begin_bulk_edit(chosen(customer), changes={"attributes": {"color": "青"}}, by=alice)
    services.update_customer(customer.pk, changes={"attributes": {"note": "新"}}, by=alice)
    undo_bulk_edit(edit.pk, by=alice)
    assert fresh(customer).attributes == {"color": "赤", "note": "新"}


def test_a_stage_changed_since_stays_with_its_history(alice: Person) -> None:
    customer = a_customer(stage="onboarding")
    edit = begin_bulk_edit(chosen(customer), changes={"stage": "adoption"}, by=alice)
    services.change_stage(customer.pk, stage="leaving", entered_on=TODAY, by=alice)
    undo_bulk_edit(edit.pk, by=alice)
    assert fresh(customer).stage == "leaving" and row_of(edit, customer).kept == ["stage"]
    assert StageChange.objects.filter(customer=customer).count() == 3


def test_a_binned_customer_is_left_out_and_told(alice: Person) -> None:
    here, binned = a_customer("甲"), a_customer("乙")
    edit = begin_bulk_edit(chosen(here, binned), changes={"tier": "high"}, by=alice)
    services.bin_customer(binned.pk, by=alice)
    undo_bulk_edit(edit.pk, by=alice)
    assert row_of(edit, binned).kept == ["customer"] and row_of(edit, here).kept == []


def test_a_former_owner_who_has_left_does_not_come_back(alice: Person, bob: Person) -> None:
    customer = a_customer(main_owner_id=bob.pk)
    edit = begin_bulk_edit(chosen(customer), changes={"main_owner_id": alice.pk}, by=alice)
    workspaces.remove_member(Membership.objects.get(person=bob).pk, by=alice)
    undo_bulk_edit(edit.pk, by=alice)
    assert fresh(customer).main_owner == alice and row_of(edit, customer).kept == ["main_owner_id"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "x"},
        {"tier": "gold"},
        {"tier": None},
        {"stage": "gone"},
        {"main_owner_id": UUID(int=1)},
        {"attributes": {"nope": 1}},
        {"attributes": {"seats": "many"}},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_changes(alice: Person, changes: Any) -> None:
    an_attribute("seats", "number")
    customer = a_customer()
    with pytest.raises(Refused):
        begin_bulk_edit(chosen(customer), changes=changes, by=alice)
    assert not BulkEdit.objects.exists() and not events("customers.customer_updated")


def test_a_foreigner_as_owner_and_foreign_customers_are_refused(
    alice: Person, charlie: Person, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        foreign = a_customer("別")
    ours = a_customer()
    with pytest.raises(Refused):
        begin_bulk_edit(chosen(ours), changes={"main_owner_id": charlie.pk}, by=alice)
    with pytest.raises(Customer.DoesNotExist):
        begin_bulk_edit(chosen(foreign), changes={"tier": "high"}, by=alice)
    edit = begin_bulk_edit(chosen(ours, foreign), changes={"tier": "high"}, by=alice)
    assert edit.report["not_found"] == 1
    with open_workspace(other_workspace):
        assert fresh(foreign).tier == "tech"


def test_another_number_than_was_looked_at_is_refused(alice: Person) -> None:
    a_customer("甲", tier="low")
    asked = all_of("low")
    a_customer("乙", tier="low")
    with pytest.raises(Refused) as refusal:
        begin_bulk_edit(asked, changes={"tier": "high"}, expected=1, by=alice)
    assert refusal.value.code == "other_count"


def many(count: int, **given: Any) -> None:
    services.create_customers(
        [services.NewCustomer(name=f"顧客{n}", **given) for n in range(count)], by=None
    )


def test_many_go_by_a_job_which_goes_on_after_a_kill(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(25, tier="low")
    drain_jobs()
    for name, most in {"AT_ONCE": 5, "BATCH": 10, "COLLECTED_AT_ONCE": 7}.items():
        monkeypatch.setattr(running, name, most)
    edit = begin_bulk_edit(all_of("low"), changes={"tier": "high"}, expected=25, by=alice)
    assert edit.state == "running" and not Customer.objects.filter(tier="high").exists()
    running._collect(edit.pk)
    running._run_batch(edit.pk)  # here the worker dies
    services.create_customer(name="あとから", tier="low", by=None)
    drain_jobs()
    edit.refresh_from_db()
    assert (edit.state, edit.total, edit.done, edit.report["changed"]) == ("done", 25, 25, 25)
    assert Customer.objects.filter(tier="low").count() == 1
    assert len({one.customer_id for one in events("customers.customer_updated")}) == 25


def test_what_became_impossible_before_the_job_ran_is_left_out(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    attribute = an_attribute("color")
    many(3, tier="low")
    monkeypatch.setattr(running, "AT_ONCE", 1)
    wanted = {"tier": "high", "main_owner_id": bob.pk, "attributes": {"color": "赤"}}
    edit = begin_bulk_edit(all_of("low"), changes=wanted, by=alice)
    workspaces.remove_member(Membership.objects.get(person=bob).pk, by=alice)
    services.delete_attribute(attribute.pk, by=alice)
    drain_jobs()
    found = list(Customer.objects.values_list("tier", "main_owner", "attributes"))
    assert found == [("high", None, {})] * 3
    undo_bulk_edit(edit.pk, by=alice)
    drain_jobs()
    assert fresh(edit).report["kept"] == 0 and Customer.objects.filter(tier="low").count() == 3


def test_a_filter_whose_column_is_gone_chooses_nobody(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    attribute = an_attribute("color")
    many(3, attributes={"color": "赤"})
    monkeypatch.setattr(running, "AT_ONCE", 1)
    key = "customers.attributes.color"
    asked = Chosen(None, "", (filters.condition(key, "is", "赤"),))
    edit = begin_bulk_edit(asked, changes={"tier": "high"}, by=alice)
    services.delete_attribute(attribute.pk, by=alice)
    drain_jobs()
    assert fresh(edit).state == "done" and not Customer.objects.filter(tier="high").exists()


def test_a_job_that_runs_twice_does_nothing_more(alice: Person) -> None:
    many(3, tier="low")
    edit = begin_bulk_edit(all_of("low"), changes={"tier": "high"}, by=alice)
    told = len(events("customers.customer_updated"))
    running.run_bulk_edit(edit.pk)
    undo_bulk_edit(edit.pk, by=alice)
    undoing.run_undo(edit.pk)
    assert len(events("customers.customer_updated")) == 2 * told
    with pytest.raises(Refused):
        undo_bulk_edit(edit.pk, by=alice)


def test_a_batch_asks_as_often_for_many_as_for_few(alice: Person) -> None:
    def queries_for(count: int, tier: str) -> int:
        many(count, tier="low")
        with CaptureQueriesContext(connection) as captured:
            edit = begin_bulk_edit(all_of("low"), changes={"tier": tier}, by=alice)
            undo_bulk_edit(edit.pk, by=alice)
        Customer.objects.all().update(tier="tech")
        return len(captured)

    assert queries_for(3, "high") == queries_for(60, "high")


def test_after_thirty_days_the_former_values_are_gone(alice: Person) -> None:
    customer = a_customer()
    edit = begin_bulk_edit(chosen(customer), changes={"tier": "high"}, by=alice)
    assert undoing.forget_former_values() == 0
    BulkEdit.objects.update(finished_at=timezone.now() - timedelta(days=30))
    with pytest.raises(Refused) as refusal:
        undo_bulk_edit(edit.pk, by=alice)
    assert refusal.value.code == "too_old"
    assert undoing.forget_former_values() == 1 and BulkEdit.objects.exists()
