"""One-off lines of contracts (初期費用 and the like): added and voided, never changed, never MRR."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core import new_rows
from banso.core.errors import Refused
from banso.core.events import publish, publish_many
from banso.core.models import ImportRun, Person
from banso.customers.models import Charge, Contract
from banso.customers.services.bulk import attempt
from banso.customers.services.checks import check_row, id_of
from banso.customers.services.contracts import locked_contract
from banso.customers.services.inputs import NewCharge
from banso.customers.services.ledger import MAX_AMOUNT, refused


@transaction.atomic
def add_charge(
    contract_id: UUID,
    *,
    amount: int,
    by: Person | None,
    import_run: ImportRun | None = None,
    **given: Any,
) -> Charge:
    """The contract has one more one-off line of `amount` minor units, tax not included.

    `given` are the other fields of NewCharge. MRR stays as it is. Raises Contract.DoesNotExist,
    Refused. Publishes customers.charge_added.
    """
    contract = locked_contract(contract_id)
    row = NewCharge(contract_id=contract.pk, amount=amount, **given)
    charge = _built(row, by=by, import_run=import_run)
    charge.save(force_insert=True)
    publish("customers.charge_added", contract, by=id_of(by), **_facts(charge, contract))
    return charge


@transaction.atomic
def add_charges(
    rows: Iterable[NewCharge], *, by: Person | None, import_run: ImportRun | None = None
) -> list[Charge | Refused]:
    """One-off lines of living contracts, many at once; one outcome for each row, in their order.

    Publishes customers.charge_added for each. 2 statements for all.
    """
    listed = list(rows)
    contracts = Contract.objects.filter(pk__any=[row.contract_id for row in listed])
    signed = {one.pk: one for one in contracts} if listed else {}

    def make(row: NewCharge) -> Charge:
        if row.contract_id not in signed:
            raise refused(_("There is no such record here."), "contract", "unknown")
        return _built(row, by=by, import_run=import_run)

    outcomes = attempt(listed, make)
    made = [one for one in outcomes if isinstance(one, Charge)]
    new_rows.insert(made)
    told = [(signed[one.contract_id], _facts(one, signed[one.contract_id])) for one in made]
    publish_many("customers.charge_added", told, by=id_of(by))
    return outcomes


@transaction.atomic
def void_charge(charge_id: UUID, *, by: Person | None) -> Charge:
    """The one-off line no longer counts; it is kept, struck out.

    Raises Charge.DoesNotExist, Refused when voided already. Publishes customers.charge_voided.
    """
    contract = locked_contract(Charge.objects.get(pk=charge_id).contract_id)
    charge: Charge = Charge.objects.get(pk=charge_id)
    if charge.voided_at:
        raise Refused(_("This line has been voided already."), code="voided")
    charge.voided_at = timezone.now()
    charge.save(update_fields=["voided_at"])
    publish("customers.charge_voided", contract, by=id_of(by), **_facts(charge, contract))
    return charge


def _built(row: NewCharge, *, by: Person | None, import_run: ImportRun | None) -> Charge:
    charge = Charge(
        contract_id=row.contract_id,
        kind=row.kind,
        name=row.name,
        amount=row.amount,
        charged_on=row.charged_on,
        by=by,
        import_run=import_run,
    )
    check_row(charge)
    if not 0 <= charge.amount <= MAX_AMOUNT:
        raise refused(_("The amount is out of range."), "amount")
    return charge


def _facts(charge: Charge, contract: Contract) -> dict[str, Any]:
    return {
        "charge": str(charge.pk),
        "kind": charge.kind,
        "amount": charge.amount,
        "currency": contract.currency,
    }
