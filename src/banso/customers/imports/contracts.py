"""Contracts in and out of files: each signed one writes the ledger, each difference a new line."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.customers import services
from banso.customers.imports import contract_changes, showing
from banso.customers.imports.charges import InitialFees
from banso.customers.imports.contract_columns import COLUMNS, GIVEN, settled, term_of
from banso.customers.imports.products import Catalogue
from banso.customers.imports.references import (
    Customers,
    Found,
    found_by_keys,
    own_key,
    text_of,
    vanished_of,
)
from banso.customers.models import PARTIES, ChangeKind, Contract, ContractChange, Customer
from banso.customers.terms import told_deadline
from banso.lib.bad_value import BadValue
from banso.lib.money import to_major, to_minor


def key(values: Values) -> Hashable:
    """An id; else the customer, the product and the start."""
    if own := own_key(values):
        return own
    return (values["customer"], values.get("product", ""), values["start_on"])


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New contracts are signed; a known one that differs gets a line in its ledger."""
    rows = [row._replace(values=settled(row.values)) for row in rows]
    signing = _Signing(rows, loading)
    new: list[tuple[Row, services.NewContract]] = []
    for row in rows:
        try:
            if (contract := signing.take(row)) is not None:
                new.append((row, contract))
        except Refused as refusal:
            loading.refuse_row(row.line, refusal)
    made = services.sign_contracts(
        [one for _row, one in new], by=loading.by, import_run=loading.run
    )
    signed = list[tuple[Values, UUID]]()
    for (row, _one), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        else:
            loading.created(row.line, outcome.pk)
            signing.fees.signed(row.line, outcome.pk)
            signed.append((row.values, outcome.pk))
    signing.fees.add()
    for name in ("customer", *PARTIES):
        told = [(values.get(name, ""), pk) for values, pk in signed]
        signing.companies.remember(Contract, told, link=name)


