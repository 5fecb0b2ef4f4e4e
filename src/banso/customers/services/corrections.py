"""Corrections of the ledger: a line is voided, never changed, and may stand again corrected."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.customers.models import ChangeKind, Contract, ContractChange
from banso.customers.services import ledger
from banso.customers.services.checks import id_of
from banso.customers.services.contracts import facts, locked_contract, save_following
from banso.customers.services.inputs import NewChange
from banso.customers.terms import terms_of


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
    now = timezone.now()
    ledger.void(line, now)
    if others:
        save_following(contract, others)
    else:
        contract.deleted_at = now
        contract.save(update_fields=["deleted_at"])
    publish("customers.change_voided", contract, by=id_of(by), change=line.pk, **facts(line))
    return contract


@transaction.atomic
def correct_change(
    change_id: int,
    *,
    effective_on: date | None = None,
    amount: int | None = None,
    term_months: int | None = None,
    seats: int | None = None,
    end_on: date | None = None,
    notice_on: date | None = None,
    by: Person | None,
) -> Contract:
    """The line is voided and stands again, corrected, in the same instant; None stays as it was.

    Raises ContractChange.DoesNotExist, Refused. Publishes customers.change_corrected.
    """
    contract, line, lines = _locked_line(change_id)
    now, starts = timezone.now(), effective_on or line.effective_on
    others = [one for one in lines if one.pk != line.pk]
    if line.kind == ChangeKind.NEW and any(one.effective_on <= starts for one in others):
        raise ledger.refused(_("The start must come before the later lines."), "effective_on")
    if line.kind == ChangeKind.END:
        change = NewChange(kind=ChangeKind.END, effective_on=starts)
        added = ledger.later_line(contract, others, change, by_id=id_of(by), recorded_at=now)
    else:
        terms = terms_of(line).but(
            amount=amount,
            term_months=term_months,
            seats=seats,
            covers_until=end_on,
            notice_on=notice_on,
        )
        if line.kind != ChangeKind.NEW and starts <= contract.start_on:
            raise ledger.refused(_("Choose a day after the start of the contract."), "effective_on")
        added = ledger.line(contract, line.kind, starts, terms, by_id=id_of(by), recorded_at=now)
    ledger.void(line, now)
    added.save(force_insert=True)
    save_following(contract, [*others, added])
    publish("customers.change_corrected", contract, by=id_of(by), change=line.pk, **facts(added))
    return contract
