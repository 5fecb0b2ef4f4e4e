"""Purchases without a contract."""

from datetime import date, datetime
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
from banso.customers.models import Customer, Purchase


class AskedPurchasesIn(Schema):
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = Field(50, ge=1, le=200)


class PurchaseOut(Schema):
    """`amount` in major units of `currency`, tax not included."""

    id: UUID
    customer_id: UUID
    external_id: str
    bought_on: date
    amount: float
    currency: str
    recorded_at: datetime
    voided_at: datetime | None

    @staticmethod
    def resolve_amount(purchase: Purchase) -> float | None:
        return out.major(purchase.amount, purchase.currency)


class PurchasesOut(Schema):
    rows: list[PurchaseOut]
    next_cursor: str


class PurchaseIn(Body):
    """`currency` left out: the customer's."""

    bought_on: date
    amount: given.Amount
    currency: given.Code = ""
    external_id: given.Short = ""


@router.get(
    "/customers/{uuid:customer_id}/purchases",
    response=PurchasesOut,
    summary=_("List a customer's purchases"),
)
@requires("customers.read")
def purchases(
    request: Request, customer_id: UUID, asked: Query[AskedPurchasesIn]
) -> dict[str, Any]:
    """What the customer bought without a contract, the latest first, voided purchases too."""
    Customer.objects.get(pk=customer_id)
    rows, cursor = queries.purchase_page(customer_id, **asked.dict())
    return {"rows": rows, "next_cursor": cursor}


@router.post(
    "/customers/{uuid:customer_id}/purchases",
    response={201: PurchaseOut},
    summary=_("Add a purchase"),
)
@requires("customers.write")
@creates
def add_purchase(request: Request, customer_id: UUID, body: PurchaseIn) -> Status[Purchase]:
    """The customer bought something without a contract. MRR stays as it is."""
    sent = body.dict()
    sent["currency"] = body.currency or Customer.objects.get(pk=customer_id).currency
    sent["amount"] = out.minor(body.amount, sent["currency"])
    return Status(201, services.add_purchase(customer_id, **sent, by=request.person))


@router.put(
    "/purchases/{uuid:purchase_id}/voided", response=PurchaseOut, summary=_("Void a purchase")
)
@requires("customers.write")
def void_purchase(request: Request, purchase_id: UUID) -> Purchase:
    """The purchase no longer counts; it is kept."""
    return services.void_purchase(purchase_id, by=request.person)
