"""Segments: kept, counted, opened, explained; who came and left; proposed touch tiers.

No key learns by them who fits columns that it may not see.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _
from ninja import Query, Status

from banso.core.access import Request, requires
from banso.core.idempotency import creates
from banso.customers import queries, services
from banso.customers.api import answers as out
from banso.customers.api import schemas as given
from banso.customers.api import segment_answers as told
from banso.customers.api.customers import page_of
from banso.customers.api.router import router
from banso.customers.models import Segment
from banso.customers.tier_decisions import decide_tiers

PROPOSALS = 200


@router.get("/segments", response=list[told.SegmentOut], summary=_("List segments"))
@requires("customers.read")
def segments(request: Request) -> list[dict[str, Any]]:
    """Saved segments by name, each with the number of its customers."""
    return [told.segment_out(one) for one in queries.segment_rows(permits=request.permits)]


@router.post("/segments", response={201: told.SegmentOut}, summary=_("Save a segment"))
@requires("customers.write")
@creates
def create_segment(request: Request, body: given.SegmentIn) -> Status[dict[str, Any]]:
    """Save a filter as a segment."""
    return Status(201, _saved(request, body))


@router.put(
    "/segments/{uuid:segment_id}", response=told.SegmentOut, summary=_("Save a segment anew")
)
@requires("customers.write")
def save_segment(request: Request, segment_id: UUID, body: given.SegmentIn) -> dict[str, Any]:
    """Save the segment anew."""
    return _saved(request, body, segment_id=segment_id)


@transaction.atomic
def _saved(
    request: Request, body: given.SegmentIn, *, segment_id: UUID | None = None
) -> dict[str, Any]:
    facts = body.dict(exclude={"tier"})
    facts |= {"segment_id": segment_id, "permits": request.permits}
    segment = services.save_segment(**facts, by=request.person)
    if body.tier is not None:
        segment = services.set_segment_tier(segment.pk, tier=body.tier, by=request.person)
    return told.segment_out(queries.segment_row(segment, permits=request.permits))


@router.delete("/segments/{uuid:segment_id}", response={204: None}, summary=_("Delete a segment"))
@requires("customers.write")
def delete_segment(request: Request, segment_id: UUID) -> Status[None]:
    """The segment is gone; its customers are not."""
    services.delete_segment(segment_id, by=request.person)
    return Status(204, None)


@router.get(
    "/segments/{uuid:segment_id}/customers",
    response=out.CustomersOut,
    summary=_("List the customers of a segment"),
)
@requires("customers.read")
def members(request: Request, segment_id: UUID, asked: Query[given.ListIn]) -> dict[str, Any]:
    """The customers that fit the segment now; further conditions narrow them."""
    segment = Segment.objects.get(pk=segment_id)
    conditions = queries.segment_conditions(segment, permits=request.permits)
    return page_of(request, asked, conditions=conditions)


@router.get(
    "/segments/{uuid:segment_id}/customers/{uuid:customer_id}",
    response=told.WhyOut,
    summary=_("Get why a customer is in a segment, or is not"),
)
@requires("customers.read")
def why(request: Request, segment_id: UUID, customer_id: UUID) -> dict[str, Any]:
    """Each condition of the segment with the customer's own value."""
    segment = Segment.objects.get(pk=segment_id)
    return told.why_out(queries.why(segment, customer_id, permits=request.permits))


@router.get(
    "/segments/{uuid:segment_id}/moves",
    response=told.MovesOut,
    summary=_("List who came into a segment and who left"),
)
@requires("customers.read")
def moves(request: Request, segment_id: UUID, asked: Query[given.PageIn]) -> dict[str, Any]:
    """Who came and who left, the latest first, with the conditions that changed."""
    segment = Segment.objects.get(pk=segment_id)
    page = queries.segment_moves(segment, permits=request.permits, **asked.dict())
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.get(
    "/segments/{uuid:segment_id}/tier-proposals",
    response=told.TierProposalsOut,
    summary=_("List touch tiers that a segment proposes"),
)
@requires("customers.read")
def tier_proposals(request: Request, segment_id: UUID) -> dict[str, Any]:
    """Customers that would have another touch tier, the oldest proposal first."""
    segment = Segment.objects.get(pk=segment_id)
    waiting = queries.tier_proposals(segment, permits=request.permits)
    return {"items": list(waiting[:PROPOSALS]), "total": waiting.count()}


@router.put(
    "/segments/{uuid:segment_id}/tier-proposals",
    response=told.DecidedOut,
    summary=_("Approve or refuse proposed touch tiers"),
)
@requires("customers.bulk_edit")
def decide(request: Request, segment_id: UUID, body: given.TierDecisionIn) -> dict[str, Any]:
    """Approved customers have the tier, as one bulk edit that can be undone."""
    count = decide_tiers(
        Segment.objects.get(pk=segment_id),
        approve=body.decision == "approve",
        only=body.proposal_ids,
        permits=request.permits,
        by=request.person,
    )
    return {"decided": count}
