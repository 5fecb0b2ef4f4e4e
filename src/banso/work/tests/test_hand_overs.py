"""Customers that are handed over: check lists for both, and open work that passes on."""

from datetime import timedelta
from typing import Any

from banso.core.models import Person
from banso.core.tests.builders import TODAY, drain_jobs, events, fresh
from banso.customers import hand_overs
from banso.customers.models import HandOver
from banso.customers.tests.builders import a_customer, a_hand_over
from banso.work import services
from banso.work.models import Task
from banso.work.tests.builders import a_call, a_task

LISTS: dict[str, Any] = {
    "list_for_old": ["約束を書き出す"],
    "list_for_new": ["あいさつ", "記録を読む"],
}
NEXT_WEEK = TODAY + timedelta(days=7)


def test_both_have_their_check_lists_with_the_note(alice: Person, bob: Person) -> None:
    one = a_customer(main_owner_id=alice.pk)
    made = a_hand_over(one, to=bob, on=NEXT_WEEK, note="決裁は専務。", **LISTS)
    drain_jobs()
    services.open_check_lists(made)
    tasks = Task.objects.order_by("due_on", "title")
    assert [(task.title, task.owner, task.due_on) for task in tasks] == [
        ("約束を書き出す", alice, NEXT_WEEK),
        ("あいさつ", bob, NEXT_WEEK + timedelta(days=7)),
        ("記録を読む", bob, NEXT_WEEK + timedelta(days=7)),
    ]
    assert {(task.note, task.customer) for task in tasks} == {("決裁は専務。", one)}


def test_a_cancelled_one_takes_its_open_tasks_back(alice: Person, bob: Person) -> None:
    made = a_hand_over(a_customer(main_owner_id=alice.pk), to=bob, on=NEXT_WEEK, **LISTS)
    drain_jobs()
    services.finish_task(Task.objects.get(owner=alice).pk, by=alice)
    hand_overs.cancel_hand_over(made.pk, by=alice)
    drain_jobs()
    assert [task.owner for task in Task.objects.all()] == [alice]
    assert len(events("work.task_dropped")) == 2


def test_a_list_that_is_opened_late_makes_no_task_of_what_was_cancelled_meanwhile(
    alice: Person, bob: Person
) -> None:
    known = a_hand_over(a_customer(main_owner_id=alice.pk), to=bob, on=NEXT_WEEK, **LISTS)
    hand_overs.cancel_hand_over(known.pk, by=alice)
    assert known.state == "planned"  # as it was read, before somebody else cancelled it
    services.open_check_lists(known)
    assert not Task.objects.exists()


def test_open_work_of_the_former_owner_passes_on_where_chosen(alice: Person, bob: Person) -> None:
    one, kept = a_customer("甲", main_owner_id=alice.pk), a_customer("乙", main_owner_id=alice.pk)
    theirs = a_task(owner=alice, customer_id=one.pk)
    call = a_call(one, owner_id=alice.pk)
    done = services.finish_task(a_task(owner=alice, customer_id=one.pk).pk)
    elsewhere, stays = a_task(owner=alice), a_task(owner=alice, customer_id=kept.pk)
    a_hand_over(one, to=bob)
    a_hand_over(kept, to=bob, passes_tasks=False)
    drain_jobs()
    services.pass_on_work(HandOver.objects.get(passes_tasks=True))
    assert fresh(theirs).owner == fresh(call).owner == bob
    assert {fresh(task).owner for task in (done, elsewhere, stays)} == {alice}
    assert len(events("work.task_edited")) == len(events("work.call_passed_on")) == 1


def test_what_is_on_the_former_owners_list_stays_theirs_to_do(alice: Person, bob: Person) -> None:
    made = a_hand_over(a_customer(main_owner_id=alice.pk), to=bob, **LISTS)
    drain_jobs()
    services.pass_on_work(made)
    assert Task.objects.get(title="約束を書き出す").owner == alice
