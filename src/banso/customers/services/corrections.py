"""Corrections of the ledger: a line is voided, never changed, and may stand again corrected."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.customers.models import ChangeKind, Contract, ContractChange
from banso.customers.services import closings, ledger
from banso.customers.services.checks import id_of
from banso.customers.services.contracts import facts, locked_contract, save_following
from banso.customers.services.inputs import NewChange
from banso.customers.terms import Terms, terms_of


def _locked_line(change_id: int) -> tuple[Contract, ContractChange, list[ContractChange]]:
    contract = locked_contract(ContractChange.objects.get(pk=change_id).contract_id)
    lines = ledger.live_lines(contract)
    for one in lines:
        if one.pk == change_id:
            return contract, one, lines
    raise Refused(_("This line has been voided already."), code="voided")


@transaction.atomic
def void_change(change_id: int, *, by: Person | None) -> Contract:
    """The line no longer counts; what was known until now stays reproducible.

    A contract whose only line is voided was never signed: it leaves every list. Its `new` line
    cannot be voided before the later ones. Raises ContractChange.DoesNotExist, Refused.
    Publishes customers.change_voided.
    """
    contract, line, lines = _locked_line(change_id)
    others = [one for one in lines if one.pk != line.pk]
    if line.kind == ChangeKind.NEW and others:
        raise Refused(_("Void the later lines first."), code="later_lines")
    if line.kind == ChangeKind.RENEWAL:
        _check_same_day(line, others)
    now = timezone.now()
    ledger.void(line, now)
    closings.follow(line)
    if others:
        save_following(contract, others)
    else:
        contract.deleted_at = now
        contract.save(update_fields=["deleted_at"])
    publish("customers.change_voided", contract, by=id_of(by), change=line.pk, **facts(line))
    return contract


@transaction.atomic
def correct_change(
    change_id: int, *, effective_on: date | None = None, by: Person | None, **given: Any
) -> Contract:
    """The line is voided and stands again, corrected, in the same instant; None stays as it was.

    `given` are the other fields of NewChange but its kind. Raises ContractChange.DoesNotExist,
    Refused. Publishes customers.change_corrected.
    """
    contract, line, lines = _locked_line(change_id)
    now, starts = timezone.now(), effective_on or line.effective_on
    change = NewChange(kind=line.kind, effective_on=starts, **given)
    others = [one for one in lines if one.pk != line.pk]
    if line.kind == ChangeKind.NEW and any(one.effective_on <= starts for one in others):
        raise ledger.refused(_("The start must come before the later lines."), "effective_on")
    _check_same_day(line, others)
    origin: dict[str, Any] = {"by_id": id_of(by), "recorded_at": now}
    if line.kind == ChangeKind.END:
        added = ledger.later_line(contract, others, change, **origin)
    else:
        _check_before_end(starts, others)
        added = _corrected(contract, line, change, **origin)
    ledger.void(line, now)
    added.save(force_insert=True)
    closings.follow(line, added)
    save_following(contract, [*others, added])
    publish("customers.change_corrected", contract, by=id_of(by), change=line.pk, **facts(added))
    return contract


def _check_same_day(line: ContractChange, others: list[ContractChange]) -> None:
    """What a renewal changed on its day is taken back first: alone it would be of no term. And a line
    corrected before later ones of its day would stand behind them, and count in their place."""
    after = (one for one in others if one.effective_on == line.effective_on and one.pk > line.pk)
    if any(after):
        raise Refused(_("Void the later lines first."), code="later_lines")


def _check_before_end(starts: date, others: list[ContractChange]) -> None:
    """A line from the day of the end on would bring the contract back to life."""
    if any(one.kind == ChangeKind.END and one.effective_on <= starts for one in others):
        raise ledger.refused(_("The contract runs out before this day."), "effective_on", "ended")


def _corrected(
    contract: Contract, line: ContractChange, change: NewChange, **origin: Any
) -> ContractChange:
    """The unsaved line as it should have been. A deadline is counted from the corrected days."""
    starts, stood = change.effective_on, terms_of(line)
    before: Terms | None = stood
    if line.kind == ChangeKind.NEW:
        before = stood if starts == contract.start_on else None
        contract.start_on = starts
    elif starts <= contract.start_on:
        raise ledger.refused(_("Choose a day after the start of the contract."), "effective_on")
    terms = stood.but(**ledger.told(change))
    terms = ledger.with_deadline(terms, contract.start_on, told=change.notice_on, before=before)
    return ledger.line(contract, line.kind, starts, terms, **origin)
