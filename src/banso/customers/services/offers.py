"""Offers of something more (アップセル, クロスセル): made, and what became of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.events import publish
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.customers.models import Offer, OfferState, Product
from banso.customers.services.checks import check_row, id_of
from banso.customers.services.customers import locked_customer
from banso.customers.services.ledger import MAX_AMOUNT, refused

CHANGEABLE = ("kind", "title", "product_id", "mrr", "offered_on", "state", "decided_on", "why")


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

    `mrr`: minor units more a month. A decision without a day is of today. Raises
    Customer.DoesNotExist, Product.DoesNotExist, Refused. Publishes customers.offer_made.
    """
    customer = locked_customer(customer_id)
    offered = offered_on or current_workspace().today()
    facts = {**given, "kind": kind, "title": title, "offered_on": offered}
    offer = Offer(customer=customer, by=by)
    _apply(offer, facts)
    offer.save(force_insert=True)
    _publish("customers.offer_made", offer, by)
    return offer


@transaction.atomic
def update_offer(offer_id: UUID, *, changes: Mapping[str, Any], by: Person | None) -> Offer:
    """The offer is as `changes` (of CHANGEABLE) says: put otherwise, accepted, declined.

    Raises Offer.DoesNotExist, Product.DoesNotExist, Refused. Publishes customers.offer_updated;
    nothing when nothing changed.
    """
    living = Offer.objects.filter(customer__deleted_at=None)
    offer: Offer = living.select_for_update(of=("self",), no_key=True).get(pk=offer_id)
    before = {name: getattr(offer, name) for name in CHANGEABLE}
    _apply(offer, changes)
    changed = [name for name in CHANGEABLE if getattr(offer, name) != before[name]]
    if changed:
        offer.save(update_fields=changed)
        _publish("customers.offer_updated", offer, by)
    return offer


def _apply(offer: Offer, changes: Mapping[str, Any]) -> None:
    if unknown := sorted(set(changes) - set(CHANGEABLE)):
        raise refused(_("This field cannot be changed."), unknown[0])
    if changes.get("product_id"):
        Product.objects.get(pk=changes["product_id"])
    for name, value in changes.items():
        setattr(offer, name, value)
    offer.title = offer.title.strip()
    check_row(offer)
    if not 0 <= (offer.mrr or 0) <= MAX_AMOUNT:
        raise refused(_("The amount is out of range."), "mrr")
    _settle_day(offer)


def _settle_day(offer: Offer) -> None:
    if offer.state == OfferState.OFFERED:
        offer.decided_on = None
    elif offer.decided_on is None:
        offer.decided_on = max(current_workspace().today(), offer.offered_on)
    elif offer.decided_on < offer.offered_on:
        raise refused(_("The answer must not come before the offer."), "decided_on")


def _publish(name: str, offer: Offer, by: Person | None) -> None:
    facts: dict[str, Any] = {
        "offer": str(offer.pk),
        "kind": str(offer.kind),
        "state": str(offer.state),
    }
    publish(name, offer, by=id_of(by), **facts)
