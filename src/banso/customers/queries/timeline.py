"""What happened to a customer, newest first, worded for the reader."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from banso.core import cursors
from banso.core.declarations import Titles, event_text, told_events
from banso.core.models import Event, Person
from banso.customers.models import Contact, Customer

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
    url: str  # the subject's own page; "" where it has none


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """`next_cursor` leads to older entries; empty at the beginning of history."""

    entries: list[TimelineEntry]
    next_cursor: str


def timeline(
    customer_id: UUID, *, before: str = "", limit: int = 50, permits: Container[str] = ()
) -> TimelinePage:
    """Events of a customer whose rooms say how they read. Raises Customer.DoesNotExist.

    What happened to a contact says to whom; other subjects are named where their rooms say how and
    the reader `permits`. Refused for a cursor that is not of this timeline. 3 queries, one more for
    each kind of subject.
    """
    Customer.objects.only("pk").get(pk=customer_id)
    return entries_of(customer_id, before=before, limit=limit, permits=permits)


def entries_of(
    customer_id: UUID,
    *,
    before: str = "",
    limit: int = 50,
    known: Iterable[Person] = (),
    contacts: Iterable[Contact] = (),
    permits: Container[str] = (),
) -> TimelinePage:
    """As `timeline`, of a customer who is known to be here.

    1 query, one more for names of people who are not among `known`, one for other `contacts`, and
    one for each other kind of subject that has titles.
    """
    kind, size = f"timeline:{customer_id}", max(1, min(limit, MOST))
    events = Event.objects.filter(customer_id=customer_id, name__in=told_events())
    if before:
        events = events.filter(_older(*cursors.read(kind, before)))
    found = list(events.order_by("-at", "-id")[: size + 1])
    people = _names({event.by for event in found if event.by}, known)
    called = _titles(found[:size], permits) | _contacts(found[:size], contacts)
    last = found[size - 1] if len(found) > size else None
    return TimelinePage(
        entries=[one for event in found[:size] if (one := _entry(event, people, called))],
        next_cursor=cursors.write(kind, [last.at.isoformat(), last.pk]) if last else "",
    )


def _older(at: str, pk: int) -> Q:
    moment = datetime.fromisoformat(at)
    return Q(at__lt=moment) | Q(at=moment, pk__lt=pk)


def _names(ids: set[UUID], known: Iterable[Person]) -> dict[UUID, str]:
    names = {one.pk: str(one) for one in known}
    strangers = ids - names.keys()
    asked = Person.objects.filter(pk__in=strangers) if strangers else ()
    return names | {one.pk: str(one) for one in asked}


def _contacts(events: list[Event], known: Iterable[Contact]) -> dict[str, str]:
    """Names of those that are not in the bin."""
    names = {str(one.pk): one.name for one in known}
    ids = {one.subject_id for one in events if one.subject_type == Contact._meta.label_lower}
    others = ids - names.keys()
    asked = Contact.objects.filter(pk__in=others).values_list("pk", "name") if others else []
    return names | {str(pk): name for pk, name in asked}


def _titles(events: list[Event], permits: Container[str]) -> dict[str, str]:
    """What subjects are called, as their rooms tell."""
    asked: dict[Titles, set[str]] = {}
    for event in events:
        text = event_text(event.name)
        if text and text.titles and text.titles.permission in permits:
            asked.setdefault(text.titles, set()).add(event.subject_id)
    return {pk: title for titles, ids in asked.items() for pk, title in titles.of(ids).items()}


def _entry(event: Event, people: dict[UUID, str], called: dict[str, str]) -> TimelineEntry | None:
    text = event_text(event.name)
    if text is None or "origin" in event.facts:  # what it came from stands here itself
        return None
    facts: dict[str, Any] = dict(text.words(event.facts))
    words, name = str(text.wording) % facts, called.get(event.subject_id, "")
    is_contact = event.subject_type == Contact._meta.label_lower
    page = text.page or ("customers:contact" if name and is_contact else "")
    return TimelineEntry(
        id=event.pk,
        name=event.name,
        at=event.at,
        by=people.get(event.by, "") if event.by else "",
        icon=text.icon,
        text=f"{words} — {name}" if name else words,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        url=reverse(page, args=[event.subject_id]) if page else "",
    )
