"""One-off lines of contracts."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Status

from banso.core.access import Request, requires
from banso.core.idempotency import creates
from banso.customers import services
from banso.customers.api import answers as out
from banso.customers.api import schemas as given
from banso.customers.api.contracts import living
from banso.customers.api.router import router
from banso.customers.models import Charge


@router.get(
    "/contracts/{uuid:contract_id}/charges",
    response=list[out.ChargeOut],
    summary=_("List the one-off lines of a contract"),
)
@requires("customers.read")
def charges(request: Request, contract_id: UUID) -> Any:
    """The contract's one-off lines in the order in which they were recorded, voided ones too."""
    lines = Charge.objects.filter(contract=living(contract_id))
    return lines.select_related("contract").order_by("recorded_at", "pk")


@router.post(
    "/contracts/{uuid:contract_id}/charges",
    response={201: out.ChargeOut},
    summary=_("Add a one-off line to a contract"),
)
@requires("customers.write")
@creates
def add_charge(request: Request, contract_id: UUID, body: given.ChargeIn) -> Status[Charge]:
    """An initial fee, or whatever else is paid once. MRR stays as it is."""
    sent = body.dict()
    sent["amount"] = out.minor(body.amount, living(contract_id).currency)
    return Status(201, services.add_charge(contract_id, **sent, by=request.person))


@router.put(
    "/charges/{uuid:charge_id}/voided",
    response=out.ChargeOut,
    summary=_("Void a one-off line"),
)
@requires("customers.write")
def void_charge(request: Request, charge_id: UUID) -> Charge:
    """The one-off line no longer counts; it is kept."""
    return services.void_charge(charge_id, by=request.person)
