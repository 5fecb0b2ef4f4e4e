"""担当変更: customers pass on, today or when the day begins, with what both are to do for it."""

import ast
import inspect
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from banso.core import workspaces
from banso.core.errors import Refused
from banso.core.models import Membership, Person
from banso.core.scope import current_workspace
from banso.core.tests.builders import TODAY, a_member, drain_jobs, events, fresh
from banso.customers import filter_values, filters, hand_overs, queries, services
from banso.customers.bulk_edits import choices, previews, running
from banso.customers.bulk_edits.choices import Chosen, by_id
from banso.customers.bulk_edits.undoing import undo_bulk_edit
from banso.customers.hand_over_words import OTHER, WHY_NOT, why_not
from banso.customers.models import Customer, HandOver, Reassignment
from banso.customers.tasks import hand_over_due
from banso.customers.tests.builders import a_customer, a_hand_over, a_master
from banso.lib.months import DAY

NEXT_WEEK = TODAY + timedelta(days=7)


def on_the_day(day: date = NEXT_WEEK) -> None:
    ours = current_workspace()
    ours.fixed_today = day
    ours.save(update_fields=["fixed_today"])
    hand_over_due(0)


def test_from_today_it_happens_at_once_and_the_note_stands_with_the_history(
    alice: Person, bob: Person
) -> None:
    one = a_customer(main_owner_id=alice.pk)
    made = a_hand_over(one, to=bob, note="決裁は専務。", by=alice)
    assert made.state == "done" and fresh(one).main_owner == bob
    line = queries.history(one.pk)[0]
    assert line.hand_over == made and (line.was, line.by) == (alice.name, alice.name)


def test_on_a_day_to_come_it_happens_by_itself_once(alice: Person, bob: Person) -> None:
    one = a_customer(main_owner_id=alice.pk)
    made = a_hand_over(one, to=bob, on=NEXT_WEEK, by=alice)
    hand_over_due(0)
    assert hand_overs.coming(one.pk) == [made] and hand_overs.coming(a_customer("乙").pk) == []
    assert fresh(one).main_owner == alice and fresh(made).state == "planned"
    on_the_day(NEXT_WEEK + timedelta(days=2))  # the machine was off
    on_the_day(NEXT_WEEK + timedelta(days=3))
    assert fresh(one).main_owner == bob and fresh(made).state == "done"
    assert Reassignment.objects.get().effective_on == NEXT_WEEK and hand_overs.coming(one.pk) == []
    assert len(events("customers.owner_changed")) == 1


def test_what_is_coming_costs_as_much_however_many_are_planned(
    alice: Person, bob: Person, django_assert_num_queries: Any
) -> None:
    one, other = a_customer("甲", main_owner_id=alice.pk), a_customer("乙", main_owner_id=alice.pk)
    chosen = Chosen(q="甲"), by_id([other.pk]), by_id([one.pk, other.pk]), Chosen(q="丙")
    a_customer("丙", main_owner_id=alice.pk)
    made = [
        hand_overs.plan_hand_over(each, new_owner_id=bob.pk, on=NEXT_WEEK + days * DAY, by=alice)
        for days, each in enumerate(chosen)
    ]
    with django_assert_num_queries(2):
        assert hand_overs.coming(one.pk) == [made[0], made[2]]
    with django_assert_num_queries(2):
        assert hand_overs.coming(other.pk) == [made[1], made[2]]


def test_whose_owner_somebody_changed_meanwhile_is_left_alone(alice: Person, bob: Person) -> None:
    one, other = a_customer("甲", main_owner_id=alice.pk), a_customer("乙", main_owner_id=alice.pk)
    a_hand_over([one, other], to=bob, on=NEXT_WEEK)
    Reassignment.objects.update(recorded_at=datetime(2026, 11, 1, tzinfo=UTC))
    carol = a_member("carol@acme.example", name="加藤 香")
    services.update_customer(other.pk, changes={"main_owner_id": carol.pk}, by=alice)
    on_the_day()
    assert (fresh(one).main_owner, fresh(other).main_owner) == (bob, carol)


def test_cancelled_it_does_not_happen_and_only_once(alice: Person, bob: Person) -> None:
    one = a_customer(main_owner_id=alice.pk)
    made = a_hand_over(one, to=bob, on=NEXT_WEEK)
    hand_overs.cancel_hand_over(made.pk, by=alice)
    on_the_day()
    assert fresh(one).main_owner == alice
    with pytest.raises(Refused):
        hand_overs.cancel_hand_over(made.pk, by=alice)


def test_a_new_owner_who_has_left_gets_nothing_and_the_page_says_why(
    alice: Person, bob: Person, alice_client: Client
) -> None:
    one = a_customer(main_owner_id=alice.pk)
    made = a_hand_over(one, to=bob, on=NEXT_WEEK)
    workspaces.remove_member(Membership.objects.get(person=bob).pk, by=alice)
    on_the_day()
    assert fresh(one).main_owner == alice and fresh(made).state == "failed"
    page = alice_client.get(f"/customers/hand-overs/{made.pk}/").content.decode()
    assert "新しい主担当がこのワークスペースにいませんでした" in page


@pytest.mark.parametrize(("days", "code"), [(-1, "over"), (0, "no_change")])
def test_days_that_are_over_and_their_own_customers_are_refused(
    bob: Person, days: int, code: str
) -> None:
    one = a_customer(main_owner_id=bob.pk if days == 0 else None)
    with pytest.raises(Refused) as refusal:
        a_hand_over(one, to=bob, on=TODAY + timedelta(days=days))
    assert refusal.value.code == code and not HandOver.objects.exists()


