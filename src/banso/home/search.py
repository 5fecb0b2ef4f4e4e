"""Search over customers, contacts and pages: tolerant of width, kana and 株式会社."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.urls import reverse

from banso.core.among import among
from banso.core.declarations import Words
from banso.customers.models import Contact, Customer
from banso.home.navigation import PLACES
from banso.lib.names import fold_company, fold_name
from banso.lib.text import fold

LIMIT = 20
LONGEST = 200
FEW = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One result: what it is called, what tells it apart, and where it is."""

    title: Words
    note: Words
    url: str
    icon: str


def search(words: str, *, permits: frozenset[str], limit: int = LIMIT) -> list[Found]:
    """Pages, customers, then contacts that hold every word; at most `limit` of each. 4 queries."""
    asked = fold(words[:LONGEST]).split()
    if not asked:
        return []
    found = _pages(asked, permits)
    if "customers.read" in permits:
        found += [*_customers(asked, limit), *_contacts(asked, limit)]
    return found


def _pages(asked: list[str], permits: frozenset[str]) -> list[Found]:
    return [
        Found(place.label, "", reverse(place.url_name), place.icon)
        for place in PLACES
        if place.permission in permits and all(word in fold(str(place.label)) for word in asked)
    ]


def _customers(asked: list[str], limit: int) -> list[Found]:
    words = [fold_company(word) or word for word in asked]
    rows = _first(Customer.objects.all(), words, order=("name_sort", "pk"), limit=limit)
    return [
        Found(row.name, row.name_reading, reverse("customers:customer", args=[row.pk]), "building")
        for row in rows
    ]


def _contacts(asked: list[str], limit: int) -> list[Found]:
    people, words = Contact.objects.select_related("customer"), [fold_name(one) for one in asked]
    rows = _first(people, words, order=("name_reading", "name", "pk"), limit=limit)
    return [
        Found(
            f"{row.name} {row.title}".strip(),
            row.customer.name,
            reverse("customers:contact", args=[row.pk]),
            "people",
        )
        for row in rows
    ]


def _first(rows: QuerySet[Any], asked: list[str], *, order: Sequence[str], limit: int) -> list[Any]:
    """Rows with every word: those that begin with the first one, then by reading.

    Where more than 200 have them, by reading alone: who looks for one of them types on, and
    nobody waits until all have been put in order.
    """
    every = Q()
    for word in asked:
        every &= Q(name_folded__contains=word)
    found = rows.filter(every)
    ids = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(ids) > FEW:
        return list(found.order_by(*order)[:limit])
    begins = Q(name_folded__startswith=asked[0]) | Q(name_folded__contains=f" {asked[0]}")
    ranked = Case(When(begins, then=0), default=1, output_field=IntegerField())
    few = rows.filter(among("pk", ids)).annotate(begins=ranked)
    return list(few.order_by("begins", *order)[:limit])
