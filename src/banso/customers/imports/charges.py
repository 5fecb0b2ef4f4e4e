"""One-off lines in and out of files, and the initial fee that stands beside a contract."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.customers import services
from banso.customers.imports.references import created_ids, text_of
from banso.customers.models import Charge, ChargeKind, Contract
from banso.lib.bad_value import BadValue
from banso.lib.money import to_major, to_minor
from banso.lib.uuid7 import as_uuid

COLUMNS = (
    Column(
        "contract",
        _("Contract (external ID)"),
        required=True,
        aliases=("contract_id", "subscription_id", "契約id"),
        example="K-0001",
    ),
    Column("kind", _("Kind"), "choice", choices=lambda: ChargeKind.choices, example="setup"),
    Column("name", _("What it is for"), aliases=("item", "品目", "項目"), max_length=120),
    Column(
        "amount",
        _("Amount, before tax"),
        "amount",
        required=True,
        aliases=("金額", "費用"),
        example="300000",
    ),
    Column(
        "charged_on", _("Billed on"), "date", aliases=("請求日", "計上日"), example="2026-04-01"
    ),
)
Natural = tuple[UUID, str, str, date | None]


def key(values: Values) -> Hashable:
    """The contract, the kind, what it is for, and the day."""
    return tuple(values.get(name, "") for name in ("contract", "kind", "name", "charged_on"))


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New lines are added; one with another amount takes the place of the one before it."""
    signed = _contracts(row.values["contract"] for row in rows)
    standing = _standing({one.pk for one in signed.values()})
    for row in rows:
        contract = signed.get(row.values["contract"])
        if contract is None:
            told = row.values["contract"][:60]
            loading.refuse(row.line, "contract", "unknown_contract", value=told)
            continue
        try:
            amount = to_minor(row.values["amount"], contract.currency)
        except BadValue as error:
            loading.refuse_value(row.line, "amount", error, str(row.values["amount"]))
            continue
        charge = _charge(row.values, contract, amount)
        _write(charge, standing.get(_natural(charge)), row.line, loading)


def _contracts(names: Iterable[str]) -> dict[str, Contract]:
    """Contracts by external id, else by our own. 2 queries."""
    wanted = set(names)
    living = Contract.objects.filter(customer__deleted_at=None)
    ids = {own: name for name in wanted if (own := as_uuid(name))}
    by_id = {ids[one.pk]: one for one in living.filter(pk__any=list(ids))}
    by_external = living.filter(external_id__any=wanted - {""})
    return by_id | {one.external_id: one for one in by_external}


def _standing(contracts: Iterable[UUID]) -> dict[Natural, Charge]:
    lines = Charge.objects.filter(contract_id__any=list(contracts), voided_at=None)
    return {_natural(one): one for one in lines.order_by("-pk")}


def _natural(one: Charge | services.NewCharge) -> Natural:
    return one.contract_id, one.kind, one.name, one.charged_on


def _charge(values: Values, contract: Contract, amount: int) -> services.NewCharge:
    given: dict[str, Any] = {
        name: values[name] for name in ("kind", "name", "charged_on") if name in values
    }
    return services.NewCharge(contract_id=contract.pk, amount=amount, **given)


def _write(new: services.NewCharge, old: Charge | None, line: int, loading: Loading) -> None:
    if old is not None and old.amount == new.amount:
        loading.unchanged(line)
        return
    with loading.whole(line):
        if old is not None:
            services.void_charge(old.pk, by=loading.by)
        made = services.add_charge(
            new.contract_id,
            amount=new.amount,
            kind=new.kind,
            name=new.name,
            charged_on=new.charged_on,
            by=loading.by,
            import_run=loading.run,
        )
        if old is None:
            loading.created(line, made.pk)
        else:
            loading.updated(line, made.pk, {"voided": str(old.pk)})


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Lines that the run added are gone; those whose place they took stand again."""
    replaced = [row for row in rows if row.before is not None]
    gone = [*created_ids(rows, CHARGES.name), *(row.object_id for row in replaced)]
    Charge.objects.filter(pk__in=gone).delete()
    again = [row.before["voided"] for row in replaced if row.before]
    Charge.objects.filter(pk__in=again).update(voided_at=None)


def exported() -> Iterator[dict[str, str]]:
    """Every one-off line that stands as an import would read it."""
    standing = Charge.objects.filter(
        voided_at=None, contract__deleted_at=None, contract__customer__deleted_at=None
    )
    for one in standing.select_related("contract").order_by("pk").iterator(2000):
        row = {name: text_of(getattr(one, name)) for name in ("kind", "name", "charged_on")}
        row["contract"] = one.contract.external_id or str(one.contract_id)
        row["amount"] = str(to_major(one.amount, one.contract.currency))
        yield row


CHARGES = ImportTable(
    name="charges",
    label=_("One-off lines"),
    order=35,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo,
    rows=exported,
    aliases=("one_off_charges", "fees", "一時費用", "初期費用"),
)


class InitialFees:
    """What a batch of contracts says in its column of initial fees (初期費用)."""

    def __init__(self, standing: Iterable[Contract], loading: Loading) -> None:
        self.loading = loading
        self.known: dict[UUID, int] = {}
        self.wanted: dict[int, int] = {}
        self.new: list[tuple[int, services.NewCharge]] = []
        ids = [one.pk for one in standing]
        setup = Charge.objects.filter(contract_id__any=ids, kind=ChargeKind.SETUP, voided_at=None)
        for contract, amount in setup.values_list("contract_id", "amount"):
            self.known[contract] = self.known.get(contract, 0) + amount

    def take(self, row: Row, currency: str, standing: Contract | None) -> bool:
        """Whether the row can go on; what it says is kept until its contract stands."""
        if not (told := row.values.get("initial_fee")):
            return True
        try:
            amount = to_minor(told, currency)
        except BadValue as error:
            self.loading.refuse_value(row.line, "initial_fee", error, str(told))
            return False
        known = self.known.get(standing.pk) if standing else None
        if known is not None and known != amount:
            self.loading.refuse(row.line, "initial_fee", "other_initial_fee", value=str(told))
            return False
        if known is None:
            self.wanted[row.line] = amount
            if standing:
                self.signed(row.line, standing.pk)
        return True

    def signed(self, line: int, contract: UUID) -> None:
        """The contract of the line stands."""
        if (amount := self.wanted.pop(line, None)) is not None:
            self.new.append((line, services.NewCharge(contract_id=contract, amount=amount)))

    def add(self) -> None:
        """The fees are one-off lines of their contracts."""
        rows = [one for _line, one in self.new]
        made = services.add_charges(rows, by=self.loading.by, import_run=self.loading.run)
        for (line, _one), outcome in zip(self.new, made, strict=True):
            if isinstance(outcome, Refused):
                raise outcome
            self.loading.created(line, outcome.pk, table="charge")
