"""Contacts: the people on a customer's side (先方担当者)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ImportRun, Person
from banso.core.scope import current_workspace
from banso.customers.models import Contact, ContactRole, Customer
from banso.customers.services.checks import check_day, check_row, id_of, refusing_duplicates
from banso.customers.services.inputs import NewContact
from banso.customers.services.names import refold_contact
from banso.customers.services.posts import POST, former_post
from banso.customers.source_ids import checked_id
from banso.lib.text import as_code

CHANGEABLE = frozenset(
    {
        "name", "name_reading", "external_id", "source", "source_id", "email", "phone",
        "department", "title", "roles",
    }
)  # fmt: skip


@transaction.atomic
def create_contact(
    customer_id: UUID, *, by: Person | None, import_run: ImportRun | None = None, **given: Any
) -> Contact:
    """A new contact of a customer; `given` are the other fields of NewContact.

    Raises Customer.DoesNotExist, Refused. Publishes customers.contact_created.
    """
    Customer.objects.get(pk=customer_id)
    contact = built(NewContact(customer_id=customer_id, **given), import_run=import_run)
    with refusing_duplicates():
        contact.save(force_insert=True)
    publish("customers.contact_created", contact, by=id_of(by))
    return contact


def built(row: NewContact, *, import_run: ImportRun | None) -> Contact:
    """The unsaved contact, checked. That the customer exists is the caller's to know."""
    contact = Contact(
        customer_id=row.customer_id,
        **{name: getattr(row, name) for name in CHANGEABLE - {"roles"}},
        roles=checked_roles(row.roles),
        presence=row.presence,
        presence_since=row.presence_since,
        created_by_import=import_run,
    )
    _check(contact)
    return contact


def _check(contact: Contact) -> None:
    contact.name, contact.email = contact.name.strip(), contact.email.strip()
    contact.source = as_code(contact.source)
    contact.source_id = checked_id(contact.source, contact.source_id)
    refold_contact(contact)
    check_row(contact)


def checked_roles(roles: Any) -> list[str]:
    """Each once, in our order. Refused for what is no role."""
    if not isinstance(roles, list | tuple) or any(role not in ContactRole.values for role in roles):
        raise Refused(_("This role is not known."), code="invalid", field="roles")
    return sorted(set(roles), key=ContactRole.values.index)


def locked_contact(contact_id: UUID) -> Contact:
    """The contact, locked, of a customer that is not in the bin. Raises Contact.DoesNotExist."""
    living = Contact.objects.filter(customer__deleted_at=None)
    contact: Contact = living.select_for_update(of=("self",), no_key=True).get(pk=contact_id)
    return contact


@transaction.atomic
def update_contact(
    contact_id: UUID,
    *,
    changes: Mapping[str, Any],
    by: Person | None,
    moved_on: date | None = None,
    is_correction: bool = False,
    import_run: ImportRun | None = None,
) -> Contact:
    """The contact's fields are as `changes` says (keys: CHANGEABLE).

    Another department or title is theirs since `moved_on` (None: today), and the former one is
    remembered; not with `is_correction`, which says that it was never so. Raises
    Contact.DoesNotExist, Refused. Publishes customers.contact_updated with the names of the fields
    that changed; nothing when nothing did.
    """
    contact = locked_contact(contact_id)
    if unknown := sorted(set(changes) - CHANGEABLE):
        raise Refused(_("This field cannot be changed."), code="invalid", field=unknown[0])
    before = {name: getattr(contact, name) for name in CHANGEABLE}
    for name, value in changes.items():
        setattr(contact, name, checked_roles(value) if name == "roles" else value)
    contact.source = as_code(contact.source)
    changed = sorted(name for name in CHANGEABLE if getattr(contact, name) != before[name])
    if not changed:
        return contact
    _check(contact)
    if not is_correction and any(before[name] for name in POST if name in changed):
        _remember_post(contact, before, moved_on, by=by, import_run=import_run)
    with refusing_duplicates():
        contact.save(update_fields=[*changed, "name_folded"])
    publish("customers.contact_updated", contact, by=id_of(by), fields=changed)
    return contact


def _remember_post(
    contact: Contact, before: Mapping[str, Any], moved_on: date | None, **given: Any
) -> None:
    """The department and title that they had become a former post."""
    today = current_workspace().today()
    if moved_on and moved_on > today:
        raise Refused(_("Choose today or an earlier day."), code="future", field="moved_on")
    check_day(moved_on, field="moved_on")
    former_post(contact, moved_on or today, **given, **{name: before[name] for name in POST})


@transaction.atomic
def bin_contact(contact_id: UUID, *, by: Person | None) -> Contact:
    """The contact is out of every list for 30 days, then purged.

    Raises Contact.DoesNotExist. Publishes customers.contact_binned.
    """
    contact = locked_contact(contact_id)
    contact.deleted_at = timezone.now()
    contact.save(update_fields=["deleted_at"])
    publish("customers.contact_binned", contact, by=id_of(by))
    return contact


@transaction.atomic
def restore_contact(contact_id: UUID, *, by: Person | None) -> Contact:
    """The contact is back. Raises Contact.DoesNotExist unless it is in the bin.

    Refused when its keys were given to another. Publishes customers.contact_restored.
    """
    binned = Contact.with_deleted.exclude(deleted_at=None).filter(
        customer__deleted_at=None, merged_into=None
    )
    contact: Contact = binned.select_for_update(of=("self",)).get(pk=contact_id)
    contact.deleted_at = None
    with refusing_duplicates():
        contact.save(update_fields=["deleted_at"])
    publish("customers.contact_restored", contact, by=id_of(by))
    return contact
