"""Renewals follow the ledger: whichever door renews or ends a contract closes what was due."""

from datetime import date

from django.utils import timezone

from banso.core.models import Person
from banso.customers.models import ChangeKind, Contract, ContractChange, Loss, Outcome, Renewal

OF_CHANGE = {
    ChangeKind.EXPANSION: Outcome.EXPANDED,
    ChangeKind.CONTRACTION: Outcome.CONTRACTED,
}


def open_renewal(contract: Contract) -> Renewal:
    """The contract's renewal that is not closed, or a new one, unsaved. 1 query."""
    standing = Renewal.objects.filter(contract=contract, closed_at=None).first()
    return standing or Renewal(contract=contract)


def close_by(
    contract: Contract, line: ContractChange, *, due_on: date | None, by: Person | None
) -> None:
    """The renewal that was due on `due_on` is closed by a saved line that renews or ends. 2 queries."""
    renewal = open_renewal(contract)
    renewal.line, renewal.due_on = line, due_on
    renewal.outcome = Outcome.DECLINED if line.kind == ChangeKind.END else Outcome.RENEWED
    renewal.closed_at, renewal.closed_by = timezone.now(), by
    renewal.save()


def adjust(renewal_line: ContractChange, change: ContractChange) -> None:
    """At the renewal that `renewal_line` wrote, the contract became larger or smaller. 1 query."""
    outcome = OF_CHANGE[ChangeKind(change.kind)]
    Renewal.objects.filter(line=renewal_line).update(adjustment=change, outcome=outcome)


def follow(voided: ContractChange, added: ContractChange | None = None) -> None:
    """A line of the ledger was voided, or stands again as `added`; renewals and losses go along.

    A renewal whose line no longer counts is due again. At most 5 queries.
    """
    if added is not None:
        Loss.objects.filter(line=voided).update(line=added)
        Renewal.objects.filter(line=voided).update(line=added)
        Renewal.objects.filter(adjustment=voided).update(adjustment=added)
        return
    Renewal.objects.filter(adjustment=voided).update(adjustment=None, outcome=Outcome.RENEWED)
    for renewal in Renewal.objects.filter(line=voided).select_for_update():
        _reopen(renewal)


def _reopen(renewal: Renewal) -> None:
    """Due again as it was planned; what somebody has expected of it since is newer, and stays."""
    newer = Renewal.objects.filter(contract_id=renewal.contract_id, closed_at=None)
    if newer.exists():
        renewal.delete()
        return
    renewal.line = renewal.adjustment = renewal.notice = renewal.due_on = None
    renewal.closed_at = renewal.closed_by = None
    renewal.outcome = ""
    renewal.save()
