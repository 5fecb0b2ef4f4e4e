"""The renewal desk: closing a renewal in one step, and taking that back."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.customers.models import CancellationNotice, ChangeKind, Contract, Renewal
from banso.customers.services import ledger
from banso.customers.services.contracts import end_contract, locked_contract, renew_contract
from banso.customers.services.corrections import void_change
from banso.customers.services.losses import NewLoss, tell_loss
from banso.customers.services.notices import record_notice, withdraw_notice
from banso.customers.services.renewal_plans import check_due, has_ended
from banso.customers.services.renewals import standing_notices


@transaction.atomic
def renew_from_desk(
    contract_id: UUID,
    *,
    due_on: date | None = None,
    loss: NewLoss | None = None,
    by: Person | None,
    **given: Any,
) -> Renewal:
    """The due renewal is closed: the contract runs on as `given` says (as `renew_contract` takes it).

    With less MRR the reduction is a line of its own and carries `loss`, which must be told then
    (Refused at "main_reason"). `due_on`: the end that was seen; Refused (code "closed") when another
    is due by now. Raises Contract.DoesNotExist. Publishes what renew_contract does, and
    customers.loss_told.
    """
    contract = locked_contract(contract_id)
    check_due(contract, due_on, is_ended=has_ended(contract))
    renew_contract(contract_id, by=by, **given)
    renewal = _just_closed(contract)
    change = renewal.adjustment
    if change is not None and change.kind == ChangeKind.CONTRACTION:
        tell_loss(change.pk, loss=_needed(loss), by=by)
    return renewal


@transaction.atomic
def decline_renewal(
    contract_id: UUID,
    *,
    due_on: date | None = None,
    effective_on: date | None = None,
    loss: NewLoss | None,
    by: Person | None,
) -> Renewal:
    """The due renewal is closed: the contract ends, by itself with its term, and says why.

    `effective_on` is the first day without it. Unless a notice of cancellation stands, one is
    recorded for the day that `loss` says (today). Refused and raised as `renew_from_desk`. Publishes
    customers.contract_ended, loss_told and notice_recorded.
    """
    contract = locked_contract(contract_id)
    ends = check_due(contract, due_on, is_ended=has_ended(contract))
    ends = effective_on or ends
    loss = _needed(loss)
    end_contract(contract_id, effective_on=ends, by=by)
    renewal = _just_closed(contract)
    assert renewal.line_id  # noqa: S101 (what is closed has its line)
    tell_loss(renewal.line_id, loss=loss, by=by)
    if not Contract.objects.filter(Exists(standing_notices()), pk=contract_id).exists():
        renewal.notice = _noticed(contract, loss, ends, by)
        renewal.save(update_fields=["notice"])
    return renewal


def _noticed(
    contract: Contract, loss: NewLoss, ends: date, by: Person | None
) -> CancellationNotice:
    said_on = min(loss.noticed_on or current_workspace().today(), ends)
    return record_notice(
        contract.customer_id, noticed_on=said_on, effective_on=ends, contract_id=contract.pk, by=by
    )


def _just_closed(contract: Contract) -> Renewal:
    closed = Renewal.objects.filter(contract=contract).exclude(closed_at=None)
    renewal: Renewal = closed.select_related("line", "adjustment").latest("closed_at")
    return renewal


def _needed(loss: NewLoss | None) -> NewLoss:
    if loss is None or not loss.main_reason:
        words = _("Choose the main reason from the list.")
        raise ledger.refused(words, "main_reason", "reason_needed")
    return loss


@transaction.atomic
def reopen_renewal(renewal_id: UUID, *, by: Person | None) -> Contract:
    """The closing is taken back: its lines are voided, its notice withdrawn, and it is due again.

    Raises Renewal.DoesNotExist, Refused when it is not closed, or later lines stand on it.
    Publishes customers.change_voided for each line, and notice_withdrawn.
    """
    found = Renewal.objects.filter(contract__deleted_at=None).get(pk=renewal_id)
    contract = locked_contract(found.contract_id)
    renewal: Renewal = Renewal.objects.get(pk=renewal_id)
    if renewal.line_id is None:
        raise Refused(_("This renewal is not closed."), code="open")
    wrote = {renewal.line_id, renewal.adjustment_id}
    last = ledger.live_lines(contract)[-1]
    if last.pk not in wrote:
        raise Refused(_("Void the later lines first."), code="later_lines")
    if renewal.adjustment_id:
        void_change(renewal.adjustment_id, by=by)
    contract = void_change(renewal.line_id, by=by)
    if renewal.notice and renewal.notice.voided_at is None:
        withdraw_notice(renewal.notice.pk, by=by)
    return contract
