"""Search over customers, contacts and pages: tolerant of width, kana and 株式会社."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.urls import reverse

from banso.core.declarations import Words
from banso.customers.models import Contact, Customer
from banso.home.navigation import PLACES
from banso.lib.names import fold_company, fold_name
from banso.lib.text import fold

LIMIT = 20
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One result: what it is called, what tells it apart, and where it is."""

    title: Words
    note: Words
    url: str
    icon: str


def search(words: str, *, permits: frozenset[str], limit: int = LIMIT) -> list[Found]:
    """Pages, customers, then contacts that hold every word; at most `limit` of each. 2 queries."""
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
    rows = _holding(Customer.objects.all(), words).order_by("begins", "name_sort", "pk")
    return [
        Found(row.name, row.name_reading, reverse("customers:customer", args=[row.pk]), "building")
        for row in rows[:limit]
    ]


def _contacts(asked: list[str], limit: int) -> list[Found]:
    people = Contact.objects.select_related("customer")
    rows = _holding(people, [fold_name(word) for word in asked])
    rows = rows.order_by("begins", "name_reading", "name", "pk")
    return [
        Found(
            f"{row.name} {row.title}".strip(),
            row.customer.name,
            reverse("customers:contact", args=[row.pk]),
            "people",
        )
        for row in rows[:limit]
    ]


def _holding(rows: QuerySet[Any], asked: list[str]) -> QuerySet[Any]:
    """Rows with every word; `begins` is 0 where a name or its reading begins with the first one."""
    every = Q()
    for word in asked:
        every &= Q(name_folded__contains=word)
    begins = Q(name_folded__startswith=asked[0]) | Q(name_folded__contains=f" {asked[0]}")
    ranked = Case(When(begins, then=0), default=1, output_field=IntegerField())
    found: QuerySet[Any] = rows.filter(every).annotate(begins=ranked)
    return found
