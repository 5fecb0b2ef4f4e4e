"""Thousands of rows at once, for imports and the demo: the same checks, few statements.

Every function answers one outcome per row, in the rows' order: what was made, or the Refused
that says why not. A refused row leaves no trace and stops no other. Each is atomic; each 5,000
rows cost one COPY per table and at most four reads. Events go by publish_many.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core import new_rows
from banso.core.errors import Refused
from banso.core.events import publish_many
from banso.core.models import ImportRun, Membership, Person
from banso.customers.models import (
    PARTIES,
    CancellationNotice,
    Contact,
    Contract,
    ContractChange,
    Customer,
    Plan,
    Product,
    StageChange,
)
from banso.customers.services import contacts, contracts, customers, notices
from banso.customers.services.attributes import known_attributes
from banso.customers.services.checks import TAKEN, id_of
from banso.customers.services.inputs import NewContact, NewContract, NewCustomer, NewNotice
from banso.lib.text import as_code

BATCH = 5000
T = TypeVar("T")
R = TypeVar("R")


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    listed = list(rows)
    for start in range(0, len(listed), BATCH):
        yield listed[start : start + BATCH]


def attempt(rows: Sequence[R], make: Callable[[R], T]) -> list[T | Refused]:
    """`make` of every row, or the Refused it raised."""
    outcomes: list[T | Refused] = []
    for row in rows:
        try:
            outcomes.append(make(row))
        except Refused as refusal:
            outcomes.append(refusal)
    return outcomes


class Keys:
    """External and source ids that are taken, in the database and by rows before this one."""

    def __init__(self, model: Any, rows: Sequence[Any]) -> None:
        external = [row.external_id for row in rows if row.external_id]
        sources = [row.source_id for row in rows if getattr(row, "source_id", "")]
        living = model.known if hasattr(model, "known") else model.objects
        self.external = set(
            living.filter(external_id__any=external).values_list("external_id", flat=True)
        )
        self.source: set[tuple[str, str]] = set()
        if sources:
            found = living.filter(source_id__any=sources)
            self.source = set(found.values_list("source", "source_id"))

    def take(self, row: Any) -> None:
        """Refused(code="taken") when one of the row's keys is taken; else they are from now on."""
        if row.external_id and row.external_id in self.external:
            raise Refused(TAKEN["per_external_id"], code="taken", field="external_id")
        own = (as_code(row.source), row.source_id) if getattr(row, "source_id", "") else None
        if own and own in self.source:
            raise Refused(TAKEN["per_source_id"], code="taken", field="source_id")
        self.external.add(row.external_id)
        if own:
            self.source.add(own)


def _ids(model: Any, ids: Iterable[UUID | None]) -> set[UUID]:
    """Which of these ids live in the open workspace. 1 query."""
    wanted = {one for one in ids if one}
    return (
        set(model.objects.filter(pk__any=wanted).values_list("pk", flat=True)) if wanted else set()
    )


def _known(one: UUID | None, known: Iterable[UUID], field: str) -> None:
    if one and one not in known:
        raise Refused(_("There is no such record here."), code="unknown", field=field)


@transaction.atomic
def create_customers(
    rows: Iterable[NewCustomer], *, by: Person | None, import_run: ImportRun | None = None
) -> list[Customer | Refused]:
    """New customers with their stage history. A parent must exist already.

    Publishes customers.customer_created for each.
    """
    known = known_attributes()
    members = set(Membership.objects.values_list("person_id", flat=True))
    return [
        outcome
        for batch in batches(rows)
        for outcome in _create_customers(batch, by, import_run, known, members)
    ]


def _create_customers(
    rows: list[NewCustomer],
    by: Person | None,
    run: ImportRun | None,
    known: Mapping[str, Any],
    members: set[UUID],
) -> list[Customer | Refused]:
    keys, parents = Keys(Customer, rows), _ids(Customer, (row.parent_id for row in rows))
    stages: list[StageChange] = []

    def make(row: NewCustomer) -> Customer:
        _known(row.main_owner_id, members, "main_owner")
        _known(row.sub_owner_id, members, "sub_owner")
        _known(row.parent_id, parents, "parent")
        customer, history = customers.built(row, known=known, import_run=run)
        keys.take(row)
        stages.extend(history)
        return customer

    outcomes = attempt(rows, make)
    made = [one for one in outcomes if isinstance(one, Customer)]
    new_rows.insert(made)
    for one in stages:
        one.by_id = id_of(by)
    new_rows.insert(stages)
    told = [(one, {"stage": one.stage}) for one in made]
    publish_many("customers.customer_created", told, by=id_of(by))
    return outcomes


@transaction.atomic
def create_contacts(
    rows: Iterable[NewContact], *, by: Person | None, import_run: ImportRun | None = None
) -> list[Contact | Refused]:
    """New contacts of customers. Publishes customers.contact_created for each."""
    outcomes: list[Contact | Refused] = []
    for batch in batches(rows):
        living = _ids(Customer, (row.customer_id for row in batch))
        outcomes += _create_contacts(batch, import_run, Keys(Contact, batch), living)
    made = [one for one in outcomes if isinstance(one, Contact)]
    publish_many("customers.contact_created", [(one, {}) for one in made], by=id_of(by))
    return outcomes


