"""Purchases in and out of files."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.customers import services
from banso.customers.imports.references import (
    CUSTOMER,
    EXTERNAL_ID,
    Customers,
    created_ids,
)
from banso.customers.models import Customer, Purchase
from banso.customers.services import NewPurchase
from banso.lib.bad_value import BadValue
from banso.lib.money import to_major, to_minor

COLUMNS = (
    replace(
        EXTERNAL_ID,
        aliases=(*EXTERNAL_ID.aliases, "order_id", "transaction_id", "注文id", "注文番号", "伝票番号"),
        example="O-0001",
    ),
    CUSTOMER,
    Column(
        "bought_on",
        _("Bought on"),
        "date",
        required=True,
        aliases=("purchased_on", "purchase_date", "order_date", "購入日", "注文日", "売上日"),
        example="2026-11-01",
    ),
    Column(
        "amount",
        _("Amount, before tax"),
        "amount",
        required=True,
        aliases=("金額", "購入金額", "注文金額", "売上金額"),
        example="12000",
    ),
    Column("currency", _("Currency"), max_length=3, aliases=("通貨",), example="JPY"),
)  # fmt: skip
Said = tuple[UUID, date, int, str]


def key(values: Values) -> Hashable | None:
    """The external id; a row without one is a purchase of its own."""
    return values.get("external_id")


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New purchases are added; one of a known id that says something else takes the old one's place."""
    companies = Customers((row.values["customer"] for row in rows), loading.source)
    read = _read(rows, companies, loading)
    known = _Known(list(read.values()), loading)
    new: list[tuple[Row, NewPurchase]] = []
    for row in rows:
        if (said := read.get(row.line)) is None:
            continue
        old = known.get(row.line, said)
        if old is None:
            new.append((row, said))
        elif _says(old) == _says(said):
            loading.unchanged(row.line)
        else:
            _replace(old, said, row.line, loading)
    companies.remember(Purchase, _add(new, loading))


def _add(new: Sequence[tuple[Row, NewPurchase]], loading: Loading) -> Iterable[tuple[str, UUID]]:
    """How the file calls the customers of the purchases that were added, and the purchases."""
    rows = [one for _row, one in new]
    made = services.add_purchases(rows, by=loading.by, import_run=loading.run)
    told = list[tuple[str, UUID]]()
    for (row, _one), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        else:
            loading.created(row.line, outcome.pk)
            told.append((row.values["customer"], outcome.pk))
    return told


def _read(rows: Sequence[Row], companies: Customers, loading: Loading) -> dict[int, NewPurchase]:
    """What the rows say, by their lines; those that cannot be read are told."""
    ids = {companies.find(row.values["customer"]) for row in rows} - {None}
    currencies = dict(Customer.objects.filter(pk__any=ids).values_list("pk", "currency"))
    found = dict[int, NewPurchase]()
    for row in rows:
        values, told = row.values, row.values["customer"]
        if (customer := companies.find(told)) is None:
            loading.refuse(row.line, "customer", "unknown_customer", value=told[:60])
            continue
        currency = values.get("currency", "").upper() or currencies[customer]
        try:
            amount = to_minor(values["amount"], currency)
        except BadValue as error:
            column = "currency" if error.code == "unknown_currency" else "amount"
            loading.refuse_value(row.line, column, error, str(values[column]))
            continue
        found[row.line] = NewPurchase(
            customer_id=customer,
            bought_on=values["bought_on"],
            amount=amount,
            currency=currency,
            external_id=values.get("external_id", ""),
        )
    return found


class _Known:
    """Purchases that stand: by external id, else each for one row that says the same. 2 queries.

    Those of this very file are none of them: two equal rows are two purchases.
    """

    def __init__(self, read: Sequence[NewPurchase], loading: Loading) -> None:
        self.taken: dict[UUID, int] = loading.kept(_lines_by_purchase)
        standing = Purchase.objects.filter(voided_at=None, customer__deleted_at=None)
        external = {one.external_id for one in read} - {""}
        named = standing.filter(external_id__any=external) if external else ()
        self.by_external = {one.external_id: one for one in named}
        bare = [one for one in read if not one.external_id]
        self.by_words: dict[Said, list[Purchase]] = defaultdict(list)
        for one in _alike(bare, loading.run) if bare else ():
            self.by_words[_says(one)].append(one)

    def get(self, line: int, said: NewPurchase) -> Purchase | None:
        if said.external_id:
            return self.by_external.get(said.external_id)
        for one in self.by_words[_says(said)]:
            # a batch may be tried again in parts: then a line finds its own purchase again
            if self.taken.setdefault(one.pk, line) == line:
                return one
        return None


def _lines_by_purchase() -> dict[UUID, int]:
    return {}


def _alike(bare: Sequence[NewPurchase], run: ImportRun) -> "QuerySet[Purchase]":
    standing = Purchase.objects.filter(voided_at=None, external_id="")
    before: QuerySet[Purchase] = standing.exclude(created_by_import=run)
    theirs = before.filter(customer_id__any={one.customer_id for one in bare})
    return theirs.filter(bought_on__in={one.bought_on for one in bare}).order_by("pk")


def _says(one: Purchase | NewPurchase) -> Said:
    return one.customer_id, one.bought_on, one.amount, one.currency


def _replace(old: Purchase, said: NewPurchase, line: int, loading: Loading) -> None:
    with loading.whole(line):
        services.void_purchase(old.pk, by=loading.by)
        [made] = services.add_purchases([said], by=loading.by, import_run=loading.run)
        if isinstance(made, Refused):
            raise made
        loading.updated(line, made.pk, {"voided": str(old.pk)})


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Purchases that the run added are gone; those whose place they took stand again."""
    replaced = [row for row in rows if row.before is not None]
    gone = [*created_ids(rows, PURCHASES.name), *(row.object_id for row in replaced)]
    Purchase.objects.filter(pk__any=gone).delete()
    again = [row.before["voided"] for row in replaced if row.before]
    Purchase.objects.filter(pk__any=again).update(voided_at=None)


def exported() -> Iterator[dict[str, str]]:
    """Every purchase of a living customer that stands, as an import would read it."""
    standing = Purchase.objects.filter(voided_at=None, customer__deleted_at=None)
    for one in standing.select_related("customer").order_by("pk").iterator(2000):
        yield {
            "external_id": one.external_id,
            "customer": one.customer.external_id or str(one.customer_id),
            "bought_on": one.bought_on.isoformat(),
            "amount": str(to_major(one.amount, one.currency)),
            "currency": one.currency,
        }


PURCHASES = ImportTable(
    name="purchases",
    label=_("Purchases"),
    order=55,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo,
    rows=exported,
    told_by=("bought_on",),
    aliases=("orders", "transactions", "購入履歴", "注文履歴", "注文"),
)
