"""Personal data in this room: contacts, found by their e-mail address."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from banso.core.events import publish
from banso.customers.models import Affiliation, Contact, FormerPost, Merge, Presence

HELD = (
    "name", "name_reading", "email", "phone", "department", "title", "roles", "presence",
    "presence_since", "checked_on", "source", "source_id", "external_id", "created_at",
)  # fmt: skip
POST = ("department", "title", "roles", "presence", "presence_since", "until")
BESIDE = ("customer_id", "department", "title", "roles")
_TEXTS = (
    "name_reading", "name_folded", "email", "phone", "department", "title", "source_id",
    "external_id",
)  # fmt: skip


def _held(email: str) -> Any:
    """Contacts of the address, and those that turned out to be the same person."""
    if not email:
        return Contact.objects.none()
    named = Contact.with_deleted.filter(email__iexact=email)
    heirs = {heir or pk for pk, heir in named.values_list("pk", "merged_into_id")}
    same = Q(pk__in=heirs) | Q(merged_into__in=heirs)
    return Contact.with_deleted.filter(Q(email__iexact=email) | same)


def export(email: str) -> list[dict[str, Any]]:
    """Everything this room holds about the person of this address, binned rows too. 3 queries."""
    rows = _held(email).prefetch_related("former_posts", "affiliations")
    return [{"customer": str(row.customer_id), **_facts(row)} for row in rows]


def _facts(row: Contact) -> dict[str, Any]:
    posts = [{name: getattr(one, name) for name in POST} for one in row.former_posts.all()]
    beside = [{name: getattr(one, name) for name in BESIDE} for one in row.affiliations.all()]
    own = {name: getattr(row, name) for name in HELD}
    return {**own, "former_posts": posts, "other_companies": beside}


@transaction.atomic
def erase(email: str) -> int:
    """Nothing in this room tells who the person was; returns how many contacts were emptied.

    The rows stay, binned and without words, so that history keeps its shape.
    Publishes customers.contact_erased for each.
    """
    rows = list(_held(email).select_for_update().order_by("pk"))
    FormerPost.objects.filter(contact__in=rows).delete()
    Affiliation.objects.filter(contact__in=rows).delete()
    for row in rows:
        for name in _TEXTS:
            setattr(row, name, "")
        row.name, row.presence, row.presence_since = "—", Presence.UNKNOWN, None
        row.deleted_at = row.deleted_at or timezone.now()
        row.save()
        publish("customers.contact_erased", row)
    ids = [row.pk for row in rows]
    Merge.objects.filter(Q(survivor_id__in=ids) | Q(merged_id__in=ids)).update(taken={})
    return len(rows)
