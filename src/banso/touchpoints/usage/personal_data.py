"""What usage holds of a person, and how it forgets them."""

from typing import Any

from django.db import transaction

from banso.customers.models import Contact
from banso.lib.uuid7 import uuid7
from banso.touchpoints.usage import store
from banso.touchpoints.usage.models import DailyUsage, Visitor


def export(person: Any) -> list[dict[str, Any]]:
    """A contact's uses by day and feature, then what sources told of them; [] for anybody else.

    Rollups oldest first; then one row per key that a source gives them, with its traits; then the
    events that sources sent. 4 queries.
    """
    if not isinstance(person, Contact):
        return []
    rows = DailyUsage.objects.filter(contact=person).order_by("day", "feature")
    daily = rows.values("day", "feature", "person_key", "events", "seconds", "errors")
    keys = store.keys_of(person.pk)
    visitors = Visitor.objects.filter(key__in=keys).order_by("key")
    told = visitors.values("key", "name", "email", "traits", "first_seen_at", "last_seen_at")
    names = ("at", "feature", "kind", "account", "properties")
    sent = [dict(zip(names, event, strict=True)) for event in store.events_of(keys)]
    return [*daily, *told, *sent]


@transaction.atomic
def erase(person: Any) -> None:
    """A contact's uses stay counted as those of one person whom nothing names any more."""
    if isinstance(person, Contact):
        name = f"erased:{uuid7()}"
        store.rename_person(person.customer_id, contact_id=person.pk, name=name)
