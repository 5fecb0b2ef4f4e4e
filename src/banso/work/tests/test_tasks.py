from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.work import queries, services
from banso.work.models import Task
from banso.work.tests.builders import a_task
from banso.work.wording import declare_task_words, task_title


def test_the_same_origin_makes_one_task(acme: Workspace, bob: Person) -> None:
    first = a_task("電話する", owner=bob, origin="alert:1")
    second = a_task("別の言葉", owner=bob, origin="alert:1")
    assert second.pk == first.pk and fresh(first).title == "電話する"
    assert len(events("work.task_opened")) == 1


def test_tasks_without_an_origin_are_all_different(acme: Workspace) -> None:
    assert a_task().pk != a_task().pk


def test_the_same_origin_in_another_workspace_is_another_task(
    acme: Workspace, other_workspace: Workspace
) -> None:
    ours = a_task(origin="alert:1")
    with open_workspace(other_workspace):
        assert a_task(origin="alert:1").pk != ours.pk


def test_finished_task_leaves_my_tasks_and_undo_brings_it_back(
    acme: Workspace, bob: Person
) -> None:
    task = a_task(owner=bob, due_on=TODAY)
    services.finish_task(task.pk, by=bob)
    assert queries.my_tasks(bob, TODAY).count == 0
    assert fresh(task).done_by == bob
    services.reopen_task(task.pk, by=bob)
    assert [t.pk for t in queries.my_tasks(bob, TODAY).today] == [task.pk]
    assert fresh(task).done_by is None


def test_finishing_twice_keeps_the_first_time_and_says_so_once(
    acme: Workspace, alice: Person, bob: Person
) -> None:
    task = a_task()
    services.finish_task(task.pk, by=bob)
    services.finish_task(task.pk, by=alice)
    assert fresh(task).done_by == bob and len(events("work.task_finished")) == 1


@pytest.mark.parametrize(
    ("days", "group"),
    [(-1, "overdue"), (0, "today"), (1, "soon"), (7, "soon"), (8, "later"), (None, "later")],
)
def test_my_tasks_are_grouped_by_the_day_they_are_due(
    acme: Workspace, bob: Person, days: int | None, group: str
) -> None:
    due = None if days is None else TODAY + timedelta(days=days)
    task = a_task(owner=bob, due_on=due)
    mine = queries.my_tasks(bob, TODAY)
    assert [t.pk for t in getattr(mine, group)] == [task.pk] and mine.count == 1


def test_my_tasks_are_not_my_neighbours(acme: Workspace, alice: Person, bob: Person) -> None:
    a_task(owner=alice, due_on=TODAY)
    assert queries.my_tasks(bob, TODAY).count == 0


def test_tasks_of_a_customer_in_the_bin_stay_away(acme: Workspace, bob: Person) -> None:
    customer = a_customer()
    a_task(owner=bob, customer_id=customer.pk)
    Customer.objects.filter(pk=customer.pk).update(deleted_at="2026-11-20T00:00Z")
    assert queries.my_tasks(bob, TODAY).count == 0


def test_a_task_needs_words(acme: Workspace) -> None:
    with pytest.raises(Refused) as refusal:
        a_task("　 ")
    assert refusal.value.field == "title" and not Task.objects.exists()


def test_a_title_has_at_most_two_hundred_characters(acme: Workspace) -> None:
    assert len(a_task("あ" * 200).title) == 200
    with pytest.raises(Refused):
        a_task("あ" * 201)


def test_a_stranger_cannot_be_given_a_task(acme: Workspace, charlie: Person) -> None:
    with pytest.raises(Refused):
        a_task(owner=charlie)
    task = a_task()
    with pytest.raises(Refused):
        services.edit_task(task.pk, changes={"owner_id": charlie.pk})
    assert fresh(task).owner is None


def test_a_task_about_another_workspaces_customer_is_not_made(
    acme: Workspace, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        theirs = a_customer()
    with pytest.raises(Customer.DoesNotExist):
        a_task(customer_id=theirs.pk)


def test_another_workspaces_task_cannot_be_finished(
    acme: Workspace, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        theirs = a_task()
    for verb in (services.finish_task, services.reopen_task):
        with pytest.raises(Task.DoesNotExist):
            verb(theirs.pk)
    with pytest.raises(Task.DoesNotExist):
        services.edit_task(uuid4(), changes={"title": "x"})


def test_editing_says_which_fields_changed_and_nothing_else(acme: Workspace, bob: Person) -> None:
    task = a_task("電話する", due_on=TODAY)
    changes = {"title": "訪問する", "due_on": TODAY, "owner_id": bob.pk}
    services.edit_task(task.pk, changes=changes, by=bob)
    [event] = events("work.task_edited")
    assert event.facts == {"changed": ["owner_id", "title"]}
    assert fresh(task).title == "訪問する" and fresh(task).owner == bob


def test_only_listed_fields_of_a_task_can_be_edited(acme: Workspace) -> None:
    task = a_task()
    with pytest.raises(Refused):
        services.edit_task(task.pk, changes={"origin": "x"})


def test_a_coded_task_is_worded_for_the_reader(acme: Workspace) -> None:
    declare_task_words("test.days", lambda params: f"{params['days']} days")
    task = services.open_task(code="test.days", params={"days": 3})
    with translation.override("en"):
        assert task_title(task) == "3 days"
    assert task_title(Task(title="電話する", code="test.days")) == "電話する"
    assert task_title(Task(code="gone.room")) == "gone.room"


def test_events_hold_numbers_and_ids_but_no_words(acme: Workspace) -> None:
    a_task("秘密の用件", note="内緒", due_on=date(2026, 12, 1))
    [event] = events("work.task_opened")
    assert event.facts == {"code": "", "due_on": "2026-12-01"}
