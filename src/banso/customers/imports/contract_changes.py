"""What a file's row changes in a contract that stands, and how undo takes it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError
from django.utils import timezone

from banso.core.imports.declarations import Row
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.core.scope import current_workspace
from banso.customers import services
from banso.customers.imports.references import created_ids, delete_made, restored, stored
from banso.customers.models import (
    PARTIES,
    ChangeKind,
    Charge,
    Contract,
    ContractChange,
    Plan,
    Product,
)
from banso.customers.services.ledger import FOLLOWS
from banso.customers.terms import DEADLINE
from banso.lib.money import monthly

TABLE = "contracts"
TERMS = ("term_months", "seats", "end_on", "notice_on", *DEADLINE)
# Columns that no ledger line holds.
BESIDE = ("number", "auto_renew", "billing", "payment", "first_support", "external_id")
LINKS = ("plan", *PARTIES)
KEPT = (*FOLLOWS, *BESIDE, *LINKS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row says a standing contract should be."""

    customer: UUID
    product: Product
    plan: Plan | None
    amount: int  # minor units for the term
    parties: dict[str, UUID]


def follow_file(
    contract: Contract, row: Row, loading: Loading, *, wanted: Wanted, ended: date | None
) -> None:
    """The contract is as the row says, by new lines of its ledger that hold from today on.

    `ended`: the day on which its ledger ends it now. No query when nothing differs.
    """
    if contract.customer_id != wanted.customer:
        told = row.values["customer"][:60]
        loading.refuse(row.line, "customer", "other_customer", value=told)
        return
    if "product" in row.values and contract.product_id != wanted.product.pk:
        loading.refuse(row.line, "product", "product_cannot_change")
        return
    if row.values["start_on"] != contract.start_on:
        loading.refuse(row.line, "start_on", "start_cannot_move")
        return
    beside, terms = _beside(contract, row, wanted), _terms(contract, row, wanted.amount)
    ends = row.values.get("ended_on", ended)
    if not beside and not terms and ends == ended:
        loading.unchanged(row.line)
        return
    before = _before(contract)
    with loading.whole(row.line):
        if beside:
            services.update_contract(contract.pk, changes=beside, by=loading.by)
        if terms:
            _change_terms(contract, terms, loading)
        if ends != ended and ends is not None:
            _change_end(contract, ends, loading)
        loading.updated(row.line, contract.pk, before)


def ends_of(contracts: Iterable[Contract]) -> dict[UUID, date]:
    """Contract → the day from which its ledger ends it. 1 query."""
    ends = ContractChange.objects.filter(
        contract_id__any=[one.pk for one in contracts], voided_at=None, kind=ChangeKind.END
    )
    return dict(ends.values_list("contract_id", "effective_on"))


def _before(contract: Contract) -> dict[str, Any]:
    columns = {name: stored(getattr(contract, _attname(name))) for name in KEPT}
    return {"columns": columns, "lines": [line.pk for line in _lines(contract)]}


def _attname(name: str) -> str:
    return f"{name}_id" if name in LINKS else name


def _lines(contract: Contract) -> list[ContractChange]:
    standing = ContractChange.objects.filter(contract=contract, voided_at=None)
    return list(standing.order_by("effective_on", "pk"))


def _beside(contract: Contract, row: Row, wanted: Wanted) -> dict[str, Any]:
    given: dict[str, Any] = {name: row.values[name] for name in BESIDE if name in row.values}
    given |= wanted.parties
    if wanted.plan is not None:
        given["plan_id"] = wanted.plan.pk
    return {name: value for name, value in given.items() if getattr(contract, name) != value}


def _terms(contract: Contract, row: Row, amount: int) -> dict[str, Any]:
    given: dict[str, Any] = {name: row.values[name] for name in TERMS if name in row.values}
    given["amount"] = amount
    return {name: value for name, value in given.items() if getattr(contract, name) != value}


def _change_terms(contract: Contract, changes: dict[str, Any], loading: Loading) -> None:
    """Other terms hold from today; of a contract that has not begun, or is over, they are corrected."""
    today = current_workspace().today()
    begun = contract.start_on < today and (contract.end_on is None or today < contract.end_on)
    if not begun:
        line = [one for one in _lines(contract) if one.kind != ChangeKind.END][-1]
        services.correct_change(line.pk, **changes, by=loading.by)
        return
    kind = _kind(
        contract,
        changes.get("amount", contract.amount),
        changes.get("term_months", contract.term_months),
    )
    services.change_contract(
        contract.pk, effective_on=today, kind=kind, **changes, by=loading.by, import_run=loading.run
    )


def _kind(contract: Contract, amount: int, term_months: int) -> str:
    before = monthly(contract.amount, contract.term_months)
    after = monthly(amount, term_months)
    if after > before:
        return ChangeKind.EXPANSION
    return ChangeKind.CONTRACTION if after < before else ChangeKind.PRICE


def _change_end(contract: Contract, ended: date, loading: Loading) -> None:
    ends = [one for one in _lines(contract) if one.kind == ChangeKind.END]
    if ends:
        services.correct_change(ends[-1].pk, effective_on=ended, by=loading.by)
    else:
        services.end_contract(
            contract.pk, effective_on=ended, by=loading.by, import_run=loading.run
        )


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Contracts that the run signed are gone with their ledger; lines it added to others are void.

    So are initial fees that it added to others.
    """
    for row in rows:
        if row.before is not None:
            _restore(Contract.objects.get(pk=row.object_id), dict(row.before))
    Charge.objects.filter(pk__in=created_ids(rows, f"{TABLE}:charge")).delete()
    delete_made(Contract, rows, TABLE)
    _remove_catalogue(rows)


def _restore(contract: Contract, before: dict[str, Any]) -> None:
    """Lines of before stand again (as copies where they were voided); later ones are void."""
    now = timezone.now()
    stood = set(before["lines"])
    every = ContractChange.objects.filter(contract=contract)
    every.exclude(pk__in=stood).filter(voided_at=None).update(voided_at=now)
    for line in every.filter(pk__in=stood).exclude(voided_at=None).order_by("pk"):
        line.pk, line.voided_at, line.recorded_at = None, None, now
        line.save(force_insert=True)
    names = restored(contract, before["columns"])
    contract.save(update_fields=names)


def _remove_catalogue(rows: Sequence[ImportedRow]) -> None:
    """Products and plans that came along go too, unless something else is sold by them now."""
    for pk in created_ids(rows, f"{TABLE}:plan"):
        if not Contract.with_deleted.filter(plan_id=pk).exists():
            Plan.objects.filter(pk=pk).delete()
    for pk in created_ids(rows, f"{TABLE}:product"):
        try:
            Product.objects.filter(pk=pk).delete()
        except ProtectedError:
            continue  # a later contract sells it
