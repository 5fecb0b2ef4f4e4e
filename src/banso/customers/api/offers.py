"""Offers of something more."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Query, Schema, Status
from pydantic import Field

from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.core.idempotency import creates
from banso.customers import queries, services
from banso.customers.api import answers as out
from banso.customers.api import schemas as given
from banso.customers.api.router import router
from banso.customers.models import Customer, Offer
from banso.customers.queries import AskedOffers

EMPTIED = {"product_id", "mrr", "decided_on"}


class AskedOffersIn(Schema):
    """`kind` upsell or cross_sell; `state` offered, accepted, declined or withdrawn."""

    q: given.Line = ""
    customer_id: UUID | None = None
    kind: given.Code = ""
    state: given.Code = ""
    by_id: UUID | None = None
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = Field(50, ge=1, le=200)


class OfferOut(Schema):
    """`mrr`: how much more a month, in major units of `currency`, which stays as it was offered."""

    id: UUID
    customer_id: UUID
    kind: str
    title: str
    product_id: UUID | None
    mrr: float | None
    currency: str
    offered_on: date
    state: str
    decided_on: date | None
    why: str
    by_id: UUID | None

    @staticmethod
    def resolve_mrr(offer: Offer) -> float | None:
        return out.major(offer.mrr, offer.currency)


class OffersOut(Schema):
    rows: list[OfferOut]
    next_cursor: str


class OfferIn(Body):
    """`offered_on` left out: today; `decided_on` left out: today, once it is answered."""

    kind: given.Code
    title: given.Line
    product_id: UUID | None = None
    mrr: given.Amount | None = None
    offered_on: date | None = None
    state: given.Code = "offered"
    decided_on: date | None = None
    why: given.Long = ""


class OfferChanges(Body):
    """What is left out stays as it is; null empties what can be empty."""

    kind: given.Code | None = None
    title: given.Line | None = None
    product_id: UUID | None = None
    mrr: given.Amount | None = None
    offered_on: date | None = None
    state: given.Code | None = None
    decided_on: date | None = None
    why: given.Long | None = None


@router.get("/offers", response=OffersOut, summary=_("List offers"))
@requires("customers.read")
def offers(request: Request, asked: Query[AskedOffersIn]) -> dict[str, Any]:
    """Offers that fit everything that is asked, the latest first."""
    if asked.customer_id:
        Customer.objects.get(pk=asked.customer_id)
    which = AskedOffers(**asked.dict(exclude={"cursor", "limit"}))
    rows, cursor = queries.offer_page(which, cursor=asked.cursor, limit=asked.limit)
    return {"rows": rows, "next_cursor": cursor}


@router.post(
    "/customers/{uuid:customer_id}/offers",
    response={201: OfferOut},
    summary=_("Record an offer"),
)
@requires("customers.write")
@creates
def make_offer(request: Request, customer_id: UUID, body: OfferIn) -> Status[Offer]:
    """An upsell or cross-sell was offered to the customer."""
    sent = _in_minor(body.dict(), Customer.objects.get(pk=customer_id).currency)
    return Status(201, services.make_offer(customer_id, **sent, by=request.person))


@router.patch("/offers/{uuid:offer_id}", response=OfferOut, summary=_("Change an offer"))
@requires("customers.write")
def update_offer(request: Request, offer_id: UUID, body: OfferChanges) -> Offer:
    """What became of an offer, and why."""
    offer = Offer.objects.filter(customer__deleted_at=None).get(pk=offer_id)
    sent = _in_minor(body.dict(exclude_unset=True), offer.currency)
    changes = {key: one for key, one in sent.items() if one is not None or key in EMPTIED}
    return services.update_offer(offer_id, changes=changes, by=request.person)


def _in_minor(sent: dict[str, Any], currency: str) -> dict[str, Any]:
    amount = sent.get("mrr")
    return sent if amount is None else {**sent, "mrr": out.minor(amount, currency)}
