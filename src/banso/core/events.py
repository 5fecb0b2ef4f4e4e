"""Facts: one immutable row each, and one job per handler on the same connection."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from banso.core import new_rows
from banso.core.declarations import topics_told_by
from banso.core.live.telling import tell_topics
from banso.core.models import Event
from banso.core.outbox import deferrer
from banso.core.scope import current_workspace_id

BATCH = 500
TOLD_ONE_BY_ONE = 50  # customers; when more change at once, only the lists hear of it


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that hears one event; `many` hears up to 500 of them at once."""

    key: str
    call: Callable[[Any], None]
    many: bool


_handlers: dict[str, list[Handler]] = {}
_followers: list[Callable[[], None]] = []


def on(
    name: str, *, many: bool = False
) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Hear every `name` event in a job of its own. Handlers must bear being called twice."""

    def register(call: Callable[[Any], None]) -> Callable[[Any], None]:
        key = f"{call.__module__}.{call.__qualname__}"
        _handlers.setdefault(name, []).append(Handler(key, call, many))
        return call

    return register


def on_any_about_customers(hear: Callable[[], None]) -> Callable[[], None]:
    """Call `hear` in the transaction of whoever publishes anything about customers.

    For `handlers.py`. It queues a job and returns: whoever publishes waits for it.
    """
    _followers.append(hear)
    return hear


def heard_names() -> set[str]:
    """Every event name somebody listens to."""
    return set(_handlers)


@transaction.atomic(savepoint=False)
def publish(
    name: str,
    subject: models.Model,
    *,
    by: UUID | None = None,
    at: datetime | None = None,
    **facts: Any,
) -> Event:
    """Record that `name` happened to `subject`, queue one job per handler, tell open pages.

    Rolls back with the caller. `facts` are ids, enums and numbers. 1 insert, 1 more per handler,
    1 to tell.
    """
    event = _event(name, subject, by, at, facts)
    event.save(force_insert=True)
    _defer(name, [event.pk], queue="live")
    _tell(name, [event])
    return event


def publish_many(
    name: str,
    subjects: Iterable[tuple[models.Model, Mapping[str, Any]]],
    *,
    by: UUID | None = None,
    at: datetime | Callable[[Any], datetime] | None = None,
    queue: str = "bulk",
) -> int:
    """Record `name` for many subjects at once; returns how many. `at` may depend on the subject.

    One COPY, and one job per handler for each 500 events. On the `live` queue only what
    somebody waits for, and no more than a handful. Pages of single customers hear of it when
    there are few.
    """
    return len(publish_each(name, subjects, by=by, at=at, queue=queue))


@transaction.atomic(savepoint=False)
def publish_each(
    name: str,
    subjects: Iterable[tuple[models.Model, Mapping[str, Any]]],
    *,
    by: UUID | None = None,
    at: datetime | Callable[[Any], datetime] | None = None,
    queue: str = "bulk",
) -> list[int]:
    """As `publish_many`; the ids of the events, in the subjects' order."""
    at = at or timezone.now()
    when = at if callable(at) else lambda _subject: at
    events = [_event(name, one, by, when(one), facts) for one, facts in subjects]
    if not events:
        return []
    for event, number in zip(events, new_rows.take_ids(Event, len(events)), strict=True):
        event.pk = number
    new_rows.insert(events)
    _defer(name, [event.pk for event in events], queue=queue)
    _tell(name, events)
    return [event.pk for event in events]


def handle(key: str, event_ids: list[int]) -> None:
    """Let the handler `key` hear these events of the open workspace. Unknown keys are dropped."""
    handler = next((h for row in _handlers.values() for h in row if h.key == key), None)
    if handler is None:
        return
    events = list(Event.objects.filter(pk__in=event_ids).order_by("pk"))
    if handler.many:
        handler.call(events)
        return
    for event in events:
        handler.call(event)


def _event(
    name: str,
    subject: models.Model,
    by: UUID | None,
    at: datetime | None,
    facts: Mapping[str, Any],
) -> Event:
    return new_rows.unsaved(
        Event,
        name=name,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        customer_id=getattr(subject, "customer_id", None),
        by=by,
        at=at or timezone.now(),
        facts=dict(facts),
    )


def _tell(name: str, events: Iterable[Event]) -> None:
    customers = {event.customer_id for event in events if event.customer_id}
    topics = topics_told_by(name, about_customer=bool(customers))
    if len(customers) <= TOLD_ONE_BY_ONE:
        topics += sorted(f"customer:{one}" for one in customers)
    tell_topics(topics)
    for follow in _followers if customers else ():
        follow()


def _defer(name: str, event_ids: list[int], *, queue: str) -> None:
    chunks = [event_ids[i : i + BATCH] for i in range(0, len(event_ids), BATCH)]
    jobs: list[dict[str, Any]] = [
        {"workspace": str(current_workspace_id()), "handler": handler.key, "events": chunk}
        for handler in _handlers.get(name, [])
        for chunk in chunks
    ]
    if jobs:
        deferrer("core.handle", queue=queue).batch_defer(*jobs)