def _create_contacts(
    rows: list[NewContact], run: ImportRun | None, keys: Keys, living: set[UUID]
) -> list[Contact | Refused]:
    def make(row: NewContact) -> Contact:
        _known(row.customer_id, living, "customer")
        contact = contacts.built(row, import_run=run)
        keys.take(row)
        return contact

    outcomes = attempt(rows, make)
    new_rows.insert([one for one in outcomes if isinstance(one, Contact)])
    return outcomes


@transaction.atomic
def sign_contracts(
    rows: Iterable[NewContract], *, by: Person | None, import_run: ImportRun | None = None
) -> list[Contract | Refused]:
    """Signed contracts with their whole ledger (`changes`). Customers' rows are locked.

    A customer's first contract decides its currency, others must agree.
    Publishes customers.contract_signed for each contract; later lines are told by the ledger.
    """
    products = set(Product.objects.values_list("pk", flat=True))
    plans = set(Plan.objects.values_list("pk", "product_id"))
    return [
        outcome
        for batch in batches(rows)
        for outcome in _Signing(batch, by, import_run, products, plans).run()
    ]


def _parties(row: NewContract) -> Iterator[tuple[str, UUID]]:
    """The parties that a contract names."""
    for name in PARTIES:
        if pk := getattr(row, f"{name}_id"):
            yield name, pk


class _Signing:
    """One batch of contracts being signed."""

    def __init__(
        self,
        rows: list[NewContract],
        by: Person | None,
        run: ImportRun | None,
        products: set[UUID],
        plans: set[tuple[UUID, UUID]],
    ) -> None:
        self.rows, self.by, self.import_run = rows, by, run
        self.products, self.plans = products, plans
        self.keys = Keys(Contract, rows)
        wanted = {row.customer_id for row in rows}
        locked = Customer.objects.select_for_update(no_key=True).filter(pk__any=wanted)
        self.customers = {one.pk: one for one in locked.only("currency").order_by("pk")}
        self.parties = _ids(Customer, (pk for row in rows for _name, pk in _parties(row)))
        signed = Contract.objects.filter(customer_id__any=wanted)
        self.bound = set(signed.values_list("customer_id", flat=True))
        self.moved: dict[UUID, Customer] = {}
        self.lines: list[ContractChange] = []
        self.firsts: dict[UUID, ContractChange] = {}

    def run(self) -> list[Contract | Refused]:
        outcomes = attempt(self.rows, self.sign)
        made = [one for one in outcomes if isinstance(one, Contract)]
        Customer.objects.bulk_update(self.moved.values(), ["currency"], batch_size=1000)
        new_rows.insert(made)
        new_rows.insert(self.lines)
        told = [(one, contracts.facts(self.firsts[one.pk])) for one in made]
        publish_many("customers.contract_signed", told, by=id_of(self.by))
        return outcomes

    def sign(self, row: NewContract) -> Contract:
        _known(row.customer_id, self.customers, "customer")
        _known(row.product_id, self.products, "product")
        if row.plan_id and (row.plan_id, row.product_id) not in self.plans:
            raise Refused(_("There is no such record here."), code="unknown", field="plan")
        for name, pk in _parties(row):
            _known(pk, self.parties, name)
        customer = self.customers[row.customer_id]
        row = contracts.in_currency_of(customer, row, bound=customer.pk in self.bound)
        contract, lines = contracts.built(row, by=self.by, import_run=self.import_run)
        self.keys.take(row)
        self.bound.add(customer.pk)
        if customer.currency != contract.currency:
            customer.currency = contract.currency
            self.moved[customer.pk] = customer
        self.lines += lines
        self.firsts[contract.pk] = lines[0]
        return contract


@transaction.atomic
def record_notices(
    rows: Iterable[NewNotice], *, by: Person | None, import_run: ImportRun | None = None
) -> list[CancellationNotice | Refused]:
    """Cancellation notices. Publishes customers.notice_recorded for each."""
    outcomes: list[CancellationNotice | Refused] = []
    for batch in batches(rows):
        outcomes += _record_notices(batch, import_run)
    made = [one for one in outcomes if isinstance(one, CancellationNotice)]
    told = [(one, notices.facts(one)) for one in made]
    publish_many("customers.notice_recorded", told, by=id_of(by))
    return outcomes


def _record_notices(
    rows: list[NewNotice], run: ImportRun | None
) -> list[CancellationNotice | Refused]:
    living = _ids(Customer, (row.customer_id for row in rows))
    wanted = {row.contract_id for row in rows if row.contract_id}
    signed = dict(Contract.objects.filter(pk__in=wanted).values_list("pk", "customer_id"))
    standing = CancellationNotice.objects.filter(
        voided_at=None, external_id__in=[row.external_id for row in rows if row.external_id]
    )
    taken = set(standing.values_list("external_id", flat=True))

    def make(row: NewNotice) -> CancellationNotice:
        _known(row.customer_id, living, "customer")
        if row.contract_id and signed.get(row.contract_id) != row.customer_id:
            raise Refused(_("There is no such record here."), code="unknown", field="contract")
        if row.external_id and row.external_id in taken:
            raise Refused(TAKEN["per_external_id"], code="taken", field="external_id")
        notice = notices.built(row, import_run=run)
        taken.add(row.external_id)
        return notice

    outcomes = attempt(rows, make)
    made = [one for one in outcomes if isinstance(one, CancellationNotice)]
    new_rows.insert(made)
    return outcomes
