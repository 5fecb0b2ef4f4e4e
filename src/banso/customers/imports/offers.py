"""Offers in and out of files: new ones, and what became of those that stand."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.imports.declarations import Column, ImportTable, Row, Seen, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.customers import services
from banso.customers.imports import showing
from banso.customers.imports.money import minor
from banso.customers.imports.references import (
    CUSTOMER,
    ID,
    Customers,
    created_ids,
    restored,
    same_text,
    stored,
    text_of,
)
from banso.customers.models import Customer, Offer, OfferKind, OfferState, Product
from banso.customers.services.offers import COLUMNS as STORED
from banso.lib.money import to_major
from banso.lib.uuid7 import as_uuid

COLUMNS = (
    ID,
    replace(CUSTOMER, required=False),
    Column("customer_code", _("Customer's external ID"), max_length=120),
    Column(
        "kind",
        _("Kind"),
        "choice",
        aliases=("種別",),
        choices=lambda: OfferKind.choices,
        example="upsell",
    ),
    Column(
        "title",
        _("What is offered"),
        aliases=("offer", "提案", "提案名"),
        example="ライセンスの追加",
    ),
    Column("product", _("Product"), aliases=("product_name", "製品", "商品", "サービス")),
    Column("mrr", _("More a month"), "amount", aliases=("月額増", "増額"), example="20000"),
    Column("currency", _("Currency"), max_length=3, aliases=("通貨",), example="JPY"),
    Column("offered_on", _("Offered on"), "date", example="2026-11-01"),
    Column("state", _("State"), "choice", choices=lambda: OfferState.choices, example="offered"),
    Column("decided_on", _("Answered on"), "date", aliases=("回答日",)),
    Column("why", _("Why"), aliases=("回答の理由",), max_length=5_000),
)
PLAIN = ("kind", "title", "offered_on", "state", "decided_on", "why")
NEEDED = ("kind", "title", "offered_on")  # of a new one; by them and the customer it is found again
Natural = tuple[UUID, str, date]


def key(values: Values) -> Hashable:
    """Our id; else the customer, what is offered, and the day."""
    if "id" in values:
        return ("id", values["id"])
    return (_called(values), values.get("title", ""), values.get("offered_on"))


def _called(values: Values) -> str:
    """What the row calls its customer."""
    found: str = values.get("customer_code") or values.get("customer", "")
    return found


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New offers are made, those that stand take what the file says; an empty cell changes nothing."""
    batch = _Batch(rows, loading)
    new: list[tuple[Row, services.NewOffer]] = []
    old: list[tuple[Row, UUID, dict[str, Any]]] = []
    for row in rows:
        if (standing := batch.standing(row)) is not None:
            if (changes := batch.changes(row, standing)) is not None:
                old.append((row, standing.pk, changes))
        elif (made := batch.new(row)) is not None:
            new.append((row, made))
    _update(old, loading)
    batch.companies.remember(Offer, _make(new, loading))


