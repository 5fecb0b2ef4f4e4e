"""Personal data in this room: activities in which a contact took part, or that name them."""

from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from banso.core.models import ImportedRow
from banso.customers.models import Contact
from banso.work.models import Activity, Attendee
from banso.work.services.activities import TEXTS, folded

HELD = ("kind", "happened_at", "title", "body", "decisions", "mood")
GONE = "—"


def export(person: Any) -> list[dict[str, Any]]:
    """The activities in which a contact took part, oldest first; [] for anybody else. 1 query."""
    if not isinstance(person, Contact):
        return []
    theirs = Activity.with_deleted.filter(attendees__contact=person).order_by("happened_at", "pk")
    return [{"customer": str(row.customer_id), **_facts(row)} for row in theirs]


@transaction.atomic
def erase(person: Any) -> int:
    """A contact took part in nothing, and no activity of their company says their name or address,
    nor does what the undoing of an import would bring back.

    How many activities were changed. Before `customers` empties the contact itself, or the name
    that is to be looked for is gone.
    """
    if not isinstance(person, Contact):
        return 0
    attended = Attendee.objects.filter(contact=person)
    ids = set(attended.values_list("activity_id", flat=True))
    attended.delete()
    naming = _naming(person)
    for row in naming.select_for_update(of=("self",)).order_by("pk"):
        ids.add(row.pk)
        _unname(row, _names(person))
    _forget_before(person)
    return len(ids)


def _facts(row: Activity) -> dict[str, Any]:
    return {name: getattr(row, name) for name in HELD}


def _names(person: Contact) -> list[str]:
    """As people write them: 山田 花子, 山田花子. Longest first."""
    spoken = person.name.strip()
    if spoken == GONE:
        spoken = ""
    said = {spoken, spoken.replace(" ", ""), spoken.replace(" ", "\u3000"), person.email}
    return sorted((one for one in said if len(one) > 1), key=len, reverse=True)


def _naming(person: Contact) -> "QuerySet[Activity]":
    asked = [Q((f"{text}__contains", name)) for text in TEXTS for name in _names(person)]
    rows: QuerySet[Activity] = Activity.with_deleted.filter(customer=person.customer_id)
    return rows.filter(reduce(or_, asked)) if asked else rows.none()


def _forget_before(person: Contact) -> None:
    """Of each import that changed activities of their company, what stood there before."""
    theirs = Activity.with_deleted.filter(customer=person.customer_id).values_list("pk", flat=True)
    known = ImportedRow.objects.filter(table="activities", before__isnull=False)
    names, own = _names(person), str(person.pk)
    for row in known.filter(object_id__any=list(theirs)):
        said = {key: _unnamed(value, names, own) for key, value in (row.before or {}).items()}
        if said != row.before:
            row.before = said
            row.save(update_fields=["before"])


def _unnamed(value: Any, names: list[str], own: str) -> Any:
    if isinstance(value, list):
        return [one for one in value if one != own]
    for name in names if isinstance(value, str) else ():
        value = value.replace(name, GONE)
    return value


def _unname(row: Activity, names: list[str]) -> None:
    for text in TEXTS:
        setattr(row, text, _unnamed(getattr(row, text), names, ""))
    row.folded = folded(row)
    row.save(update_fields=[*TEXTS, "folded"])
