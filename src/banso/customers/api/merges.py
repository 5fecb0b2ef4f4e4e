"""Customers, or contacts, that are the same: look first, merge, take apart again."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.core.idempotency import creates
from banso.customers.api.router import router
from banso.customers.merges.kinds import CONTACTS, CUSTOMERS
from banso.customers.merges.merging import merge_contacts, merge_customers
from banso.customers.merges.previews import MergePreview, preview
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Contact, Customer, Merge

Names = Annotated[list[Annotated[Text, Field(max_length=120)]], Field(max_length=200)]
LATEST = 50


class CustomerMergeIn(Body):
    """The customer to be merged into that of the address; `take`: fields that are to be as its.

    Names as in the preview: `tier`, `attributes.<key>`. Others stay; blanks are filled.
    """

    merged_customer_id: UUID
    take: Names = Field(default_factory=list)


class ContactMergeIn(Body):
    """As with customers."""

    merged_contact_id: UUID
    take: Names = Field(default_factory=list)


class CustomerPairIn(Body):
    merged_customer_id: UUID


class ContactPairIn(Body):
    merged_contact_id: UUID


class DifferenceOut(Schema):
    """`fills`: the survivor has no value and takes the other's.

    `kept_in`: the system that keeps the survivor's value, which stays; empty for none.
    """

    name: str
    mine: str
    theirs: str
    fills: bool
    kept_in: str


class CountOut(Schema):
    """Records of the merged one: so many move, so many stay since only one can be there."""

    records: str
    moves: int
    stays: int


class MergePreviewOut(Schema):
    """`trouble`: in words why the two cannot be merged; empty when they can."""

    survivor_id: UUID
    merged_id: UUID
    differences: list[DifferenceOut]
    counts: list[CountOut]
    trouble: str


class MergeOut(Schema):
    """`moved`, `stayed` and (once it is undone) `returned` count records by model and column.

    `taken`: the fields of the survivor that changed, with the values before and after.
    """

    id: UUID
    noun: str
    survivor_id: UUID
    merged_id: UUID
    taken: dict[str, Any]
    moved: dict[str, int]
    stayed: dict[str, int]
    returned: dict[str, int]
    by_id: UUID | None
    at: datetime
    undone_by_id: UUID | None
    undone_at: datetime | None


@router.post(
    "/customers/{uuid:customer_id}/merges/preview",
    response=MergePreviewOut,
    summary=_("Preview a merge of customers"),
)
@requires("customers.merge")
def preview_customers(request: Request, customer_id: UUID, body: CustomerPairIn) -> dict[str, Any]:
    """What merging the other customer into this one would do. Nothing is saved."""
    return _preview_out(preview(CUSTOMERS, customer_id, body.merged_customer_id))


@router.get(
    "/customers/{uuid:customer_id}/merges",
    response=list[MergeOut],
    summary=_("List merges of a customer"),
)
@requires("customers.merge")
def merges(request: Request, customer_id: UUID) -> list[Merge]:
    """What was merged into the customer, the latest first, undone merges too."""
    Customer.objects.get(pk=customer_id)
    return list(Merge.objects.filter(survivor_id=customer_id).order_by("-at")[:LATEST])


@router.post(
    "/customers/{uuid:customer_id}/merges", response={201: MergeOut}, summary=_("Merge customers")
)
@requires("customers.merge")
@creates
def merge_customer(request: Request, customer_id: UUID, body: CustomerMergeIn) -> Status[Merge]:
    """The other customer is this one: all it has moves here, and its ids lead here. Can be undone."""
    merged = body.merged_customer_id
    made = merge_customers(customer_id, merged_id=merged, take=body.take, by=request.person)
    return Status(201, made)


@router.post(
    "/contacts/{uuid:contact_id}/merges/preview",
    response=MergePreviewOut,
    summary=_("Preview a merge of contacts"),
)
@requires("customers.merge")
def preview_contacts(request: Request, contact_id: UUID, body: ContactPairIn) -> dict[str, Any]:
    """What merging the other contact into this one would do. Nothing is saved."""
    return _preview_out(preview(CONTACTS, contact_id, body.merged_contact_id))


@router.get(
    "/contacts/{uuid:contact_id}/merges",
    response=list[MergeOut],
    summary=_("List merges of a contact"),
)
@requires("customers.merge")
def contact_merges(request: Request, contact_id: UUID) -> list[Merge]:
    """What was merged into the contact, the latest first, undone merges too."""
    Contact.objects.get(pk=contact_id)
    return list(Merge.objects.filter(survivor_id=contact_id).order_by("-at")[:LATEST])


@router.post(
    "/contacts/{uuid:contact_id}/merges", response={201: MergeOut}, summary=_("Merge contacts")
)
@requires("customers.merge")
@creates
def merge_contact(request: Request, contact_id: UUID, body: ContactMergeIn) -> Status[Merge]:
    """The other contact of the same customer is this person. Can be undone."""
    merged = body.merged_contact_id
    made = merge_contacts(contact_id, merged_id=merged, take=body.take, by=request.person)
    return Status(201, made)


@router.put("/merges/{uuid:merge_id}/undone", response=MergeOut, summary=_("Undo a merge"))
@requires("customers.merge")
def undo_merge(request: Request, merge_id: UUID) -> Merge:
    """They are two again, each with its own and what came to it since. Repeating is harmless."""
    return unmerge(merge_id, by=request.person)


def _preview_out(seen: MergePreview) -> dict[str, Any]:
    return {
        "survivor_id": seen.survivor.pk,
        "merged_id": seen.merged.pk,
        "differences": seen.differences,
        "counts": [
            {"records": str(one.label), "moves": one.moves, "stays": one.stays}
            for one in seen.counts
        ],
        "trouble": seen.trouble,
    }
