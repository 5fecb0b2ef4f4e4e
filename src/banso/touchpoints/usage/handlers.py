"""What usage hears: customers that are gone for good."""

from banso.core.events import on
from banso.core.models import Event
from banso.touchpoints.usage import services


@on("customers.customer_purged", many=True)
def forget(events: list[Event]) -> None:
    """Raw events have no foreign key that would take them along. Twice is once."""
    services.forget_customers([event.customer_id for event in events if event.customer_id])
