"""Personal data in this room: contacts, found by their e-mail address."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from banso.core.events import publish
from banso.customers.models import Contact, Presence

HELD = (
    "name", "name_reading", "email", "phone", "department", "title", "roles", "presence",
    "presence_since", "source", "source_id", "external_id", "created_at",
)  # fmt: skip
_TEXTS = (
    "name_reading", "name_folded", "email", "phone", "department", "title", "source_id",
    "external_id",
)  # fmt: skip


def _held(email: str) -> Any:
    return Contact.with_deleted.filter(email__iexact=email) if email else Contact.objects.none()


def export(email: str) -> list[dict[str, Any]]:
    """Everything this room holds about the person of this address, binned rows too. 1 query."""
    return [{"customer": str(row.customer_id), **_facts(row)} for row in _held(email)]


def _facts(row: Contact) -> dict[str, Any]:
    return {name: getattr(row, name) for name in HELD}


@transaction.atomic
def erase(email: str) -> int:
    """Nothing in this room tells who the person was; returns how many contacts were emptied.

    The rows stay, binned and without words, so that history keeps its shape.
    Publishes customers.contact_erased for each.
    """
    rows = list(_held(email).select_for_update().order_by("pk"))
    for row in rows:
        for name in _TEXTS:
            setattr(row, name, "")
        row.name, row.presence, row.presence_since = "—", Presence.UNKNOWN, None
        row.deleted_at = row.deleted_at or timezone.now()
        row.save()
        publish("customers.contact_erased", row)
    return len(rows)
