"""The renewal desk: what is due, what is expected, and closing."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
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
from banso.customers.api.contracts import living
from banso.customers.api.losses import LossIn, LossOut
from banso.customers.api.router import router
from banso.customers.forms.asked_renewals import AskedRenewalsForm
from banso.customers.models import Contract, Renewal
from banso.customers.queries import DueRow
from banso.lib.months import last_day


class AskedRenewalsIn(Schema):
    """As the desk's address: `which` ahead, passed or closed; `within` 30, 90, 180, 365 or all.

    `step` none: not begun. `sort`: deadline, customer, mrr, forecast, step or expected, - to fall.
    """

    which: given.Code = ""
    q: given.Line = ""
    owner: UUID | None = None
    tier: given.Code = ""
    forecast: given.Code = ""
    step: given.Code = ""
    outcome: given.Code = ""
    within: given.Code = ""
    sort: given.Code = ""
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = Field(50, ge=1, le=200)


class RenewalOut(Schema):
    """A renewal. `id` is null while nobody has said what they expect. `due_on`: the first day after
    the term; `deadline_on` counts down to the notice deadline, else to the last day."""

    id: UUID | None
    contract_id: UUID
    customer_id: UUID
    due_on: date | None
    last_day: date | None
    deadline_on: date | None
    mrr: float | None
    mrr_after: float | None
    currency: str
    forecast: str
    step: str
    expected_on: date | None
    expected_amount: float | None
    note: str
    is_noticed: bool
    outcome: str
    closed_at: datetime | None
    change_id: int | None
    adjustment_id: int | None
    loss: LossOut | None


class RenewalsOut(Schema):
    rows: list[RenewalOut]
    next_cursor: str


class PlanIn(Body):
    """What is left out stays as it is; null empties what can be empty. `expected_amount`: for the
    next term."""

    forecast: given.Code | None = None
    step: given.Code | None = None
    expected_on: date | None = None
    expected_amount: given.Amount | None = None
    note: given.Long | None = None


class ClosingIn(given.DeadlineIn):
    """`outcome` renewed or declined. `due_on`: the end that was seen; refused when another is due.

    Renewed: what is left out stays as it was for one more term; a lower MRR needs `loss`.
    Declined: ends with its term, or on `effective_on` (the first day without); needs `loss`.
    """

    outcome: Literal["renewed", "declined"]
    due_on: date | None = None
    effective_on: date | None = None
    amount: given.Amount | None = None
    term_months: given.Months | None = None
    seats: given.Seats | None = None
    loss: LossIn | None = None


@router.get("/renewals", response=RenewalsOut, summary=_("List renewals"))
@requires("customers.read")
def renewals(request: Request, asked: Query[AskedRenewalsIn]) -> dict[str, Any]:
    """Renewals whose deadline is ahead, has passed, or that are closed."""
    said = asked.dict(exclude={"cursor", "limit"}, exclude_none=True)
    which = AskedRenewalsForm(said).asked()
    place: dict[str, Any] = {"cursor": asked.cursor, "limit": asked.limit}
    if which.which == "closed":
        found, cursor = queries.closed_page(which, **place)
        return {"rows": [_closed(one) for one in found], "next_cursor": cursor}
    page = queries.due_page(which, **place)
    return {"rows": [_due(row) for row in page.rows], "next_cursor": page.next_cursor}


@router.patch(
    "/contracts/{uuid:contract_id}/renewal",
    response=RenewalOut,
    summary=_("Say what is expected of a renewal"),
)
@requires("customers.write")
def plan_renewal(request: Request, contract_id: UUID, body: PlanIn) -> dict[str, Any]:
    """What is expected of the next renewal of a contract."""
    sent = body.dict(exclude_unset=True)
    if sent.get("expected_amount") is not None:
        currency = living(contract_id).currency
        sent["expected_amount"] = out.minor(sent["expected_amount"], currency)
    empties = {"expected_on", "expected_amount"}
    changes = {key: one for key, one in sent.items() if one is not None or key in empties}
    services.plan_renewal(contract_id, changes=changes, by=request.person)
    return _due(queries.due_row(contract_id))


@router.post(
    "/contracts/{uuid:contract_id}/renewal/closed",
    response={201: RenewalOut},
    summary=_("Close a renewal"),
)
@requires("customers.write")
@creates
def close_renewal(request: Request, contract_id: UUID, body: ClosingIn) -> Status[dict[str, Any]]:
    """How a renewal went, written into the ledger of the contract."""
    sent = out.with_end(body.dict())
    outcome, told = sent.pop("outcome"), sent.pop("loss")
    loss = services.NewLoss(**told) if told else None
    if outcome == "declined":
        ends = {name: sent[name] for name in ("due_on", "effective_on")}
        made = services.decline_renewal(contract_id, **ends, loss=loss, by=request.person)
    else:
        made = services.renew_from_desk(
            contract_id, **_in_minor(sent, contract_id), loss=loss, by=request.person
        )
    return Status(201, _closed(made))


@router.put(
    "/renewals/{uuid:renewal_id}/reopened",
    response=out.ContractOut,
    summary=_("Take the closing of a renewal back"),
)
@requires("customers.write")
def reopen_renewal(request: Request, renewal_id: UUID) -> Contract:
    """The lines of the closing are voided, its notice is withdrawn, and the renewal is due again."""
    return services.reopen_renewal(renewal_id, by=request.person)


def _due(row: DueRow) -> dict[str, Any]:
    plan, contract = row.renewal, row.contract
    return {
        **_said(plan, contract),
        "id": None if plan._state.adding else plan.pk,
        "due_on": contract.end_on,
        "last_day": row.last_on,
        "deadline_on": row.deadline_on,
        "mrr": out.major(row.mrr, contract.currency),
        "is_noticed": row.is_noticed,
    }


def _closed(renewal: Renewal) -> dict[str, Any]:
    contract = renewal.contract
    return {
        **_said(renewal, contract),
        "id": renewal.pk,
        "due_on": renewal.due_on,
        "last_day": last_day(renewal.due_on),
        "deadline_on": None,
        "mrr": out.major(renewal.mrr_before, contract.currency),
        "is_noticed": renewal.notice_id is not None,
    }


def _said(renewal: Renewal, contract: Contract) -> dict[str, Any]:
    names = ("forecast", "expected_on", "note", "outcome", "closed_at", "adjustment_id", "loss")
    return {
        **{name: getattr(renewal, name) for name in names},
        "contract_id": contract.pk,
        "customer_id": contract.customer_id,
        "currency": contract.currency,
        "step": renewal.standing_step.value,
        "expected_amount": out.major(renewal.expected_amount, contract.currency),
        "mrr_after": out.major(renewal.mrr_after, contract.currency),
        "change_id": renewal.line_id,
    }


def _in_minor(sent: dict[str, Any], contract_id: UUID) -> dict[str, Any]:
    if sent["amount"] is None:
        return sent
    return {**sent, "amount": out.minor(sent["amount"], living(contract_id).currency)}
