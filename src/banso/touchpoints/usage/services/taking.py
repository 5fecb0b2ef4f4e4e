"""Usage that arrives, and what follows of it within seconds."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from banso.core.live import tell
from banso.customers.services import touch_customers
from banso.touchpoints.usage import live, settling
from banso.touchpoints.usage.live import Arriving, Note, Taken
from banso.touchpoints.usage.services.identity import roll_up_soon
from banso.touchpoints.usage.services.keeping import silent_customers, tell_beginners
from banso.touchpoints.usage.wire.meaning import Meaning

NOTED_EVERY = timedelta(minutes=1)
FORGET_EVERY_SECONDS = 10.0  # meanwhile a busy source has a few thousand more than are kept


def take_messages(meaning: Meaning, *, note: Note, seen_at: datetime | None = None) -> Taken:
    """The messages are stored, each once however often it comes, and rolled up within seconds.

    The request is among the arrivals, as `note` says. One transaction; a month's partition is
    made before it. `seen_at`: when the source was last noted as alive.
    """
    request = Arriving(meaning, note, seen_at)
    try:
        return _taken_as_usual(request) or take_each([request])[0]
    except IntegrityError:  # seen before, or a partition is gone: nothing of it is stored
        live.look_for_partitions_again()
    return take_each([request])[0]


def _taken_as_usual(request: Arriving) -> Taken | None:
    """None, and nothing is stored, where something more is to be done."""
    if request.meaning.told or _is_to_note(request):
        return None
    live.make_ready(request.meaning)
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        return live.take_usual(request)


def take_each(requests: Sequence[Arriving]) -> list[Taken]:
    """All of these requests are taken as `take_messages` says, in one transaction, or none is.

    Raises IntegrityError when a partition is gone that this process knew.
    """
    for one in requests:
        live.make_ready(one.meaning)
    with transaction.atomic():
        taken = live.take(requests)
        for one in filter(_is_to_note, requests):
            live.note_source(one.note)
        if not all(one.roll_up_waits for one in taken):
            roll_up_soon(waits=False)  # of duplicates too: it tells of arrivals, forgets old ones
    return taken


def _is_to_note(request: Arriving) -> bool:
    """Whether the source is to be noted as alive."""
    seen = request.seen_at
    return seen is None or request.note.received - seen > NOTED_EVERY


@transaction.atomic
def note_refusal(note: Note, *, problem: str, params: dict[str, Any]) -> None:
    """A request that was not taken is among the arrivals, with the code of its problem."""
    live.note_refusal(note, problem=problem, params=params)
    roll_up_soon()


def roll_up_due() -> set[UUID]:
    """Rollups hold all that has arrived, each use with its owner; the customers that changed.

    Twice is once. Customers whose first usage this is have begun: publishes usage.usage_begun.
    """
    moved = settling.settle()
    with transaction.atomic():
        customers = settling.attribute(moved)
        silent = silent_customers(customers)
        settling.roll_up()
        tell_beginners(silent, live=True)
        settling.forget_arrivals(every=FORGET_EVERY_SECONDS)
        touch_customers(customers)
        tell("arrivals")
        if customers:
            tell("customer", *sorted(customers))
        if settling.is_left(moved):
            roll_up_soon()
    return customers
