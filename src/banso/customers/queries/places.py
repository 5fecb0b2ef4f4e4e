"""Places (拠点) of a customer: those below it, with what can be summed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from banso.customers.fields import Field, annotate, known_field, prepare
from banso.customers.models import Customer
from banso.customers.queries.as_of import as_of

MRR = "customers.mrr"
SUMMED = ("customers.seats", MRR, "usage.active_people_28")
SHOWN = (*SUMMED, "health.score", "health.band")
DEEPEST, MOST = 6, 200


@dataclass(frozen=True, slots=True)
class Place:
    """A customer of the group; `depth` 0 is the one that was asked for."""

    customer: Customer
    depth: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """A customer with its places, each below who stands above it, by reading.

    `totals`: of the Fields that can be summed, over those that have the value; None where nobody
    has, and MRR in several currencies. `is_whole` is False where there are more than 200 places.
    """

    on: date
    fields: list[Field]
    places: list[Place]
    totals: dict[str, Any]
    is_whole: bool

    @property
    def payer(self) -> Customer:
        """Whose currency the sum of MRR is in: a company may pay nothing that has places abroad."""
        paying = (one.customer for one in self.places if one.values.get(MRR) is not None)
        return next(paying, self.places[0].customer)


def group_of(
    customer_id: UUID, *, on: date | None = None, permits: frozenset[str] | None = None
) -> Group:
    """The customer and every place below it, six levels at most, with the Fields of SHOWN.

    Those of rooms that are not there, and that `permits` do not show, are left out. Raises
    Customer.DoesNotExist. 2 queries and one a level.
    """
    day = as_of(on)
    known = (known_field(key) for key in SHOWN)
    shown = [one for one in known if one and (permits is None or one.permission in permits)]
    order, is_whole = _below(customer_id)
    kept = prepare(shown, on=day)
    keys = [one.key for one in shown]
    rows = annotate(Customer.objects.filter(pk__in=order), keys, on=day, kept=kept)
    found = {one.pk: one for one in rows}
    places = [
        Place(found[pk], depth, {one.key: getattr(found[pk], one.alias) for one in shown})
        for pk, depth in order.items()
    ]
    return Group(day, shown, places, _totals(places), is_whole)


def _below(customer_id: UUID) -> tuple[dict[UUID, int], bool]:
    """Ids with their depth, in the order of the page. Nobody stands above itself."""
    Customer.objects.only("pk").get(pk=customer_id)
    children: dict[UUID, list[UUID]] = {}
    level: Sequence[UUID] = [customer_id]
    known = {customer_id}
    for _depth in range(DEEPEST):
        rows = Customer.objects.filter(parent__in=level).exclude(pk__in=known)
        found = list(rows.order_by("name_sort", "pk").values_list("pk", "parent_id")[: MOST + 1])
        for pk, parent in found[: MOST + 1 - len(known)]:
            children.setdefault(parent, []).append(pk)
        level = [pk for pk, _parent in found]
        known |= set(level)
        if not level or len(known) > MOST:
            break
    order = dict(_walk(customer_id, children, 0))
    return order, len(known) <= MOST


def _walk(pk: UUID, children: dict[UUID, list[UUID]], depth: int) -> Iterable[tuple[UUID, int]]:
    yield pk, depth
    for child in children.get(pk, []):
        yield from _walk(child, children, depth + 1)


def _totals(places: list[Place]) -> dict[str, Any]:
    totals: dict[str, Any] = {}
    for key in SUMMED:
        told = [one for one in places if one.values.get(key) is not None]
        currencies = {one.customer.currency for one in told} if key == MRR else set()
        sound = told and len(currencies) <= 1
        totals[key] = sum(one.values[key] for one in told) if sound else None
    return totals
