"""Contracts, their ledger, and cancellation notices."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Status

from banso.core.access import Request, requires
from banso.core.idempotency import creates
from banso.customers import queries, services
from banso.customers.api import answers as out
from banso.customers.api import schemas as given
from banso.customers.api.router import router
from banso.customers.models import (
    PARTIES,
    CancellationNotice,
    ChangeKind,
    Contract,
    ContractChange,
    Customer,
    Plan,
    Product,
)

EMPTIED = {"plan_id", *(f"{party}_id" for party in PARTIES)}


def living(contract_id: UUID) -> Contract:
    contract: Contract = Contract.objects.filter(customer__deleted_at=None).get(pk=contract_id)
    return contract


def _in_minor(sent: dict[str, Any], currency: str) -> dict[str, Any]:
    amount: Decimal | None = sent.get("amount")
    return sent if amount is None else {**sent, "amount": out.minor(amount, currency)}


@router.get(
    "/customers/{uuid:customer_id}/contracts",
    response=list[out.ContractOut],
    summary=_("List the contracts of a customer"),
)
@requires("customers.read")
def contracts(request: Request, customer_id: UUID) -> list[Contract]:
    """The customer's contracts, the latest start first."""
    Customer.objects.get(pk=customer_id)
    return [card.contract for card in queries.contracts_of(customer_id)]


@router.post(
    "/customers/{uuid:customer_id}/contracts",
    response={201: out.ContractOut},
    summary=_("Add a contract"),
)
@requires("customers.write")
@creates
def sign_contract(request: Request, customer_id: UUID, body: given.ContractIn) -> Status[Contract]:
    """A contract is signed; its ledger begins."""
    customer, sent = Customer.objects.get(pk=customer_id), out.with_end(body.dict())
    product = Product.objects.get(pk=sent.pop("product_id"))
    plan_id = sent.pop("plan_id")
    sent["plan"] = Plan.objects.get(pk=plan_id, product=product) if plan_id else None
    sent = _in_minor(sent, body.currency or customer.currency)
    made = services.sign_contract(customer_id, product=product, **sent, by=request.person)
    return Status(201, made)


@router.get("/contracts/{uuid:contract_id}", response=out.ContractOut, summary=_("Get a contract"))
@requires("customers.read")
def contract(request: Request, contract_id: UUID) -> Contract:
    """One contract, as it stands after the latest line of its ledger."""
    return living(contract_id)


@router.patch(
    "/contracts/{uuid:contract_id}",
    response=out.ContractOut,
    summary=_("Change the details of a contract"),
)
@requires("customers.write")
def update_contract(request: Request, contract_id: UUID, body: given.ContractChanges) -> Contract:
    """Change what is not in the ledger."""
    sent = body.dict(exclude_unset=True)
    changes = {key: one for key, one in sent.items() if one is not None or key in EMPTIED}
    return services.update_contract(contract_id, changes=changes, by=request.person)


@router.get(
    "/contracts/{uuid:contract_id}/changes",
    response=list[out.ChangeOut],
    summary=_("List the ledger of a contract"),
)
@requires("customers.read")
def changes(request: Request, contract_id: UUID) -> Any:
    """The contract's ledger, newest first, voided lines too."""
    return ContractChange.objects.filter(contract=living(contract_id)).order_by(
        "-effective_on", "-id"
    )


@router.post(
    "/contracts/{uuid:contract_id}/changes",
    response={201: out.ContractOut},
    summary=_("Change, renew or end a contract"),
)
@requires("customers.write")
@creates
def add_change(request: Request, contract_id: UUID, body: given.ChangeIn) -> Status[Contract]:
    """A new line of the ledger: the contract is changed, renewed or ended from a day on."""
    sent = _in_minor(out.with_end(body.dict()), living(contract_id).currency)
    return Status(201, _write_change(contract_id, sent, request))


def _write_change(contract_id: UUID, sent: dict[str, Any], request: Request) -> Contract:
    if sent["kind"] == ChangeKind.END:
        return services.end_contract(
            contract_id, effective_on=sent["effective_on"], by=request.person
        )
    if sent["kind"] == ChangeKind.RENEWAL:
        del sent["kind"]
        return services.renew_contract(contract_id, **sent, by=request.person)
    return services.change_contract(contract_id, **sent, by=request.person)


@router.put(
    "/changes/{int:change_id}/voided",
    response=out.ContractOut,
    summary=_("Void a line of the ledger"),
)
@requires("customers.write")
def void_change(request: Request, change_id: int) -> Contract:
    """The line no longer counts; what was known before stays reproducible."""
    return services.void_change(change_id, by=request.person)


@router.put(
    "/changes/{int:change_id}/corrected",
    response=out.ContractOut,
    summary=_("Correct a line of the ledger"),
)
@requires("customers.write")
def correct_change(request: Request, change_id: int, body: given.CorrectionIn) -> Contract:
    """The line is voided and stands again as corrected."""
    currency = ContractChange.objects.get(pk=change_id).currency
    sent = _in_minor(out.with_end(body.dict()), currency)
    return services.correct_change(change_id, **sent, by=request.person)


@router.get(
    "/customers/{uuid:customer_id}/notices",
    response=list[out.NoticeOut],
    summary=_("List the cancellation notices of a customer"),
)
@requires("customers.read")
def notices(request: Request, customer_id: UUID) -> Any:
    """The customer's cancellation notices, newest first, withdrawn ones too."""
    customer = Customer.objects.get(pk=customer_id)
    return customer.notices.order_by("-noticed_on", "-pk")


@router.post(
    "/customers/{uuid:customer_id}/notices",
    response={201: out.NoticeOut},
    summary=_("Record a cancellation notice"),
)
@requires("customers.write")
@creates
def record_notice(
    request: Request, customer_id: UUID, body: given.NoticeIn
) -> Status[CancellationNotice]:
    """The customer gave notice of cancellation."""
    return Status(201, services.record_notice(customer_id, **body.dict(), by=request.person))


@router.put(
    "/notices/{uuid:notice_id}/withdrawn",
    response=out.NoticeOut,
    summary=_("Withdraw a cancellation notice"),
)
@requires("customers.write")
def withdraw_notice(request: Request, notice_id: UUID) -> CancellationNotice:
    """The notice no longer counts."""
    return services.withdraw_notice(notice_id, by=request.person)
