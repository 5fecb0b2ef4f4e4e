"""Contracts, written as lines of an append-only ledger: sign, renew, change, end."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import ImportRun, Person
from banso.core.new_rows import unsaved
from banso.customers.models import (
    PARTIES,
    ChangeKind,
    Contract,
    ContractChange,
    Customer,
    Plan,
    Product,
)
from banso.customers.services import closings, ledger
from banso.customers.services.checks import (
    check_currency,
    check_row,
    id_of,
    refusing_duplicates,
)
from banso.customers.services.customers import locked_customer
from banso.customers.services.inputs import NewChange, NewContract
from banso.customers.source_ids import checked_id
from banso.customers.terms import DEADLINE, Terms
from banso.lib.text import as_code

# What stands beside the ledger: no line holds it, and it is changed in place.
BESIDE = (
    "plan_id", "number", "auto_renew", "billing", "payment", "external_id", "first_support",
    *(f"{party}_id" for party in PARTIES),
)  # fmt: skip


@transaction.atomic
def sign_contract(
    customer_id: UUID,
    *,
    product: Product,
    plan: Plan | None = None,
    start_on: date,
    amount: int,
    by: Person | None,
    import_run: ImportRun | None = None,
    **given: Any,
) -> Contract:
    """A contract covering [start_on, end_on) and the `new` line of its ledger.

    `amount`: minor units for the whole term of `term_months` (12). `given` are the other fields
    of NewContract. The customer's first contract decides its currency; another one is Refused
    (code "currency"). Raises Customer.DoesNotExist. Publishes customers.contract_signed.
    """
    customer = locked_customer(customer_id)
    row = NewContract(
        customer_id=customer_id,
        product_id=Product.objects.get(pk=product.pk).pk,
        plan_id=Plan.objects.get(pk=plan.pk, product=product).pk if plan else None,
        start_on=start_on,
        amount=amount,
        **given,
    )
    _check_parties({name: getattr(row, name) for name in BESIDE})
    bound = Contract.objects.filter(customer=customer).exists()
    row = in_currency_of(customer, row, bound=bound)
    contract, lines = built(row, by=by, import_run=import_run)
    _take_currency(customer, contract.currency)
    with refusing_duplicates():
        contract.save(force_insert=True)
    for one in lines:
        one.save(force_insert=True)
    publish("customers.contract_signed", contract, by=id_of(by), **facts(lines[0]))
    return contract


def in_currency_of(customer: Customer, row: NewContract, *, bound: bool) -> NewContract:
    """The row with its currency; Refused when `bound` contracts of the customer have another."""
    currency = row.currency or customer.currency
    check_currency(currency)
    if bound and currency != customer.currency:
        raise Refused(
            _("This customer's contracts are in %(currency)s.") % {"currency": customer.currency},
            code="currency",
            field="currency",
        )
    return row if row.currency else replace(row, currency=currency)


def _check_parties(given: dict[str, Any]) -> None:
    """Customer.DoesNotExist unless every party is a customer here. 1 query each."""
    for party in PARTIES:
        if pk := given.get(f"{party}_id"):
            Customer.objects.get(pk=pk)


def _take_currency(customer: Customer, currency: str) -> None:
    if customer.currency != currency:
        customer.currency = currency
        customer.save(update_fields=["currency"])


def built(
    row: NewContract, *, by: Person | None, import_run: ImportRun | None
) -> tuple[Contract, list[ContractChange]]:
    """The unsaved contract and its ledger, checked; the row's ids and currency are settled."""
    contract = unsaved(
        Contract,
        customer_id=row.customer_id,
        product_id=row.product_id,
        start_on=row.start_on,
        currency=row.currency,
        source=as_code(row.source),
        source_id=checked_id(row.source, row.source_id),
        created_by_import_id=id_of(import_run),
        **{name: getattr(row, name) for name in BESIDE},
    )
    terms = ledger.with_deadline(_signed(row), row.start_on, told=row.notice_on)
    origin: dict[str, Any] = {
        "by_id": id_of(by), "import_run_id": id_of(import_run), "recorded_at": timezone.now(),
    }  # fmt: skip
    lines = [ledger.line(contract, ChangeKind.NEW, row.start_on, terms, **origin)]
    for change in row.changes:
        lines.append(ledger.later_line(contract, lines, change, **origin))
    ledger.follow(contract, lines)
    check_row(contract)
    return contract, lines


def _signed(row: NewContract) -> Terms:
    return Terms(
        amount=row.amount,
        term_months=row.term_months,
        seats=row.seats,
        covers_until=row.end_on,
        notice_on=row.notice_on,
        is_trial=row.is_trial,
        **{name: getattr(row, name) for name in DEADLINE},
    )


def facts(line: ContractChange) -> dict[str, Any]:
    """What events tell: MRR in minor units as a number, days as ISO."""
    return {
        "contract": str(line.contract_id),
        "kind": line.kind,
        "on": line.effective_on.isoformat(),
        "mrr": float(line.mrr),
        "currency": line.currency,
        "trial": line.is_trial,
    }


def locked_contract(contract_id: UUID) -> Contract:
    """The contract with its customer's row and its own locked, in this order.

    Raises Contract.DoesNotExist, also when its customer is in the bin.
    """
    found = Contract.objects.filter(customer__deleted_at=None).get(pk=contract_id)
    locked_customer(found.customer_id)
    contract: Contract = Contract.objects.select_for_update(no_key=True).get(pk=contract_id)
    return contract


