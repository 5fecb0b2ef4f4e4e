"""What this room hears: lines of the ledger that were recorded or voided, by whichever door."""

from uuid import UUID

from banso.core.events import on
from banso.core.models import Event
from banso.insight.metrics import services

WRITING = (
    "customers.change_corrected",
    "customers.change_voided",
    "customers.contract_changed",
    "customers.contract_ended",
    "customers.contract_renewed",
    "customers.contract_signed",
)


def warn(events: list[Event]) -> None:
    """Of lines dated in a closed month. Twice is once."""
    services.tell_touched({UUID(event.subject_id) for event in events})


@on("core.import_finished", many=True)
@on("core.import_undone", many=True)
def warn_of_files(events: list[Event]) -> None:
    """A file writes histories of which one line is told, and taking it back voids without a word."""
    services.tell_touched()


for name in WRITING:
    on(name, many=True)(warn)
