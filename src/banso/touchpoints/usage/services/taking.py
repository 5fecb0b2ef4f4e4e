"""Usage that arrives, and what follows of it within seconds."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from psycopg.types.json import Jsonb

from banso.core import sql
from banso.core.live import tell
from banso.customers.services import touch_customers
from banso.touchpoints.usage import live, live_statements, settling
from banso.touchpoints.usage.live import Taken
from banso.touchpoints.usage.services.identity import roll_up_soon
from banso.touchpoints.usage.services.keeping import silent_customers, tell_beginners
from banso.touchpoints.usage.tracking.meaning import Meaning

NOTED_EVERY = timedelta(minutes=1)
NOTHING_TAKEN = Taken()


def take_messages(
    meaning: Meaning,
    *,
    source_id: UUID,
    kind: str,
    received: datetime,
    body: str = "",
    seen_at: datetime | None = None,
) -> Taken:
    """The messages are stored, each once however often it comes, and rolled up within seconds.

    The request is noted among the arrivals, with `body` as people will see it. One transaction;
    a month's partition is made before it. `seen_at`: when the source was last noted as alive.
    """
    for last in (False, True):
        days = live.days_of(meaning)
        try:
            with transaction.atomic():
                taken = live.take(meaning, days=days, source=source_id, received=received)
                note_arrival(source_id, kind=kind, at=received, body=body, taken=taken)
                if seen_at is None or received - seen_at > NOTED_EVERY:
                    sql.quick(live_statements.NOTE_SOURCE, {"source": source_id, "now": received})
                if taken.new:
                    roll_up_soon()
                else:
                    tell("arrivals")
                return taken
        except IntegrityError as error:
            if last or "no partition" not in str(error):
                raise
            live.look_for_partitions_again()
    raise AssertionError("unreachable")


def note_arrival(
    source_id: UUID,
    *,
    kind: str,
    at: datetime,
    body: str,
    taken: Taken = NOTHING_TAKEN,
    problem: str = "",
    params: dict[str, Any] | None = None,
) -> None:
    """A request of the source is among the arrivals: what was taken, or the problem with it."""
    counts = {"count": taken.count, "new": taken.new, "waiting": taken.waiting}
    row = {**counts, "duplicates": taken.duplicates, "problem": problem}
    row |= {"source": source_id, "kind": kind, "at": at, "params": Jsonb(params or {})}
    sql.quick(live_statements.NOTE_ARRIVAL, row | {"body": body.replace("\x00", "")})
    if problem:
        tell("arrivals")


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
        settling.forget_arrivals()
        touch_customers(customers)
        tell("arrivals")
        if customers:
            tell("customer", *sorted(customers))
    return customers
