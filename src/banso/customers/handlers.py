"""What the customer book hears: files, its own merges, and all that is told of customers."""

from uuid import UUID

from banso.core.events import on, on_any_about_customers
from banso.core.jobs import enqueue_once
from banso.core.models import Event
from banso.customers import services
from banso.customers.merges.following import gather
from banso.customers.touches import on_values

FIND = "customers.find_likenesses"


@on("core.import_finished", many=True)
@on("core.import_undone", many=True)
def find_likenesses(events: list[Event]) -> None:
    """Many files at once are one search. Twice is once."""
    enqueue_once(FIND, lock=FIND)


@on("customers.customer_merged")
@on("customers.contact_merged")
def gather_late(event: Event) -> None:
    """Rows that somebody was adding to the merged one just then. Twice is once."""
    gather(UUID(event.facts["merge"]))


@on("core.import_finished", many=True)
@on("core.import_undone", many=True)
@on("core.company_days_set", many=True)
def test_everybody(events: list[Event]) -> None:
    """Anybody's values may be others now."""
    services.retest_soon()


@on_values
@on_any_about_customers
def follow_touched() -> None:
    """One waiting job tests whoever was touched, however often that was."""
    services.follow_soon()
