"""What is expected of renewals: of one, or of thousands at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext as _

from banso.core import new_rows
from banso.core.errors import Refused
from banso.core.events import publish, publish_many
from banso.core.models import Person
from banso.customers.models import Contract, Customer, Renewal, Step
from banso.customers.services import ledger
from banso.customers.services.bulk import attempt
from banso.customers.services.checks import check_row, id_of
from banso.customers.services.closings import open_renewal
from banso.customers.services.contracts import locked_contract
from banso.customers.services.inputs import RenewalPlan
from banso.customers.services.renewals import ended_lines

PLANNED = ("forecast", "step", "expected_on", "expected_amount", "note")


class PlanChange(NamedTuple):
    """An open renewal, and what stood in the columns that were changed; nothing where none was.

    `is_new`: nobody had expected anything of it before. One that nobody expects anything of still
    is not stored.
    """

    renewal: Renewal
    before: Mapping[str, Any]
    is_new: bool


@transaction.atomic
def plan_renewal(contract_id: UUID, *, changes: Mapping[str, Any], by: Person | None) -> Renewal:
    """What is expected of the contract's next renewal is as `changes` (of PLANNED) says.

    `expected_amount`: minor units for the next term. Raises Contract.DoesNotExist, Refused where no
    renewal is due. Publishes customers.renewal_planned with the codes; nothing when nothing changed.
    """
    contract = locked_contract(contract_id)
    check_due(contract, is_ended=has_ended(contract))
    change = _changed(open_renewal(contract), changes)
    change.renewal.save()
    if change.before:
        publish("customers.renewal_planned", contract, by=id_of(by), **_facts(change))
    return change.renewal


@transaction.atomic
def plan_renewals(rows: Iterable[RenewalPlan], *, by: Person | None) -> list[PlanChange | Refused]:
    """The same for many contracts; one outcome for each row, in their order.

    Publishes customers.renewal_planned for each that changed. 7 statements for all.
    """
    listed = list(rows)
    if not listed:
        return []
    contracts = _locked([row.contract_id for row in listed])
    open_ones = Renewal.objects.filter(contract_id__any=list(contracts), closed_at=None)
    planned = {one.contract_id: one for one in open_ones}

    def plan(row: RenewalPlan) -> PlanChange:
        if (contract := contracts.get(row.contract_id)) is None:
            raise ledger.refused(_("There is no such record here."), "id", "unknown")
        check_due(contract, row.due_on, is_ended=contract.has_ended)
        renewal = planned.setdefault(contract.pk, Renewal(contract=contract))
        return _changed(renewal, row.changes)

    outcomes = attempt(listed, plan)
    done = [one for one in outcomes if isinstance(one, PlanChange) and one.before]
    _store({one.renewal.pk: one.renewal for one in done}.values())
    told = [(contracts[one.renewal.contract_id], _facts(one)) for one in done]
    publish_many("customers.renewal_planned", told, by=id_of(by))
    return outcomes


def _store(renewals: Iterable[Renewal]) -> None:
    new = [one for one in renewals if one._state.adding]
    stood = [one for one in renewals if not one._state.adding]
    new_rows.insert(new)
    Renewal.objects.bulk_update(stood, PLANNED, batch_size=1000)


def _locked(ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Living contracts with whether they have ended; their customers' rows locked first."""
    living = Contract.objects.filter(pk__any=ids, customer__deleted_at=None)
    owners = Customer.objects.select_for_update(no_key=True).order_by("pk")
    list(owners.filter(pk__in=living.values("customer_id")).values_list("pk"))
    rows = living.select_for_update(of=("self",), no_key=True).order_by("pk")
    return {one.pk: one for one in rows.annotate(has_ended=Exists(ended_lines()))}


def has_ended(contract: Contract) -> bool:
    """Whether a line of its ledger ends the contract, today or later. 1 query."""
    return bool(Contract.objects.filter(Exists(ended_lines()), pk=contract.pk).exists())


def check_due(contract: Contract, due_on: date | None = None, *, is_ended: bool) -> date:
    """The end of the term that is due; Refused where nothing is, or another term than `due_on`."""
    if contract.end_on is None or contract.is_trial or is_ended:
        raise not_due()
    if due_on is not None and due_on != contract.end_on:
        words = _(
            "This renewal has been closed meanwhile, or the end of its term was corrected. "
            "Look at the contract."
        )
        raise ledger.refused(words, "due_on", "closed")
    return contract.end_on


def not_due() -> Refused:
    return Refused(_("No renewal of this contract is due."), code="not_due")


def _changed(renewal: Renewal, changes: Mapping[str, Any]) -> PlanChange:
    """The renewal with its changes, unsaved. Refused, naming the field, for what cannot be expected."""
    if unknown := sorted(set(changes) - set(PLANNED)):
        raise ledger.refused(_("This field cannot be changed."), unknown[0])
    was = {name: getattr(renewal, name) for name in changes}
    before = {name: value for name, value in was.items() if value != changes[name]}
    for name in before:
        setattr(renewal, name, changes[name])
    try:
        _check_plan(renewal)
    except Refused:
        for name in before:
            setattr(renewal, name, was[name])
        raise
    return PlanChange(renewal, before, renewal._state.adding)


def _check_plan(renewal: Renewal) -> None:
    check_row(renewal)
    if renewal.step == Step.RENEWED:
        raise ledger.refused(_("Close the renewal to say that it is renewed."), "step")
    if not 0 <= (renewal.expected_amount or 0) <= ledger.MAX_AMOUNT:
        raise ledger.refused(_("The amount is out of range."), "expected_amount")


def _facts(change: PlanChange) -> dict[str, Any]:
    renewal = change.renewal
    codes = {"forecast": str(renewal.forecast), "step": str(renewal.step)}
    return {"fields": sorted(change.before), **codes}