def test_the_bulk_edit_behind_it_can_be_undone(alice: Person, bob: Person) -> None:
    one = a_customer(main_owner_id=alice.pk)
    made = a_hand_over(one, to=bob)
    assert made.bulk_edit_id
    undo_bulk_edit(made.bulk_edit_id, by=alice)
    assert fresh(one).main_owner == alice


def test_many_are_handed_over_by_a_job_from_the_planned_day(alice: Person, bob: Person) -> None:
    rows = [services.NewCustomer(name=f"顧客{n}", main_owner_id=alice.pk) for n in range(201)]
    made = services.create_customers(rows, by=alice)
    chosen = by_id(one.pk for one in made if isinstance(one, Customer))
    hand_overs.plan_hand_over(chosen, new_owner_id=bob.pk, on=TODAY, by=alice)
    assert not Reassignment.objects.exists()
    drain_jobs()
    assert Customer.objects.filter(main_owner=bob).count() == 201
    assert Reassignment.objects.filter(effective_on=TODAY, by=alice).count() == 201


def test_the_next_to_come_stand_first_then_the_latest_that_were(alice: Person, bob: Person) -> None:
    def planned(days: int) -> HandOver:
        one = a_customer(main_owner_id=alice.pk)
        return a_hand_over(one, to=bob, on=TODAY + timedelta(days=days))

    later, done, sooner, cancelled = planned(9), planned(0), planned(3), planned(5)
    hand_overs.cancel_hand_over(cancelled.pk, by=alice)
    assert queries.hand_overs() == [sooner, later, cancelled, done]


def posted(client: Client, query: str, **given: Any) -> Any:
    usual = {
        "on": TODAY.isoformat(),
        "note": "よろしく",
        "list_for_old": "甲\n\n乙",
        "list_for_new": "",
    }
    return client.post(f"/customers/hand-overs/new/?{query}", {**usual, **given})


def test_from_the_list_or_a_persons_page_it_is_planned_and_cancelled(
    alice: Person, alice_client: Client, bob: Person
) -> None:
    one = a_customer(main_owner_id=alice.pk)
    page = alice_client.get(f"/customers/bulk-edit/?id={one.pk}").content.decode()
    assert f"/customers/hand-overs/new/?id={one.pk}" in page
    member = Membership.objects.get(person=alice)
    theirs = f"all=1&amp;f=customers.main_owner:is:{alice.pk}"
    assert theirs in alice_client.get(f"/people/{member.pk}/customers/").content.decode()
    day = {"new_owner": str(bob.pk), "on": NEXT_WEEK.isoformat()}
    answer = posted(alice_client, theirs.replace("&amp;", "&"), **day)
    made = HandOver.objects.get()
    assert answer.status_code == 302 and made.former_owners == [alice.pk]
    assert (made.list_for_old, made.list_for_new, made.passes_tasks) == (["甲", "乙"], [], False)
    assert "予定" in alice_client.get("/customers/hand-overs/").content.decode()
    assert one.name in alice_client.get(f"/customers/hand-overs/{made.pk}/").content.decode()
    assert bob.name in alice_client.get(f"/customers/{one.pk}/history/").content.decode()
    alice_client.post(f"/customers/hand-overs/{made.pk}/cancel/")
    assert fresh(made).state == "cancelled"


def test_what_is_wrong_is_said_at_its_field(bob: Person, bob_client: Client) -> None:
    one = a_customer(main_owner_id=bob.pk)
    wrong = posted(bob_client, f"id={one.pk}", new_owner=str(bob.pk))
    assert wrong.status_code == 422 and "すべてこの人が主担当です" in wrong.content.decode()
    assert bob_client.get("/customers/hand-overs/new/").status_code == 302


@pytest.mark.parametrize("code", sorted(WHY_NOT))
def test_every_reason_has_a_sentence_in_both_languages(code: str) -> None:
    said = []
    for language in ("ja", "en"):
        with translation.override(language):
            said.append(str(why_not(code)))
    japanese, english = said
    assert english.isascii() and not japanese.isascii()


def test_every_code_that_can_stand_in_the_way_has_its_reason() -> None:
    """What `hand_over` calls is refused by these modules."""
    modules = (choices, filter_values, filters, hand_overs, previews, running)
    codes = {code for module in modules for code in _codes_of(inspect.getsource(module))}
    asked_before = {"over", "too_long", "not_planned"}  # of planning and cancelling alone
    assert codes - asked_before <= set(WHY_NOT)
    assert {"no_change", "mastered", "not_a_member", "unknown_field"} <= codes


def _codes_of(source: str) -> set[str]:
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    named = [key for one in calls for key in one.keywords if key.arg == "code"]
    return {str(key.value.value) for key in named if isinstance(key.value, ast.Constant)}


def test_a_reason_from_a_later_version_is_told_in_general_words() -> None:
    assert why_not("something_new") == OTHER and why_not("") == ""


def test_whose_owner_another_system_keeps_stays_and_the_page_says_so(
    alice: Person, bob: Person, alice_client: Client
) -> None:
    one = a_customer(main_owner_id=alice.pk, source="crm", source_id="7")
    made = a_hand_over(one, to=bob, on=NEXT_WEEK)
    a_master("crm", fields=["main_owner_id"])
    on_the_day()
    assert (fresh(made).why_not, fresh(one).main_owner) == ("mastered", alice)
    page = alice_client.get(f"/customers/hand-overs/{made.pk}/").content.decode()
    assert "別のシステムが正" in page
    with pytest.raises(Refused) as refusal:
        a_hand_over(one, to=bob, on=NEXT_WEEK)
    assert refusal.value.code == "mastered"
