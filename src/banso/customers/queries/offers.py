"""Offers: those of a customer, and all of them by filter."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from banso.core import cursors
from banso.core.scope import current_workspace
from banso.customers.models import Offer, OfferState
from banso.customers.queries.lists import matching

MOST, PAGE = 200, 50


@dataclass(frozen=True, slots=True)
class AskedOffers:
    """Which offers: every value that is given must fit."""

    q: str = ""
    customer_id: UUID | None = None
    kind: str = ""
    state: str = ""
    by_id: UUID | None = None


def offers_of(customer_id: UUID) -> list[Offer]:
    """A customer's offers, the latest first, at most 50. 1 query."""
    return list(all_offers(AskedOffers(customer_id=customer_id))[:PAGE])


def offer_page(
    asked: AskedOffers, *, cursor: str = "", limit: int = PAGE
) -> tuple[list[Offer], str]:
    """Offers that fit, the latest first, and the cursor of those before. 1 query."""
    rows, size = all_offers(asked), max(1, min(limit, MOST))
    if cursor:
        day, pk = cursors.read("offers", cursor)
        rows = rows.filter(offered_on__lte=day).exclude(offered_on=day, pk__gte=pk)
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    place = [last.offered_on.isoformat(), str(last.pk)] if last else None
    return found[:size], cursors.write("offers", place) if place else ""


def all_offers(asked: AskedOffers) -> "QuerySet[Offer]":
    """All that fit, with customer, product and who made them. No query yet."""
    rows: QuerySet[Offer] = Offer.objects.filter(customer__deleted_at=None)
    if asked.q.strip():
        found = matching(q=asked.q, on=current_workspace().today()).values("pk")
        rows = rows.filter(customer__in=found)
    for name in ("customer_id", "kind", "state", "by_id"):
        if value := getattr(asked, name):
            rows = rows.filter((name, value))
    related = rows.select_related("customer", "product", "by")
    return related.order_by("-offered_on", "-pk")


def count_offers(asked: AskedOffers) -> dict[OfferState, int]:
    """How many there are in each state, whichever state is asked for. 1 query."""
    whole = AskedOffers(
        q=asked.q, customer_id=asked.customer_id, kind=asked.kind, by_id=asked.by_id
    )
    said = all_offers(whole).order_by().values("state").annotate(n=Count("pk"))
    found = dict(said.values_list("state", "n"))
    return {state: found.get(state, 0) for state in OfferState}
