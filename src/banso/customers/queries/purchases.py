"""Purchases: those of a customer, and all that count, as models read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Sum

from banso.core import cursors
from banso.core.as_of import known
from banso.customers.models import Purchase

MOST, PAGE = 200, 50


@dataclass(frozen=True, slots=True)
class Bought:
    """What a customer bought in one currency, in minor units: voided purchases left out."""

    currency: str
    count: int
    amount: int
    last_on: date


def purchase_page(
    customer_id: UUID, *, cursor: str = "", limit: int = PAGE
) -> tuple[list[Purchase], str]:
    """A customer's purchases, the latest first, voided ones too, and the cursor of those before. 1 query."""
    rows: QuerySet[Purchase] = Purchase.objects.filter(customer_id=customer_id)
    size = max(1, min(limit, MOST))
    if cursor:
        day, pk = cursors.read("purchases", cursor)
        rows = rows.filter(bought_on__lte=day).exclude(bought_on=day, pk__gte=pk)
    found = list(rows.order_by("-bought_on", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    place = [last.bought_on.isoformat(), str(last.pk)] if last else None
    return found[:size], cursors.write("purchases", place) if place else ""


def standing_purchases(customer_id: UUID) -> Iterator[Purchase]:
    """A customer's purchases that were not voided, the latest first. 1 query."""
    rows: QuerySet[Purchase] = Purchase.objects.filter(customer_id=customer_id, voided_at=None)
    return rows.order_by("-bought_on", "-pk").iterator(chunk_size=2000)


def bought_by(customer_id: UUID) -> list[Bought]:
    """What a customer bought, one row a currency. 1 query."""
    rows = Purchase.objects.filter(customer_id=customer_id, voided_at=None)
    sums = rows.values("currency").order_by("currency")
    told = sums.annotate(count=Count("pk"), sum=Sum("amount"), last_on=Max("bought_on"))
    return [Bought(one["currency"], one["count"], one["sum"], one["last_on"]) for one in told]


def purchase_currencies(*, known_at: datetime | None = None) -> dict[str, int]:
    """Currencies in which anybody bought, and how many purchases of each. 1 query."""
    rows = _counting(known_at).values_list("currency").order_by("currency")
    return dict(rows.annotate(n=Count("pk")))


def purchases_in(
    currency: str, *, until: date, known_at: datetime | None = None
) -> Iterator[tuple[UUID, date, int]]:
    """(customer, day, minor units) of every purchase up to `until`, as known then. 1 query."""
    rows = _counting(known_at).filter(currency=currency, bought_on__lte=until)
    columns = rows.order_by("customer_id", "bought_on").values_list(
        "customer_id", "bought_on", "amount"
    )
    return columns.iterator(chunk_size=20_000)


def _counting(known_at: datetime | None) -> "QuerySet[Purchase]":
    """Purchases of living customers that stand, or stood at that moment."""
    rows: QuerySet[Purchase] = Purchase.objects.filter(customer__deleted_at=None)
    return rows.filter(known(known_at))
