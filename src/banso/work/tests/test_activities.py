from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.customers import queries as customers
from banso.customers import services as book
from banso.customers.fields import annotate
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contact, a_customer
from banso.work import queries, services
from banso.work.models import Activity, Attendee, Task
from banso.work.services import NextStep
from banso.work.tests.builders import an_activity

YESTERDAY = TODAY - timedelta(days=1)

FEW = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking over a database takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def at(day: date, hour: int = 3) -> datetime:
    """Noon in Japan."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def told(customer: Customer) -> list[str]:
    return [one.name for one in customers.timeline(customer.pk).entries]


def test_an_activity_stands_with_the_people_of_both_sides(acme: Workspace, bob: Person) -> None:
    customer = a_customer()
    hana = a_contact(customer)
    made = an_activity(customer, contact_ids=[hana.pk], mood="good", by=bob)
    [found] = queries.activities_of(customer.pk)
    assert found == made and found.written_by == bob
    assert [(one.contact, one.member) for one in found.attendees.all()] == [
        (hana, None),
        (None, bob),
    ]


def test_the_timeline_says_what_it_was_about_to_those_who_may_know(
    acme: Workspace, bob: Person
) -> None:
    customer = a_customer()
    made = an_activity(customer, title="更新の相談", by=bob)
    told = customers.timeline(customer.pk, permits=["work.read"]).entries
    assert any(one.text.endswith(" — 更新の相談") for one in told)
    assert not any("更新の相談" in one.text for one in customers.timeline(customer.pk).entries)
    services.delete_activity(made.pk, by=bob)
    left = customers.timeline(customer.pk, permits=["work.read"]).entries
    assert not any("更新の相談" in one.text for one in left)


def test_an_activity_is_on_the_timeline_once_and_its_event_holds_no_words(
    acme: Workspace, bob: Person
) -> None:
    customer = a_customer()
    made = an_activity(customer, title="秘密", body="内緒", mood="bad", by=bob)
    assert told(customer)[0] == "work.activity_logged"
    assert "customers.customer_contacted" not in told(customer)
    [event] = events("work.activity_logged")
    assert (event.subject_id, event.by) == (str(made.pk), bob.pk)
    assert event.facts == {"kind": "call", "mood": "bad", "on": TODAY.isoformat()}


def test_pasted_minutes_are_kept_as_they_are(acme: Workspace) -> None:
    minutes = "  議事録\n\n<script>alert(1)</script>\t・値上げ　の件\n" * 1000
    made = an_activity(body=minutes)
    assert fresh(made).body == minutes


def test_a_next_step_is_one_task_whatever_happens_twice(acme: Workspace, bob: Person) -> None:
    step = NextStep("見積を送る", TODAY + timedelta(days=3), bob.pk)
    made = an_activity(next_step=step, by=bob)
    task = Task.objects.get()
    assert (task.title, task.owner, task.customer_id) == ("見積を送る", bob, made.customer_id)
    assert fresh(made).next_step == task and str(made.pk) in task.origin
    with pytest.raises(Refused):
        services.edit_activity(made.pk, changes={}, next_step=step)
    assert Task.objects.count() == 1


def test_a_next_step_can_follow_later(acme: Workspace) -> None:
    made = an_activity()
    services.edit_activity(made.pk, changes={}, next_step=NextStep("お礼"))
    assert (step := fresh(made).next_step) and step.title == "お礼"


def test_the_last_contact_follows_what_is_logged_corrected_deleted_and_restored(
    acme: Workspace,
) -> None:
    customer = a_customer(last_contact_on=date(2026, 6, 1))
    made = an_activity(customer, happened_at=at(YESTERDAY))
    assert fresh(customer).last_contact_on == YESTERDAY
    services.edit_activity(made.pk, changes={"happened_at": at(date(2026, 10, 1))})
    assert fresh(customer).last_contact_on == date(2026, 10, 1)
    services.edit_activity(made.pk, changes={"kind": "memo"})
    assert fresh(customer).last_contact_on == date(2026, 6, 1)
    services.edit_activity(made.pk, changes={"kind": "visit"})
    services.delete_activity(made.pk)
    assert fresh(customer).last_contact_on == date(2026, 6, 1)
    services.restore_activity(made.pk)
    assert fresh(customer).last_contact_on == date(2026, 10, 1)


def test_deleting_one_activity_leaves_the_contact_of_another_and_of_a_press(
    acme: Workspace, bob: Person
) -> None:
    customer = a_customer()
    book.record_contact(customer.pk, on=date(2026, 11, 5), by=bob)
    first = an_activity(customer, happened_at=at(date(2026, 11, 10)))
    second = an_activity(customer, happened_at=at(YESTERDAY))
    services.delete_activity(first.pk)
    assert fresh(customer).last_contact_on == YESTERDAY
    services.delete_activity(second.pk)
    assert fresh(customer).last_contact_on == date(2026, 11, 5)


def test_a_contact_that_was_taken_back_is_none_on_past_days_either(acme: Workspace) -> None:
    customer = a_customer()
    an_activity(customer, happened_at=at(date(2026, 11, 1)))
    wrong = an_activity(customer, happened_at=at(date(2026, 11, 10)))
    an_activity(customer, happened_at=at(YESTERDAY))
    services.delete_activity(wrong.pk)
    rows = annotate(
        Customer.objects.all(), ["customers.last_contact_on"], on=date(2026, 11, 15), kept=False
    )
    assert getattr(rows.get(), "f_customers_last_contact_on") == date(2026, 11, 1)  # noqa: B009


@FEW
@given(st.data())
def test_the_last_contact_is_the_latest_of_what_stands(
    acme: Workspace, data: st.DataObject
) -> None:
    customer = a_customer()
    days = st.dates(date(2026, 1, 1), TODAY)
    kinds = st.sampled_from(["call", "mail", "memo"])
    made = [
        an_activity(customer, kind=data.draw(kinds), happened_at=at(data.draw(days)))
        for _one in range(3)
    ]
    for one in made:
        match data.draw(st.sampled_from(["keep", "move", "turn", "delete", "undo"])):
            case "move":
                services.edit_activity(one.pk, changes={"happened_at": at(data.draw(days))})
            case "turn":
                services.edit_activity(one.pk, changes={"kind": data.draw(kinds)})
            case "delete":
                services.delete_activity(one.pk)
            case "undo":
                services.delete_activity(one.pk)
                services.restore_activity(one.pk)
    standing = Activity.objects.filter(customer=customer).exclude(kind="memo")
    expected = max((one.happened_at.date() for one in standing), default=None)
    assert fresh(customer).last_contact_on == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "party"},
        {"mood": "angry"},
        {"title": "　 "},
        {"title": "あ" * 201},
        {"body": "あ" * 100_001},
        {"decisions": "あ" * 20_001},
        {"happened_at": at(TODAY + timedelta(days=1))},
        {"happened_at": datetime(1, 1, 1, tzinfo=UTC)},
        {"happened_at": datetime.max.replace(tzinfo=UTC)},
        {"contact_ids": [uuid4()]},
        {"member_ids": [uuid4()]},
    ],
)
def test_what_an_activity_cannot_be_is_refused_and_nothing_stands(
    acme: Workspace, wrong: dict[str, object]
) -> None:
    customer = a_customer()
    with pytest.raises(Refused):
        an_activity(customer, **wrong)  # type: ignore[arg-type]
    assert not Activity.objects.exists() and not events("work.activity_logged")
    assert fresh(customer).last_contact_on is None


def test_an_edit_that_is_refused_changes_nothing(acme: Workspace) -> None:
    made = an_activity()
    for changes in ({"title": ""}, {"written_by": None}, {"member_ids": [uuid4()]}):
        with pytest.raises(Refused):
            services.edit_activity(made.pk, changes=changes)
    assert fresh(made).title == made.title and not events("work.activity_edited")


def test_editing_says_which_fields_changed_and_nothing_else(acme: Workspace, bob: Person) -> None:
    made = an_activity()
    changes = {"title": made.title, "body": "続き", "member_ids": [bob.pk]}
    services.edit_activity(made.pk, changes=changes, by=bob)
    assert events("work.activity_edited")[0].facts["changed"] == ["body", "member_ids"]
    services.edit_activity(made.pk, changes=changes, by=bob)
    assert len(events("work.activity_edited")) == 1


def test_who_left_stays_among_those_who_took_part(acme: Workspace, bob: Person) -> None:
    customer = a_customer()
    hana = a_contact(customer)
    made = an_activity(customer, contact_ids=[hana.pk])
    book.bin_contact(hana.pk, by=bob)
    services.edit_activity(made.pk, changes={"title": "訂正", "contact_ids": [hana.pk]})
    assert Attendee.objects.get(activity=made).contact_id == hana.pk


def test_a_deleted_activity_is_nowhere_and_after_thirty_days_gone(acme: Workspace) -> None:
    made = an_activity()
    services.delete_activity(made.pk)
    assert queries.activities_of(made.customer_id) == []
    with pytest.raises(Activity.DoesNotExist):
        queries.activity(made.pk)
    assert services.purge_activities() == 0
    long_ago = timezone.now() - timedelta(days=30)
    Activity.with_deleted.filter(pk=made.pk).update(deleted_at=long_ago)
    assert services.purge_activities() == 1 and services.purge_activities() == 0
    assert not Activity.anywhere.filter(pk=made.pk).exists()


def test_another_workspaces_activity_is_out_of_reach(
    acme: Workspace, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        theirs = an_activity()
        their_contact = a_contact(theirs.customer)
    for verb in (services.delete_activity, services.restore_activity, queries.activity):
        with pytest.raises(Activity.DoesNotExist):
            verb(theirs.pk)
    with pytest.raises(Activity.DoesNotExist):
        services.edit_activity(theirs.pk, changes={"title": "x"})
    with pytest.raises(Customer.DoesNotExist):
        an_activity(theirs.customer)
    with pytest.raises(Refused):
        an_activity(contact_ids=[their_contact.pk])
    assert queries.search_activities(["利用"], limit=5) == []
