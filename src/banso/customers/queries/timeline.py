"""What happened to a customer, newest first, worded for the reader."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from banso.core import cursors
from banso.core.declarations import event_text
from banso.core.models import Event, Person
from banso.customers.models import Customer

MOST = 200


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event: when (aware UTC), by whom ("" for the program itself), in words."""

    id: int
    name: str
    at: datetime
    by: str
    icon: str
    text: str
    subject_type: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """`next_cursor` leads to older entries; empty at the beginning of history."""

    entries: list[TimelineEntry]
    next_cursor: str


def timeline(customer_id: UUID, *, before: str = "", limit: int = 50) -> TimelinePage:
    """Events of a customer whose rooms say how they read. Raises Customer.DoesNotExist.

    Refused for a cursor that is not of this timeline. 3 queries.
    """
    Customer.objects.only("pk").get(pk=customer_id)
    kind, size = f"timeline:{customer_id}", max(1, min(limit, MOST))
    events = Event.objects.filter(customer_id=customer_id)
    if before:
        events = events.filter(_older(*cursors.read(kind, before)))
    found = list(events.order_by("-at", "-id")[: size + 1])
    people = _names({event.by for event in found if event.by})
    last = found[size - 1] if len(found) > size else None
    return TimelinePage(
        entries=[one for event in found[:size] if (one := _entry(event, people))],
        next_cursor=cursors.write(kind, [last.at.isoformat(), last.pk]) if last else "",
    )


def _older(at: str, pk: int) -> Q:
    moment = datetime.fromisoformat(at)
    return Q(at__lt=moment) | Q(at=moment, pk__lt=pk)


def _names(ids: set[UUID]) -> dict[UUID, str]:
    return {one.pk: str(one) for one in Person.objects.filter(pk__in=ids)} if ids else {}


def _entry(event: Event, people: dict[UUID, str]) -> TimelineEntry | None:
    text = event_text(event.name)
    if text is None:
        return None
    facts: dict[str, Any] = dict(text.words(event.facts))
    return TimelineEntry(
        id=event.pk,
        name=event.name,
        at=event.at,
        by=people.get(event.by, "") if event.by else "",
        icon=text.icon,
        text=str(text.wording) % facts,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
    )
