"""Contacts of customers."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Status

from banso.core.access import Request, requires
from banso.core.idempotency import creates
from banso.customers import queries, services
from banso.customers.api import answers as out
from banso.customers.api import schemas as given
from banso.customers.api.people_answers import WholeContactOut
from banso.customers.api.router import router
from banso.customers.models import Contact, Customer


@router.get(
    "/customers/{uuid:customer_id}/contacts",
    response=list[out.ContactOut],
    summary=_("List the contacts of a customer"),
)
@requires("customers.read")
def contacts(request: Request, customer_id: UUID) -> Any:
    """The customer's contacts, those in post first."""
    Customer.objects.get(pk=customer_id)
    return queries.contacts_of(customer_id)


@router.post(
    "/customers/{uuid:customer_id}/contacts",
    response={201: out.ContactOut},
    summary=_("Add a contact"),
)
@requires("customers.write")
@creates
def create_contact(request: Request, customer_id: UUID, body: given.ContactIn) -> Status[Contact]:
    """A new contact of the customer."""
    return Status(201, services.create_contact(customer_id, **body.dict(), by=request.person))


@router.get("/contacts/{uuid:contact_id}", response=WholeContactOut, summary=_("Get a contact"))
@requires("customers.read")
def contact(request: Request, contact_id: UUID) -> Any:
    """One contact, with its history and its other companies."""
    return Contact.objects.filter(customer__deleted_at=None).get(pk=contact_id)


@router.patch("/contacts/{uuid:contact_id}", response=out.ContactOut, summary=_("Change a contact"))
@requires("customers.write")
def update_contact(request: Request, contact_id: UUID, body: given.ContactChanges) -> Contact:
    """Change a contact; what is left out or null stays as it is."""
    changes = body.dict(exclude_none=True)
    told = {name: changes.pop(name, None) for name in ("moved_on", "is_correction")}
    return services.update_contact(contact_id, changes=changes, by=request.person, **told)


@router.put(
    "/contacts/{uuid:contact_id}/presence",
    response=out.ContactOut,
    summary=_("Say that a contact moved or left"),
)
@requires("customers.write")
def mark_moved(request: Request, contact_id: UUID, body: given.PresenceIn) -> Contact:
    """The contact is in post, moved or left since a day, and who took over.

    Repeating the call is harmless.
    """
    values = body.dict()
    if heir := values["successor"]:
        values["successor"] = services.Successor(**heir)
    return services.mark_contact_moved(contact_id, **values, by=request.person)


@router.delete(
    "/contacts/{uuid:contact_id}", response=out.ContactOut, summary=_("Put a contact in the bin")
)
@requires("customers.write")
def bin_contact(request: Request, contact_id: UUID) -> Contact:
    """Move a contact to the bin, where it stays for 30 days."""
    return services.bin_contact(contact_id, by=request.person)


@router.put(
    "/contacts/{uuid:contact_id}/restored",
    response=out.ContactOut,
    summary=_("Take a contact out of the bin"),
)
@requires("customers.write")
def restore_contact(request: Request, contact_id: UUID) -> Contact:
    """Take a contact out of the bin."""
    return services.restore_contact(contact_id, by=request.person)
