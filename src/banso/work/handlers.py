"""What the work room hears: customers handed over, contacts succeeded, and its own rhythms."""

from uuid import UUID

from banso.core.events import on
from banso.core.models import Event
from banso.customers.models import HandOver
from banso.customers.services import retest_soon
from banso.work import services


@on("customers.hand_over_planned")
def open_check_lists(event: Event) -> None:
    """Twice is once; one that was cancelled or has failed meanwhile makes no tasks."""
    if found := HandOver.objects.filter(pk=event.subject_id).first():
        services.open_check_lists(found)


@on("customers.hand_over_cancelled")
@on("customers.hand_over_failed")
def drop_check_lists(event: Event) -> None:
    """Twice is once."""
    if found := HandOver.objects.filter(pk=event.subject_id).first():
        services.drop_check_lists(found)


@on("customers.bulk_edit_finished")
def pass_on_work(event: Event) -> None:
    """Once all customers have their new owner. Twice is once."""
    by_edit = HandOver.objects.filter(bulk_edit=UUID(event.subject_id), passes_tasks=True)
    for found in by_edit.exclude(new_owner=None):
        services.pass_on_work(found)


@on("work.cadences_changed", many=True)
def test_everybody(events: list[Event]) -> None:
    """Anybody's next meeting may be due on another day."""
    retest_soon()


@on("customers.contact_succeeded")
def pass_tasks_on(event: Event) -> None:
    """Twice is once: what has passed on is not there any more."""
    contact, heir = UUID(event.subject_id), UUID(event.facts["successor"])
    services.pass_tasks_on(contact, to=heir, by=event.by)


@on("customers.contact_succession_ended")
def pass_tasks_back(event: Event) -> None:
    """Twice is once, as above."""
    contact, heir = UUID(event.subject_id), UUID(event.facts["successor"])
    services.pass_tasks_back(contact, successor=heir, by=event.by)