class _Signing:
    """One batch: whose contracts they are, which stand already, and what they sell."""

    def __init__(self, rows: Sequence[Row], loading: Loading) -> None:
        self.loading = loading
        named = ("customer", *PARTIES)
        called = (row.values.get(one, "") for row in rows for one in named)
        self.companies = Customers(called, loading.source)
        self.catalogue = Catalogue(loading)
        self.found: Found = found_by_keys(Contract, [row.values for row in rows])
        self.currencies = self._currencies(rows)
        self.natural = self._natural(rows)
        standing = [*self.found.by_id.values(), *self.natural.values()]
        self.ends = contract_changes.ends_of(standing)
        self.fees = InitialFees(standing, loading)

    def _currencies(self, rows: Sequence[Row]) -> dict[UUID, str]:
        ids = {self.companies.find(row.values["customer"]) for row in rows} - {None}
        return dict(Customer.objects.filter(pk__any=ids).values_list("pk", "currency"))

    def _natural(self, rows: Sequence[Row]) -> dict[tuple[UUID, str, date], Contract]:
        bare = [row.values for row in rows if own_key(row.values) is None]
        ids = {self.companies.find(values["customer"]) for values in bare} - {None}
        signed = Contract.objects.filter(customer_id__any=ids).select_related("product")
        return {(one.customer_id, one.product.name, one.start_on): one for one in signed}

    def take(self, row: Row) -> services.NewContract | None:
        """The contract to be signed; None when it stands already, or is refused."""
        customer = self.companies.find(row.values["customer"])
        if customer is None:
            told = row.values["customer"][:60]
            self.loading.refuse(row.line, "customer", "unknown_customer", value=told)
            return None
        parties = self._parties(row)
        if parties is None:
            return None
        product, plan = self.catalogue.entry(row.values)
        standing = self._standing(customer, product.name, row.values)
        currency = row.values.get("currency") or (
            standing.currency if standing else self._currency(customer)
        )
        amount = self._amount(row, currency, standing)
        if amount is None or not self.fees.take(row, currency, standing):
            return None
        if standing is not None:
            wanted = contract_changes.Wanted(customer, product, plan, amount, parties)
            contract_changes.follow_file(
                standing, row, self.loading, wanted=wanted, ended=self.ends.get(standing.pk)
            )
            return None
        sold = contract_changes.Wanted(customer, product, plan, amount, parties)
        return self._new(row, sold, currency)

    def _parties(self, row: Row) -> dict[str, UUID] | None:
        """The parties that the row names; None when one is not known, which is said."""
        found: dict[str, UUID] = {}
        for party in PARTIES:
            if not (name := row.values.get(party)):
                continue
            if (one := self.companies.find(name)) is None:
                self.loading.refuse(row.line, party, "unknown_customer", value=name[:60])
                return None
            found[f"{party}_id"] = one
        return found

    def _currency(self, customer: UUID) -> str:
        """The file's; a customer with other currency is refused by the service, in words."""
        return self.loading.currency or self.currencies[customer]

    def _standing(self, customer: UUID, product: str, values: Values) -> Contract | None:
        if own_key(values) is None:
            return self.natural.get((customer, product, values["start_on"]))
        found: Contract | None = self.found.get(values)
        return found

    def _amount(self, row: Row, currency: str, standing: Contract | None) -> int | None:
        """Minor units for the term; None when it cannot be told, which is said."""
        values = row.values
        column = "amount" if "amount" in values else "mrr"
        if column not in values:
            if standing is not None:
                return standing.amount
            if values.get("is_trial"):
                return 0
            self.loading.refuse(row.line, "amount", "amount_needed")
            return None
        term = values.get("term_months") or (standing.term_months if standing else term_of(values))
        major: Decimal = values[column] * (1 if column == "amount" else term)
        try:
            return to_minor(major, currency)
        except BadValue as error:
            self.loading.refuse_value(row.line, column, error, str(values[column]))
            return None

    def _new(self, row: Row, sold: contract_changes.Wanted, currency: str) -> services.NewContract:
        given: dict[str, Any] = {name: row.values[name] for name in GIVEN if name in row.values}
        given |= sold.parties
        ended = row.values.get("ended_on")
        changes = (services.NewChange(kind=ChangeKind.END, effective_on=ended),) if ended else ()
        return services.NewContract(
            customer_id=sold.customer,
            product_id=sold.product.pk,
            plan_id=sold.plan.pk if sold.plan else None,
            amount=sold.amount,
            term_months=term_of(row.values),
            currency=currency,
            changes=changes,
            **given,
        )


def exported() -> Iterator[dict[str, str]]:
    """Every live contract as it stands, as an import would read it."""
    ends = ContractChange.objects.filter(voided_at=None, kind=ChangeKind.END)
    ended = dict(ends.values_list("contract_id", "effective_on"))
    signed = Contract.objects.filter(customer__deleted_at=None)
    related = signed.select_related("customer", "product", "plan", *PARTIES)
    for one in related.order_by("pk").iterator(2000):
        row = {name: text_of(getattr(one, name)) for name in (*GIVEN, "currency", "term_months")}
        row["notice_on"] = text_of(told_deadline(one))
        row["id"] = str(one.pk)
        row["customer"] = one.customer.external_id or str(one.customer_id)
        row |= {name: _named(getattr(one, name)) for name in PARTIES}
        row["product"], row["plan"] = one.product.name, one.plan.name if one.plan else ""
        row["amount"] = str(to_major(one.amount, one.currency))
        if one.pk in ended:
            row["end_on"], row["ended_on"] = "", ended[one.pk].isoformat()
        yield row


def _named(party: Customer | None) -> str:
    """By what an import finds the party again; nothing for one in the bin."""
    if party is None or party.deleted_at:
        return ""
    return party.external_id or str(party.pk)


CONTRACTS = ImportTable(
    name="contracts",
    label=_("Contracts"),
    order=30,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=contract_changes.undo,
    rows=exported,
    seen=showing.contracts,
    vanished=vanished_of(lambda: Contract.objects.filter(customer__deleted_at=None)),
    aliases=("subscriptions", "契約一覧", "契約リスト"),
)
