"""What usage hears: customers that are gone for good, and those that its accounts wait for."""

from uuid import UUID

from banso.core.events import on
from banso.core.jobs import enqueue_once
from banso.core.models import Event
from banso.touchpoints.usage import services


@on("customers.customer_purged", many=True)
def forget(events: list[Event]) -> None:
    """Raw events have no foreign key that would take them along. Twice is once."""
    services.forget_customers([event.customer_id for event in events if event.customer_id])


@on("customers.customer_merged", many=True)
@on("customers.customer_unmerged", many=True)
def follow(events: list[Event]) -> None:
    """Rows move with the merge; rollups and owners of events follow here. Twice is once."""
    services.follow_customers(_both(events))


@on("customers.contact_merged", many=True)
@on("customers.contact_unmerged", many=True)
def follow_people(events: list[Event]) -> None:
    """As with customers."""
    services.follow_contacts(_both(events))


def _both(events: list[Event]) -> set[UUID]:
    """Of merges and un-merges: who had the rows, and who has them now."""
    return {UUID(one) for event in events for one in (event.subject_id, event.facts["other"])}


@on("customers.customer_created", many=True)
@on("customers.customer_updated", many=True)
@on("customers.customer_restored", many=True)
@on("customers.contact_created", many=True)
@on("customers.contact_updated", many=True)
@on("customers.contact_restored", many=True)
@on("core.import_finished", many=True)
def match(events: list[Event]) -> None:
    """Many events at once are one search. Twice is once."""
    enqueue_once("usage.match_waiting", lock="usage.match_waiting")
