"""Offers of something more (アップセル, クロスセル): made, and what became of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core import new_rows
from banso.core.errors import Refused
from banso.core.events import publish, publish_many
from banso.core.models import ImportRun, Person
from banso.core.scope import current_workspace
from banso.customers.models import Customer, Offer, OfferState, Product
from banso.customers.services.bulk import attempt
from banso.customers.services.checks import check_row, id_of
from banso.customers.services.customers import locked_customer
from banso.customers.services.inputs import NewOffer
from banso.customers.services.ledger import MAX_AMOUNT, refused

CHANGEABLE = ("kind", "title", "product_id", "mrr", "offered_on", "state", "decided_on", "why")
COLUMNS = [name.removesuffix("_id") for name in CHANGEABLE]


class OfferChange(NamedTuple):
    """An offer, and what stood in the columns that were changed; nothing where none was."""

    offer: Offer
    before: Mapping[str, Any]


@transaction.atomic
def make_offer(
    customer_id: UUID,
    *,
    kind: str,
    title: str,
    offered_on: date | None = None,
    by: Person | None,
    **given: Any,
) -> Offer:
    """The customer was offered something more on a day (today). `given` are others of CHANGEABLE.

    `mrr`: minor units more a month, of the currency that the customer has now. A decision without a
    day is of today. Raises Customer.DoesNotExist, Product.DoesNotExist, Refused. Publishes
    customers.offer_made.
    """
    currency = locked_customer(customer_id).currency
    _must_be_sold(given)
    row = NewOffer(
        customer_id=customer_id, kind=kind, title=title, offered_on=offered_on, **_known(given)
    )
    offer = _built(row, currency, by=by, import_run=None)
    offer.save(force_insert=True)
    publish("customers.offer_made", offer, by=id_of(by), **_facts(offer))
    return offer


@transaction.atomic
def make_offers(
    rows: Iterable[NewOffer], *, by: Person | None, import_run: ImportRun | None = None
) -> list[Offer | Refused]:
    """Many at once; one outcome for each row, in their order. Publishes customers.offer_made for each.

    5 statements for all.
    """
    listed = list(rows)
    if not listed:
        return []
    living = Customer.objects.filter(pk__any={row.customer_id for row in listed})
    currencies = dict(living.values_list("pk", "currency"))
    products = _sold(row.product_id for row in listed)

    def make(row: NewOffer) -> Offer:
        if row.customer_id not in currencies:
            raise refused(_("There is no such record here."), "customer", "unknown")
        _must_be_among(products, row.product_id)
        return _built(row, currencies[row.customer_id], by=by, import_run=import_run)

    outcomes = attempt(listed, make)
    made = [one for one in outcomes if isinstance(one, Offer)]
    new_rows.insert(made)
    publish_many("customers.offer_made", [(one, _facts(one)) for one in made], by=id_of(by))
    return outcomes


@transaction.atomic
def update_offer(offer_id: UUID, *, changes: Mapping[str, Any], by: Person | None) -> Offer:
    """The offer is as `changes` (of CHANGEABLE) says: put otherwise, accepted, declined.

    Raises Offer.DoesNotExist, Product.DoesNotExist, Refused. Publishes customers.offer_updated;
    nothing when nothing changed.
    """
    offer: Offer = _locked().get(pk=offer_id)
    _must_be_sold(changes)
    change = _changed(offer, changes)
    if change.before:
        offer.save(update_fields=list(change.before))
        publish("customers.offer_updated", offer, by=id_of(by), **_facts(offer))
    return offer


@transaction.atomic
def update_offers(
    rows: Iterable[tuple[UUID, Mapping[str, Any]]], *, by: Person | None
) -> list[OfferChange | Refused]:
    """Each of these offers is as its changes say; one outcome for each row, in their order.

    Publishes customers.offer_updated for each that changed. 5 statements for all.
    """
    listed = list(rows)
    if not listed:
        return []
    found = _locked().filter(pk__any=[pk for pk, _changes in listed]).order_by("pk")
    offers = {one.pk: one for one in found}
    products = _sold(changes.get("product_id") for _pk, changes in listed)

    def change(row: tuple[UUID, Mapping[str, Any]]) -> OfferChange:
        pk, changes = row
        if pk not in offers:
            raise refused(_("There is no such record here."), "id", "unknown")
        _must_be_among(products, changes.get("product_id"))
        return _changed(offers[pk], changes)

    outcomes = attempt(listed, change)
    done = [one.offer for one in outcomes if isinstance(one, OfferChange) and one.before]
    Offer.objects.bulk_update(done, COLUMNS, batch_size=1000)
    publish_many("customers.offer_updated", [(one, _facts(one)) for one in done], by=id_of(by))
    return outcomes


def _locked() -> Any:
    living = Offer.objects.filter(customer__deleted_at=None)
    return living.select_for_update(of=("self",), no_key=True)


def _known(given: Mapping[str, Any]) -> dict[str, Any]:
    """Refused, naming it, for what no offer has."""
    if unknown := sorted(set(given) - set(CHANGEABLE)):
        raise refused(_("This field cannot be changed."), unknown[0])
    return dict(given)


def _must_be_sold(given: Mapping[str, Any]) -> None:
    if given.get("product_id"):
        Product.objects.get(pk=given["product_id"])


def _sold(ids: Iterable[UUID | None]) -> set[UUID]:
    wanted = {one for one in ids if one}
    found = Product.objects.filter(pk__any=wanted).values_list("pk", flat=True)
    return set(found) if wanted else set()


def _must_be_among(products: set[UUID], product_id: UUID | None) -> None:
    if product_id and product_id not in products:
        raise refused(_("There is no such record here."), "product", "unknown")


def _built(
    row: NewOffer, currency: str, *, by: Person | None, import_run: ImportRun | None
) -> Offer:
    offer = Offer(
        customer_id=row.customer_id, currency=currency, by=by, created_by_import=import_run
    )
    facts = {name: getattr(row, name) for name in CHANGEABLE}
    facts["offered_on"] = row.offered_on or current_workspace().today()
    _apply(offer, facts)
    return offer


def _changed(offer: Offer, changes: Mapping[str, Any]) -> OfferChange:
    """The offer with its changes, unsaved; as it was where they are refused."""
    was = {name: getattr(offer, name) for name in CHANGEABLE}
    try:
        _apply(offer, _known(changes))
    except Refused:
        _set(offer, was)
        raise
    return OfferChange(
        offer, {name: one for name, one in was.items() if getattr(offer, name) != one}
    )


def _apply(offer: Offer, changes: Mapping[str, Any]) -> None:
    _set(offer, changes)
    offer.title = offer.title.strip()
    check_row(offer)
    if not 0 <= (offer.mrr or 0) <= MAX_AMOUNT:
        raise refused(_("The amount is out of range."), "mrr")
    _settle_day(offer)


def _set(offer: Offer, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(offer, name, value)


def _settle_day(offer: Offer) -> None:
    if offer.state == OfferState.OFFERED:
        offer.decided_on = None
    elif offer.decided_on is None:
        offer.decided_on = max(current_workspace().today(), offer.offered_on)
    elif offer.decided_on < offer.offered_on:
        raise refused(_("The answer must not come before the offer."), "decided_on")


def _facts(offer: Offer) -> dict[str, Any]:
    return {"offer": str(offer.pk), "kind": str(offer.kind), "state": str(offer.state)}
