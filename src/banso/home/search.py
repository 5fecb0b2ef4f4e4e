"""Search over customers, contacts, contract numbers, activities and pages.

Tolerant of width, kana and 株式会社.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.urls import reverse

from banso.core.among import among
from banso.core.declarations import Words
from banso.core.ui.wording import short_day
from banso.customers.models import Contact, Contract, Customer
from banso.home.navigation import PLACES
from banso.lib.names import fold_company, fold_name
from banso.lib.text import fold, narrow
from banso.work import queries as work

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
    """Pages, customers, contacts, contracts of that number, then activities that hold every word.

    At most `limit` of each. 7 queries.
    """
    asked = fold(words[:LONGEST]).split()
    if not asked:
        return []
    found = _pages(asked, permits)
    if "customers.read" in permits:
        found += [*_customers(asked, limit), *_contacts(asked, limit), *_contracts(words, limit)]
    if "work.read" in permits:
        found += _activities(asked, limit)
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


def _activities(asked: list[str], limit: int) -> list[Found]:
    return [
        Found(
            row.title,
            f"{row.customer.name} · {short_day(row.happened_at)}",
            reverse("work:activity", args=[row.pk]),
            "chat",
        )
        for row in work.search_activities(asked, limit=limit)
    ]


def _contracts(words: str, limit: int) -> list[Found]:
    """Contracts of exactly this number (契約番号), in whatever width or case it was typed."""
    typed = words[:LONGEST].replace("\x00", "").strip()
    spellings = {typed, narrow(typed), narrow(typed).upper()}
    rows = Contract.objects.filter(number__in=spellings, customer__deleted_at=None)
    rows = rows.select_related("customer", "product").order_by("-start_on", "pk")
    return [
        Found(
            f"{row.number} {row.product}",
            row.customer.name,
            reverse("customers:contract", args=[row.pk]),
            "contract",
        )
        for row in rows[:limit]
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
