"""Customers as another system has them, by its own ids."""

from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Status

from banso.core.access import Request, requires
from banso.customers import services
from banso.customers.api import answers as out
from banso.customers.api import schemas as given
from banso.customers.api.router import router
from banso.customers.models import Customer

ANSWERS = {200: out.CustomerOut, 201: out.CustomerOut}


@router.put(
    "/customers/{uuid:customer_id}",
    response=ANSWERS,
    summary=_("Write a customer by an ID that is a UUID"),
)
@requires("customers.sync")
def put_known_customer(
    request: Request, customer_id: UUID, body: given.CustomerAsThere, source: given.Code = ""
) -> Status[Customer]:
    """As by any other ID. It may also be ours; only where `source` is named, a new one is made."""
    found, is_new = services.put_known_customer(
        customer_id, source=source, given=body.dict(), by=request.person
    )
    return Status(201 if is_new else 200, found)


@router.put(
    "/customers/{external_id}",
    response=ANSWERS,
    summary=_("Write a customer by the ID that another system has for it"),
)
@requires("customers.sync")
def put_customer(
    request: Request,
    external_id: given.Short,
    body: given.CustomerAsThere,
    source: given.Code = "",
) -> Status[Customer]:
    """Made when it is new, else changed to what is sent; what is left out or blank stays.

    `external_id` is the ID in the system `source`, which may then write what it is the master of;
    without `source` it is our external ID. Repeating the call is harmless.
    """
    found, is_new = services.put_customer(
        external_id, source=source, given=body.dict(), by=request.person
    )
    return Status(201 if is_new else 200, found)
