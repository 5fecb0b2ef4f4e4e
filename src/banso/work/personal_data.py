"""Personal data in this room: activities in which a contact took part, tasks about them, and what
names them.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from banso.core.models import ImportedRow
from banso.customers.models import Contact
from banso.work.models import Activity, Attendee, Task
from banso.work.services.activities import TEXTS, folded

HELD = ("kind", "happened_at", "title", "body", "decisions", "mood")
HELD_TASK = ("title", "note", "due_on", "done_at", "created_at")
TASK_TEXTS = ("title", "note")
GONE = "—"


def export(person: Any) -> list[dict[str, Any]]:
    """The activities in which a contact took part, oldest first, then the tasks about them; [] for
    anybody else. 2 queries.
    """
    if not isinstance(person, Contact):
        return []
    theirs = Activity.with_deleted.filter(attendees__contact=person).order_by("happened_at", "pk")
    about = Task.objects.filter(contact=person).order_by("pk")
    return [*(_facts(row, HELD) for row in theirs), *(_facts(row, HELD_TASK) for row in about)]


@transaction.atomic
def erase(person: Any) -> int:
    """A contact took part in nothing, no task is about them, and nothing of their company says
    their name or address here, nor does what the undoing of an import would bring back.

    How many activities and tasks were changed. Before `customers` empties the contact itself, or
    the name that is to be looked for is gone.
    """
    if not isinstance(person, Contact):
        return 0
    attended, about = Attendee.objects.filter(contact=person), Task.objects.filter(contact=person)
    ids = {*attended.values_list("activity_id", flat=True), *about.values_list("pk", flat=True)}
    attended.delete()
    about.update(contact=None)
    names = _names(person)
    for activity in _naming(Activity.with_deleted, TEXTS, person):
        ids.add(activity.pk)
        _unname(activity, TEXTS, names)
        activity.folded = folded(activity)
        activity.save(update_fields=[*TEXTS, "folded"])
    for task in _naming(Task.objects, TASK_TEXTS, person):
        ids.add(task.pk)
        _unname(task, TASK_TEXTS, names)
        task.save(update_fields=TASK_TEXTS)
    _forget_before(person)
    return len(ids)


def _facts(row: Activity | Task, names: tuple[str, ...]) -> dict[str, Any]:
    customer = str(row.customer_id) if row.customer_id else ""
    return {"customer": customer, **{name: getattr(row, name) for name in names}}


def _names(person: Contact) -> list[str]:
    """As people write them: 山田 花子, 山田花子. Longest first."""
    spoken = person.name.strip()
    if spoken == GONE:
        spoken = ""
    said = {spoken, spoken.replace(" ", ""), spoken.replace(" ", "\u3000"), person.email}
    return sorted((one for one in said if len(one) > 1), key=len, reverse=True)


def _naming(known: Any, texts: tuple[str, ...], person: Contact) -> "QuerySet[Any]":
    """Rows of their company that name them."""
    asked = [Q((f"{text}__contains", name)) for text in texts for name in _names(person)]
    rows: QuerySet[Any] = known.filter(customer=person.customer_id)
    naming = rows.filter(reduce(or_, asked)) if asked else rows.none()
    return naming.select_for_update(of=("self",)).order_by("pk")


def _unname(row: Activity | Task, texts: tuple[str, ...], names: list[str]) -> None:
    for text in texts:
        setattr(row, text, _unnamed(getattr(row, text), names, ""))


def _forget_before(person: Contact) -> None:
    """Of each import that changed rows of their company, what stood there before."""
    names, own = _names(person), str(person.pk)
    for table, known in (("activities", Activity.with_deleted), ("tasks", Task.objects)):
        theirs = known.filter(customer=person.customer_id).values_list("pk", flat=True)
        rows = ImportedRow.objects.filter(table=table, before__isnull=False)
        for row in rows.filter(object_id__any=list(theirs)):
            said = {key: _unnamed(value, names, own) for key, value in (row.before or {}).items()}
            if said != row.before:
                row.before = said
                row.save(update_fields=["before"])


def _unnamed(value: Any, names: list[str], own: str) -> Any:
    """Without the names; their own id is nobody's."""
    if isinstance(value, list):
        return [one for one in value if one != own]
    if own and value == own:
        return None
    for name in names if isinstance(value, str) else ():
        value = value.replace(name, GONE)
    return value
