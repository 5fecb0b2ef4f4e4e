"""What usage holds of a person, and how it forgets them."""

from typing import Any

from django.db import transaction

from banso.customers.models import Contact
from banso.lib.uuid7 import uuid7
from banso.touchpoints.usage import store
from banso.touchpoints.usage.models import DailyUsage


def export(person: Any) -> list[dict[str, Any]]:
    """One row per day and feature a contact used, oldest first; [] for anybody else. 1 query."""
    if not isinstance(person, Contact):
        return []
    rows = DailyUsage.objects.filter(contact=person).order_by("day", "feature")
    return list(rows.values("day", "feature", "person_key", "events", "seconds", "errors"))


@transaction.atomic
def erase(person: Any) -> None:
    """A contact's uses stay counted as those of one person whom nothing names any more."""
    if isinstance(person, Contact):
        name = f"erased:{uuid7()}"
        store.rename_person(person.customer_id, contact_id=person.pk, name=name)
