"""Contracts in and out of files: each signed one writes the ledger, each difference a new line."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.customers import services
from banso.customers.imports import contract_changes, showing
from banso.customers.imports.products import Catalogue
from banso.customers.imports.references import (
    CUSTOMER,
    EXTERNAL_ID,
    ID,
    SOURCE,
    SOURCE_ID,
    Customers,
    Found,
    found_by_keys,
    own_key,
    text_of,
)
from banso.customers.models import ChangeKind, Contract, ContractChange, Customer
from banso.lib.bad_value import BadValue
from banso.lib.money import to_major, to_minor

COLUMNS = (
    EXTERNAL_ID,
    CUSTOMER,
    Column("product", _("Product"), aliases=("product_name", "製品", "商品", "サービス")),
    Column("plan", _("Price plan"), aliases=("plan_name", "plan_tier", "プラン", "料金プラン")),
    Column(
        "start_on",
        _("Contract starts on"),
        "date",
        required=True,
        aliases=("start_date", "start", "契約開始日", "開始日", "利用開始日"),
        example="2026-04-01",
    ),
    Column(
        "end_on",
        _("Term ends before"),
        "date",
        aliases=("end_date", "次回更新日", "更新日"),
        example="2027-04-01",
    ),
    Column("last_day", _("Last day of the term"), "date", aliases=("満了日", "契約満了日")),
    Column(
        "ended_on",
        _("Ended: first day without contract"),
        "date",
        aliases=("cancelled_on", "canceled_on", "churned_on"),
    ),
    Column(
        "notice_on",
        _("Notice deadline"),
        "date",
        aliases=("notice_date", "解約申出期限", "解約通知期限"),
    ),
    Column(
        "amount",
        _("Amount for the whole term, before tax"),
        "amount",
        aliases=("amount", "contract_amount", "契約金額", "金額"),
        example="1200000",
    ),
    Column("mrr", _("Amount a month, before tax"), "amount", aliases=("mrr_amount", "月額")),
    Column(
        "term_months",
        _("Term in months"),
        "whole",
        aliases=("term", "契約期間", "契約月数", "期間"),
        least=1,
        example="12",
    ),
    Column("currency", _("Currency"), max_length=3, aliases=("通貨",), example="JPY"),
    Column("seats", _("Seats"), "whole", aliases=("licenses", "ライセンス数", "アカウント数")),
    Column("auto_renew", _("Renews by itself"), "bool", aliases=("auto_renewal", "自動更新")),
    Column("is_trial", _("Trial"), "bool", aliases=("trial", "トライアル", "試用")),
    Column(
        "billing", _("Billing cycle"), max_length=20, aliases=("billing_frequency", "請求", "支払")
    ),
    SOURCE,
    SOURCE_ID,
    ID,
)
GIVEN = (
    "start_on", "end_on", "notice_on", "seats", "auto_renew", "is_trial", "billing",
    "external_id", "source", "source_id",
)  # fmt: skip
USUAL_TERM = 12


def key(values: Values) -> Hashable:
    """An id; else the customer, the product and the start."""
    if own := own_key(values):
        return own
    return (values["customer"], values.get("product", ""), values["start_on"])


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New contracts are signed; a known one that differs gets a line in its ledger."""
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
    for (row, _one), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        else:
            loading.created(row.line, outcome.pk)


class _Signing:
    """One batch: whose contracts they are, which stand already, and what they sell."""

    def __init__(self, rows: Sequence[Row], loading: Loading) -> None:
        self.loading = loading
        self.companies = Customers(row.values["customer"] for row in rows)
        self.catalogue = Catalogue(loading)
        self.found: Found = found_by_keys(Contract, [row.values for row in rows])
        self.currencies = self._currencies(rows)
        self.natural = self._natural(rows)
        standing = [*self.found.by_id.values(), *self.natural.values()]
        self.ends = contract_changes.ends_of(standing)

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
        product, plan = self.catalogue.entry(row.values)
        standing = self._standing(customer, product.name, row.values)
        currency = row.values.get("currency") or (
            standing.currency if standing else self._currency(customer)
        )
        amount = self._amount(row, currency, standing)
        if amount is None:
            return None
        if standing is not None:
            wanted = contract_changes.Wanted(customer, product, plan, amount)
            contract_changes.follow_file(
                standing, row, self.loading, wanted=wanted, ended=self.ends.get(standing.pk)
            )
            return None
        return self._new(row, customer, product.pk, plan.pk if plan else None, currency, amount)

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
        term = values.get("term_months") or (standing.term_months if standing else USUAL_TERM)
        major: Decimal = values[column] * (1 if column == "amount" else term)
        try:
            return to_minor(major, currency)
        except BadValue as error:
            self.loading.refuse_value(row.line, column, error, str(values[column]))
            return None

    def _new(
        self,
        row: Row,
        customer: UUID,
        product: UUID,
        plan: UUID | None,
        currency: str,
        amount: int,
    ) -> services.NewContract:
        given: dict[str, Any] = {name: row.values[name] for name in GIVEN if name in row.values}
        if "last_day" in row.values:
            given.setdefault("end_on", contract_changes.day_after(row.values["last_day"]))
        ended = row.values.get("ended_on")
        changes = (services.NewChange(kind=ChangeKind.END, effective_on=ended),) if ended else ()
        return services.NewContract(
            customer_id=customer,
            product_id=product,
            plan_id=plan,
            amount=amount,
            term_months=row.values.get("term_months", USUAL_TERM),
            currency=currency,
            changes=changes,
            **given,
        )


def exported() -> Iterator[dict[str, str]]:
    """Every live contract as it stands, as an import would read it."""
    ends = ContractChange.objects.filter(voided_at=None, kind=ChangeKind.END)
    ended = dict(ends.values_list("contract_id", "effective_on"))
    signed = Contract.objects.filter(customer__deleted_at=None)
    for one in signed.select_related("customer", "product", "plan").order_by("pk").iterator(2000):
        row = {name: text_of(getattr(one, name)) for name in (*GIVEN, "currency", "term_months")}
        row["id"] = str(one.pk)
        row["customer"] = one.customer.external_id or str(one.customer_id)
        row["product"], row["plan"] = one.product.name, one.plan.name if one.plan else ""
        row["amount"] = str(to_major(one.amount, one.currency))
        if one.pk in ended:
            row["end_on"], row["ended_on"] = "", ended[one.pk].isoformat()
        yield row


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
    aliases=("subscriptions", "契約一覧", "契約リスト"),
)