def _make(
    new: Sequence[tuple[Row, services.NewOffer]], loading: Loading
) -> Iterable[tuple[str, UUID]]:
    """How the file calls the customers of the offers that were made, and the offers."""
    made = services.make_offers(
        [offer for _row, offer in new], by=loading.by, import_run=loading.run
    )
    told = list[tuple[str, UUID]]()
    for (row, _offer), outcome in zip(new, made, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        else:
            loading.created(row.line, outcome.pk)
            told.append((_called(row.values), outcome.pk))
    return told


def _update(old: Sequence[tuple[Row, UUID, dict[str, Any]]], loading: Loading) -> None:
    done = services.update_offers([(pk, changes) for _row, pk, changes in old], by=loading.by)
    for (row, pk, _changes), outcome in zip(old, done, strict=True):
        if isinstance(outcome, Refused):
            loading.refuse_row(row.line, outcome)
        elif not outcome.before:
            loading.unchanged(row.line)
        else:
            before = {name: stored(value) for name, value in outcome.before.items()}
            loading.updated(row.line, pk, before)


class _Batch:
    """Whose offers the rows are, which stand already, and what they sell. 6 queries."""

    def __init__(self, rows: Sequence[Row], loading: Loading) -> None:
        self.loading = loading
        self.companies = Customers((_called(row.values) for row in rows), loading.source)
        self.products = dict(Product.objects.values_list("name", "pk"))
        ids = {own for row in rows if (own := as_uuid(row.values.get("id", "")))}
        living = Offer.objects.filter(customer__deleted_at=None).select_related("customer")
        self.by_id = {one.pk: one for one in living.filter(pk__any=ids)}
        bare = [row.values for row in rows if "id" not in row.values]
        theirs = {self.companies.find(_called(values)) for values in bare} - {None}
        known = living.filter(customer_id__any=theirs).order_by("-pk")
        self.natural: dict[Natural, Offer] = {_natural(one): one for one in known}
        payers = Customer.objects.filter(pk__any=theirs)
        self.currencies = dict(payers.values_list("pk", "currency"))

    def standing(self, row: Row) -> Offer | None:
        """The offer that the row is about; None where it is a new one, or names what is not here."""
        if "id" in row.values:
            own = as_uuid(row.values["id"])
            return self.by_id.get(own) if own else None
        customer = self.companies.find(_called(row.values))
        title, day = row.values.get("title"), row.values.get("offered_on")
        return self.natural.get((customer, title, day)) if customer and title and day else None

    def changes(self, row: Row, offer: Offer) -> dict[str, Any] | None:
        """What the row says of it; None where it cannot be, which is told."""
        if not self._is_theirs(row, offer):
            told = _called(row.values)[:60]
            self.loading.refuse(row.line, "customer", "other_customer", value=told)
            return None
        said = self._said(row, offer.currency)
        if said is None:
            return None
        return {name: one for name, one in said.items() if not same_text(one, getattr(offer, name))}

    def new(self, row: Row) -> services.NewOffer | None:
        """The offer to be made; None where something of it is missing or wrong, which is told."""
        if "id" in row.values:
            self.loading.refuse(row.line, "id", "unknown_offer", value=row.values["id"])
            return None
        if missing := [name for name in NEEDED if name not in row.values]:
            self.loading.refuse(row.line, missing[0], "missing_value")
            return None
        called = _called(row.values)
        if (customer := self.companies.find(called)) is None:
            column = "customer_code" if "customer_code" in row.values else "customer"
            self.loading.refuse(row.line, column, "unknown_customer", value=called[:60])
            return None
        said = self._said(row, self.currencies[customer])
        return None if said is None else services.NewOffer(customer_id=customer, **said)

    def _is_theirs(self, row: Row, offer: Offer) -> bool:
        """Whether the customer that the row names is the offer's, under whichever of its names."""
        said = _called(row.values)
        own = offer.customer
        names = ("", own.name, own.external_id, str(own.pk))
        return said in names or self.companies.find(said) == own.pk

    def _said(self, row: Row, currency: str) -> dict[str, Any] | None:
        said = {name: row.values[name] for name in PLAIN if name in row.values}
        if "product" in row.values:
            if (product := self.products.get(row.values["product"])) is None:
                told = row.values["product"][:60]
                self.loading.refuse(row.line, "product", "unknown_product", value=told)
                return None
            said["product_id"] = product
        if "mrr" in row.values:
            if (amount := minor(row, "mrr", currency, self.loading)) is None:
                return None
            said["mrr"] = amount
        return said


def _natural(offer: Offer) -> Natural:
    return offer.customer_id, offer.title, offer.offered_on


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Offers that the run made are gone, others are as before."""
    changed = [row for row in rows if row.before is not None]
    offers = {
        str(one.pk): one for one in Offer.objects.filter(pk__any=[row.object_id for row in changed])
    }
    for row in changed:
        if (offer := offers.get(row.object_id)) is not None:
            was = dict(row.before or {})
            restored(offer, {name.removesuffix("_id"): one for name, one in was.items()})
    Offer.objects.bulk_update(offers.values(), STORED, batch_size=1000)
    Offer.objects.filter(pk__in=created_ids(rows, OFFERS.name)).delete()


def seen(befores: Mapping[str, Values]) -> Mapping[str, Seen]:
    """By customer and title, with what it is now and was before."""
    found = Offer.objects.filter(pk__in=befores).select_related("customer")
    return {
        str(one.pk): Seen(f"{one.customer} / {one}", showing.differences(one, befores[str(one.pk)]))
        for one in found
    }


def exported() -> Iterator[dict[str, str]]:
    """Every offer to a living customer as an import would read it."""
    living = Offer.objects.filter(customer__deleted_at=None).select_related("customer", "product")
    for one in living.order_by("pk").iterator(2000):
        row = {name: text_of(getattr(one, name)) for name in (*PLAIN, "currency")}
        row["mrr"] = "" if one.mrr is None else str(to_major(one.mrr, one.currency))
        yield row | {
            "id": str(one.pk),
            "customer": one.customer.external_id or str(one.customer_id),
            "customer_code": one.customer.external_id,
            "product": one.product.name if one.product else "",
        }


OFFERS = ImportTable(
    name="offers",
    label=_("Offers"),
    order=50,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo,
    rows=exported,
    seen=seen,
    told_by=("title", "offered_on"),
    aliases=("proposals", "提案一覧", "提案履歴"),
)
