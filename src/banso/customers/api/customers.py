"""Customers: list, read, write, stages, timeline."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Query, Status

from banso.core.access import Request, requires
from banso.core.idempotency import creates
from banso.customers import filters, queries, services
from banso.customers.api import answers as out
from banso.customers.api import schemas as given
from banso.customers.api.router import router
from banso.customers.models import Customer

NULLABLE = {
    "parent_id", "employees", "main_owner_id", "sub_owner_id", "since", "last_contact_on",
    "fiscal_month",
}  # fmt: skip


def page_of(request: Request, asked: given.ListIn, **more: Any) -> dict[str, Any]:
    """The asked page of customers, with the columns that every item has."""
    conditions = filters.parse_query(asked.f, permits=request.permits)
    page = queries.customer_list(
        conditions=[*more.pop("conditions", []), *conditions],
        columns=[*out.LIST, *(one.key for one in out.listed(request.permits)), *asked.keys()],
        on=asked.at,
        permits=request.permits,
        **{**asked.dict(include={"q", "sort", "cursor", "limit"}), **more},
    )
    return out.customers_out(page, asked.keys())


@router.get("/customers", response=out.CustomersOut, summary=_("List customers"))
@requires("customers.read")
def customers(request: Request, asked: Query[given.ListIn]) -> dict[str, Any]:
    """Customers as of a day (today), searched, filtered and sorted by any column."""
    return page_of(request, asked)


@router.post("/customers", response={201: out.CustomerOut}, summary=_("Add a customer"))
@requires("customers.write")
@creates
def create_customer(request: Request, body: given.CustomerIn) -> Status[Customer]:
    """A new customer."""
    return Status(201, services.create_customer(**body.dict(), by=request.person))


@router.get("/customers/{uuid:customer_id}", response=out.CardOut, summary=_("Get a customer"))
@requires("customers.read")
def customer(request: Request, customer_id: UUID) -> dict[str, Any]:
    """One customer with what is known of it today."""
    return out.card_out(queries.customer_card(customer_id))


@router.patch(
    "/customers/{uuid:customer_id}", response=out.CustomerOut, summary=_("Change a customer")
)
@requires("customers.write")
def update_customer(request: Request, customer_id: UUID, body: given.CustomerChanges) -> Customer:
    """Change a customer. `attributes` are merged; null clears one."""
    sent = body.dict(exclude_unset=True)
    changes = {key: one for key, one in sent.items() if one is not None or key in NULLABLE}
    return services.update_customer(customer_id, changes=changes, by=request.person)


@router.delete(
    "/customers/{uuid:customer_id}",
    response=out.CustomerOut,
    summary=_("Put a customer in the bin"),
)
@requires("customers.manage")
def bin_customer(request: Request, customer_id: UUID) -> Customer:
    """Move a customer to the bin, where it stays for 30 days."""
    return services.bin_customer(customer_id, by=request.person)


@router.put(
    "/customers/{uuid:customer_id}/restored",
    response=out.CustomerOut,
    summary=_("Take a customer out of the bin"),
)
@requires("customers.manage")
def restore_customer(request: Request, customer_id: UUID) -> Customer:
    """Take a customer out of the bin."""
    return services.restore_customer(customer_id, by=request.person)


@router.put(
    "/customers/{uuid:customer_id}/stage",
    response=out.CustomerOut,
    summary=_("Move a customer to another stage"),
)
@requires("customers.write")
def change_stage(request: Request, customer_id: UUID, body: given.StageIn) -> Customer:
    """The customer entered a stage on a day. Repeating the call is harmless."""
    return services.change_stage(customer_id, **body.dict(), by=request.person)


@router.post(
    "/customers/{uuid:customer_id}/contacted",
    response=out.CustomerOut,
    summary=_("Note that somebody spoke with a customer"),
)
@requires("customers.write")
@creates
def record_contact(request: Request, customer_id: UUID, body: given.ContactedIn) -> Customer:
    """Somebody of ours was in touch with the customer on a day."""
    return services.record_contact(customer_id, **body.dict(), by=request.person)


@router.get(
    "/customers/{uuid:customer_id}/timeline",
    response=out.TimelineOut,
    summary=_("List what happened to a customer"),
)
@requires("customers.read")
def timeline(
    request: Request, customer_id: UUID, cursor: str = "", limit: int = 50
) -> queries.TimelinePage:
    """What happened to the customer, newest first, in the caller's language."""
    return queries.timeline(customer_id, before=cursor, limit=limit, permits=request.permits)


@router.get(
    "/customers/{uuid:customer_id}/history",
    response=list[out.HistoryOut],
    summary=_("List the owners, tiers, stages and parents of a customer"),
)
@requires("customers.read")
def history(request: Request, customer_id: UUID) -> list[queries.HistoryLine]:
    """Each change with the day from which it holds, the latest first; at most 500."""
    return queries.history(customer_id)