def append(
    contract: Contract,
    change: NewChange,
    *,
    name: str,
    by: Person | None,
    import_run: ImportRun | None = None,
    is_trial: bool | None = None,
) -> ContractChange:
    """The locked contract has one more line; publishes `name` with the change of MRR."""
    lines = ledger.live_lines(contract)
    added = ledger.later_line(
        contract,
        lines,
        change,
        is_trial=is_trial,
        by_id=id_of(by),
        import_run_id=id_of(import_run),
    )
    before = ledger.standing(lines, change.effective_on)
    added.save(force_insert=True)
    save_following(contract, [*lines, added])
    delta = float(added.mrr - before.mrr) if before else 0.0
    publish(name, contract, by=id_of(by), mrr_change=delta, **facts(added))
    return added


def save_following(contract: Contract, lines: list[ContractChange]) -> None:
    """The contract row is as its live `lines` say, and saved."""
    ledger.follow(contract, lines)
    contract.save(update_fields=list(ledger.FOLLOWS))


@transaction.atomic
def change_contract(
    contract_id: UUID,
    *,
    effective_on: date,
    kind: str,
    by: Person | None,
    import_run: ImportRun | None = None,
    **given: Any,
) -> Contract:
    """From `effective_on` on the contract is larger, smaller or priced anew; None stays as it is.

    `kind`: expansion, contraction or price. `given` are the other fields of NewChange. Raises
    Contract.DoesNotExist, Refused. Publishes customers.contract_changed with `mrr_change` in
    minor units.
    """
    if kind in {ChangeKind.RENEWAL, ChangeKind.END}:
        raise ledger.refused(_("Choose one of the offered values."), "kind")
    change = NewChange(kind=kind, effective_on=effective_on, **given)
    contract = locked_contract(contract_id)
    append(contract, change, name="customers.contract_changed", by=by, import_run=import_run)
    return contract


@transaction.atomic
def renew_contract(
    contract_id: UUID,
    *,
    effective_on: date | None = None,
    by: Person | None,
    import_run: ImportRun | None = None,
    **given: Any,
) -> Contract:
    """The contract runs for another term, from its end on unless told otherwise.

    The end and the notice date move by the term; sooner or later than the end, the whole term runs
    from that day, and days between count nothing. Renewing a trial makes it paid, and needs the
    amount. `given` are the other fields of NewChange but its kind. Another MRR is a line of its own
    after the renewal (`ledger.renewal_steps`). What was due is closed (`closings`). Raises
    Contract.DoesNotExist, Refused. Publishes customers.contract_renewed, and contract_changed where
    the MRR becomes another.
    """
    contract = locked_contract(contract_id)
    starts = effective_on or contract.end_on
    if starts is None:
        raise ledger.refused(_("Give the day on which the new term begins."), "effective_on")
    if contract.is_trial and given.get("amount") is None:
        raise ledger.refused(_("Give the amount after the trial."), "amount")
    change = NewChange(kind=ChangeKind.RENEWAL, effective_on=starts, **given)
    origin: dict[str, Any] = {"by": by, "import_run": import_run}
    due_on, was_trial = contract.end_on, contract.is_trial
    renewed, *adjusted = ledger.renewal_steps(contract, ledger.live_lines(contract), change)
    name = "customers.contract_renewed"
    line = append(contract, renewed, name=name, is_trial=False, **origin)
    if due_on and not was_trial:
        closings.close_by(contract, line, due_on=due_on, by=by)
    for one in adjusted:
        closings.adjust(line, append(contract, one, name="customers.contract_changed", **origin))
    return contract


@transaction.atomic
def end_contract(
    contract_id: UUID, *, effective_on: date, by: Person | None, import_run: ImportRun | None = None
) -> Contract:
    """Coverage ends: `effective_on` is the first day without it (契約終了日の翌日).

    What was due is closed. Raises Contract.DoesNotExist, Refused when it has ended. Publishes
    customers.contract_ended.
    """
    change = NewChange(kind=ChangeKind.END, effective_on=effective_on)
    contract = locked_contract(contract_id)
    due_on, was_trial = contract.end_on, contract.is_trial
    name = "customers.contract_ended"
    line = append(contract, change, name=name, by=by, import_run=import_run)
    if due_on and not was_trial:
        closings.close_by(contract, line, due_on=due_on, by=by)
    return contract


@transaction.atomic
def update_contract(contract_id: UUID, *, changes: dict[str, Any], by: Person | None) -> Contract:
    """What is not in the ledger (BESIDE) is as `changes` says.

    Raises Contract.DoesNotExist, Plan.DoesNotExist, Customer.DoesNotExist for parties, Refused.
    Publishes customers.contract_updated.
    """
    contract = locked_contract(contract_id)
    if unknown := sorted(set(changes) - set(BESIDE)):
        raise ledger.refused(_("This field cannot be changed."), unknown[0])
    if changes.get("plan_id"):
        Plan.objects.get(pk=changes["plan_id"], product_id=contract.product_id)
    _check_parties(changes)
    for name, value in changes.items():
        setattr(contract, name, value)
    check_row(contract)
    with refusing_duplicates():
        contract.save(update_fields=list(changes))
    publish("customers.contract_updated", contract, by=id_of(by), fields=sorted(changes))
    return contract
