"""People who are to be confirmed, people of several companies, and a customer's places."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from banso.core.access import Request, requires
from banso.core.scope import current_workspace
from banso.customers import queries, services
from banso.customers.api import people_answers as out
from banso.customers.api import schemas as given
from banso.customers.api.router import router
from banso.customers.models import Affiliation, Contact


@router.get(
    "/contacts/to-confirm", response=out.ToConfirmOut, summary=_("List the contacts to confirm")
)
@requires("customers.read")
def to_confirm(request: Request) -> Any:
    """Contacts nobody was asked about since the season of moves began, the first 200.

    Champions first. Those of every owner.
    """
    found = queries.contacts_to_confirm(current_workspace().today(), limit=200)
    return {"since": found.season.first, "count": found.count, "contacts": found.contacts}


@router.put(
    "/contacts/{uuid:contact_id}/companies/{uuid:customer_id}",
    response=out.AffiliationOut,
    summary=_("Say that a contact belongs to another company, too"),
)
@requires("customers.write")
def affiliate_contact(
    request: Request, contact_id: UUID, customer_id: UUID, body: given.AffiliationIn
) -> Affiliation:
    """The contact belongs to the customer, too, with these roles there. Harmless when repeated."""
    return services.affiliate_contact(contact_id, customer_id, **body.dict(), by=request.person)


@router.delete(
    "/contacts/{uuid:contact_id}/companies/{uuid:customer_id}",
    response=out.WholeContactOut,
    summary=_("Take a contact out of another company"),
)
@requires("customers.write")
def end_affiliation(request: Request, contact_id: UUID, customer_id: UUID) -> Contact:
    """The contact does not belong to the customer any more. Harmless when repeated."""
    return services.end_affiliation(contact_id, customer_id, by=request.person)


@router.get(
    "/customers/{uuid:customer_id}/places",
    response=out.GroupOut,
    summary=_("List the places of a customer"),
)
@requires("customers.read")
def places(request: Request, customer_id: UUID) -> Any:
    """The customer and every place below it, with seats, usage, health and what can be summed."""
    return out.group_out(queries.group_of(customer_id, permits=request.permits))
