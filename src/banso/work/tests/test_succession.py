"""Open tasks about a contact pass to whoever takes over, and back."""

import pytest

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.customers import services as customers
from banso.customers.models import Contact
from banso.customers.queries import former_posts
from banso.customers.services import Successor
from banso.customers.tests.builders import a_contact, a_customer
from banso.work import handlers, services
from banso.work.models import Task


@pytest.fixture
def contact(acme: Workspace) -> Contact:
    return a_contact(roles=("champion",))


def about(contact: Contact, title: str) -> Task:
    return services.open_task(customer_id=contact.customer_id, contact_id=contact.pk, title=title)


def test_open_tasks_pass_on_by_event_and_come_back_when_it_is_taken_back(contact: Contact) -> None:
    heir = a_contact(contact.customer, "鈴木 一郎")
    opened, done, own = about(contact, "見積を送る"), about(contact, "済み"), about(heir, "自分の")
    services.finish_task(done.pk)
    customers.mark_contact_moved(
        contact.pk, presence="left", since=TODAY, by=None, successor=Successor(contact_id=heir.pk)
    )
    [told] = events("customers.contact_succeeded")
    handlers.pass_tasks_on(told)
    assert fresh(opened).contact_id == heir.pk and fresh(done).contact_id == contact.pk
    assert [one.subject_id for one in events("work.task_passed_on")] == [str(opened.pk)]
    handlers.pass_tasks_on(told)  # twice is once
    assert len(events("work.task_passed_on")) == 1
    [post] = former_posts(contact.pk)
    customers.take_back_move(contact.pk, former_post_id=post.pk, by=None)
    [ended] = events("customers.contact_succession_ended")
    handlers.pass_tasks_back(ended)
    handlers.pass_tasks_on(told)  # it comes late: nobody took over after all
    assert fresh(opened).contact_id == contact.pk and fresh(own).contact_id == heir.pk


def test_a_task_is_about_somebody_of_its_customer(contact: Contact) -> None:
    stranger = a_contact(a_customer("別の会社"), "他 人")
    with pytest.raises(Refused):
        services.open_task(customer_id=contact.customer_id, contact_id=stranger.pk, title="x")
    with pytest.raises(Refused):
        services.open_task(contact_id=contact.pk, title="x")
    task = about(contact, "x")
    customers.affiliate_contact(stranger.pk, contact.customer_id, by=None)
    assert (
        services.edit_task(task.pk, changes={"contact_id": stranger.pk}).contact_id == stranger.pk
    )


def test_the_next_step_of_a_talk_with_one_person_is_about_them(contact: Contact) -> None:
    other = a_contact(contact.customer, "鈴木 一郎")
    for people, whom in (([contact.pk], contact.pk), ([contact.pk, other.pk], None), ([], None)):
        talk = services.log_activity(
            contact.customer_id,
            kind="call",
            title="相談",
            contact_ids=people,
            next_step=services.NextStep("見積を送る"),
        )
        assert talk.next_step is not None and talk.next_step.contact_id == whom
