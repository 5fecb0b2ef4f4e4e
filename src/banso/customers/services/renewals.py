"""Contracts that renew by themselves (自動更新)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from banso.customers.models import CancellationNotice, ChangeKind, Contract, ContractChange
from banso.customers.services.checks import check_day
from banso.customers.services.contracts import locked_contract, renew_contract


@transaction.atomic
def renew_due_contracts(on: date) -> int:
    """Every contract that renews by itself and whose term is over by `on` has its next term.

    Left alone: trials, contracts that were ended, and those with a standing cancellation notice.
    Several terms are caught up. Returns how many renewals were written. Safe to run twice.
    Publishes customers.contract_renewed for each.
    """
    check_day(on, field="on")
    due = Contract.objects.filter(
        ~Exists(standing_notices()),
        ~Exists(ended_lines()),
        end_on__lte=on,
        auto_renew=True,
        is_trial=False,
        customer__deleted_at=None,
    )
    written = 0
    for contract_id in due.order_by("customer_id", "pk").values_list("pk", flat=True):
        written += _catch_up(contract_id, on)
    return written


def standing_notices() -> Any:
    """Notices that keep the outer contract from renewing: its own, or the customer's since it began."""
    for_it = Q(contract=OuterRef("pk")) | Q(contract=None, noticed_on__gte=OuterRef("start_on"))
    by_its_end = Q(effective_on=None) | Q(effective_on__lte=OuterRef("end_on"))
    return CancellationNotice.objects.filter(
        for_it,
        by_its_end,
        customer=OuterRef("customer"),
        voided_at=None,
        noticed_on__lte=OuterRef("end_on"),
    )


def ended_lines() -> Any:
    """Lines that end the outer contract."""
    return ContractChange.objects.filter(
        contract=OuterRef("pk"), voided_at=None, kind=ChangeKind.END
    )


def _catch_up(contract_id: UUID, on: date) -> int:
    renewals = 0
    contract = locked_contract(contract_id)
    while contract.end_on and contract.end_on <= on and renewals < 120:
        contract = renew_contract(contract_id, by=None)
        renewals += 1
    return renewals
