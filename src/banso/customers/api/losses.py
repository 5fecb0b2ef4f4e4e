"""Why lines of the ledger lost something, and the reasons to choose from."""

from datetime import date

from django.utils.translation import gettext_noop as _
from ninja import Schema

from banso.core.access import Request, requires
from banso.core.api import Body
from banso.customers import services
from banso.customers.api import schemas as given
from banso.customers.api.router import router
from banso.customers.loss_reasons import Reason, loss_reasons
from banso.customers.models import Loss


class LossOut(Schema):
    """Why a line of the ledger lost something; reasons are codes of the list."""

    change_id: int
    main_reason: str
    second_reason: str
    detail: str
    competitor: str
    noticed_on: date | None
    effective_on: date

    @staticmethod
    def resolve_change_id(loss: Loss) -> int:
        return loss.line_id

    @staticmethod
    def resolve_effective_on(loss: Loss) -> date:
        return loss.line.effective_on


class LossIn(Body):
    """`main_reason` and `second_reason`: codes of the list of reasons."""

    main_reason: given.Code
    second_reason: given.Code = ""
    detail: given.Long = ""
    competitor: given.Short = ""
    noticed_on: date | None = None


class ReasonOut(Schema):
    code: str
    label: str
    is_retired: bool

    @staticmethod
    def resolve_label(reason: Reason) -> str:
        return str(reason.label)


@router.put(
    "/changes/{int:change_id}/loss",
    response=LossOut,
    summary=_("Say why a line of the ledger lost something"),
)
@requires("customers.write")
def tell_loss(request: Request, change_id: int, body: LossIn) -> Loss:
    """Why this line ended the contract, or made it smaller; what was said before is replaced."""
    return services.tell_loss(change_id, loss=services.NewLoss(**body.dict()), by=request.person)


@router.get("/loss-reasons", response=list[ReasonOut], summary=_("List the reasons of loss"))
@requires("customers.read")
def reasons(request: Request) -> list[Reason]:
    """Reasons to choose from, retired ones too."""
    return loss_reasons()
