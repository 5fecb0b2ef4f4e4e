"""Activities and tasks as a dry run shows them: by name, with what they change."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.dateparse import parse_datetime

from banso.core.imports.declarations import Seen, Values
from banso.core.models import Person
from banso.customers.imports.references import text_of
from banso.customers.models import Contact
from banso.work.imports.comparing import clock
from banso.work.models import Activity, Attendee, Task
from banso.work.wording import task_title

Befores = Mapping[str, Values]
Change = tuple[str, str, str]
SIDES = {"contact_ids": ("their_people", "contact"), "member_ids": ("our_people", "member")}
LINKS: dict[str, tuple[str, type[models.Model]]] = {
    "owner_id": ("owner", Person),
    "contact_id": ("contact", Contact),
}


def activities(befores: Befores) -> dict[str, Seen]:
    found = Activity.objects.filter(pk__in=befores).select_related("customer", "next_step")
    return {
        str(one.pk): Seen(
            f"{one.title} ({one.customer})", _only(_activity_changes(one, befores[str(one.pk)]))
        )
        for one in found
    }


def tasks(befores: Befores) -> dict[str, Seen]:
    found = Task.objects.filter(pk__in=befores).select_related("customer")
    return {
        str(one.pk): Seen(
            f"{task_title(one)} ({one.customer})" if one.customer else task_title(one),
            _only(_task_changes(one, befores[str(one.pk)])),
        )
        for one in found
    }


def _only(changes: Iterable[Change]) -> list[Change]:
    return [one for one in changes if one[1] != one[2]]


def _activity_changes(activity: Activity, before: Values) -> Iterator[Change]:
    for name, was in before.items():
        if name in SIDES:
            column, side = SIDES[name]
            now = Attendee.objects.filter(activity=activity).values_list(f"{side}_id", flat=True)
            yield column, _names(side, map(UUID, was)), _names(side, (pk for pk in now if pk))
        elif name == "next_step":
            step = activity.next_step
            yield name, "", task_title(step) if step else ""
        elif name == "happened_at":
            yield name, _said(parse_datetime(was)), _said(activity.happened_at)
        else:
            yield name, text_of(was), text_of(getattr(activity, name))


def _task_changes(task: Task, before: Values) -> Iterator[Change]:
    for name, was in before.items():
        if name in LINKS:
            column, model = LINKS[name]
            yield column, _name(model, was), _name(model, getattr(task, name))
        elif name == "done_at":
            yield "state", "open", "done"
        elif name != "done_by_id":
            yield name, text_of(was), text_of(getattr(task, name))


def _names(side: str, ids: Iterable[UUID]) -> str:
    people: Any = Contact.with_deleted if side == "contact" else Person.objects
    return "; ".join(sorted(str(one.name or one.email) for one in people.filter(pk__in=list(ids))))


def _name(model: Any, pk: Any) -> str:
    rows = model.with_deleted if model is Contact else model.objects
    found = rows.filter(pk=pk).first() if pk else None
    return str(found.name or found.email) if found else ""


def _said(moment: datetime | None) -> str:
    return clock(moment).isoformat(" ", "minutes") if moment else ""
