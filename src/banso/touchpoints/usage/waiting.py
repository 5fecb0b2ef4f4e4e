"""Companies and people of the product whose usage belongs to no customer yet, and who they may be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from banso.core import sql
from banso.core.errors import Refused
from banso.customers.models import Contact, Customer
from banso.lib.mail_domains import company_domain
from banso.lib.names import fold_company
from banso.touchpoints.usage.models import Account, Visitor

PAGE = 50
MOST_SUGGESTED = 3
ANONYMOUS = "anon:"
# Traits in which clients tell a company's domain, the surest first.
DOMAIN_TRAITS = ("domain", "website", "url", "email")


class Shown(StrEnum):
    """Which accounts and people a list holds."""

    WAITING = "waiting"
    MATCHED = "matched"
    IGNORED = "ignored"


def asked_shown(text: str) -> Shown:
    """What an address asks for; those that wait where it says nothing. Refused for other words."""
    try:
        return Shown(text or Shown.WAITING)
    except ValueError:
        raise Refused(_("Choose one of the offered values."), code="show", field="show") from None


@dataclass(frozen=True, slots=True)
class Row:
    """An account or a person: `events` wait, `domain` tells the company, `customers` may be it."""

    one: Any
    events: int
    domain: str
    customers: list[Customer] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """Those seen last first; `after` is where the next page begins, None on the last."""

    rows: list[Row]
    after: tuple[str, str] | None


Cursor = tuple[str, str] | None
T = TypeVar("T", Account, Visitor)


def waiting_accounts(
    *, shown: Shown = Shown.WAITING, after: Cursor = None, limit: int = PAGE
) -> Page:
    """Companies of the product that are no customer yet (or: are one, are ignored). 4 queries."""
    accounts, following = _page(_accounts(shown).select_related("customer"), after, limit)
    waits = shown is not Shown.MATCHED
    events = _counted(OF_ACCOUNTS, [one.key for one in accounts if waits])
    told = {one.pk: domain_of(one) for one in accounts}
    found = _suggested([(told[one.pk], str(one)) for one in accounts if waits])
    rows = [
        Row(one, events.get(one.key, 0), told[one.pk], _of(found, told[one.pk], str(one)))
        for one in accounts
    ]
    return Page(rows, following)


def waiting_visitors(
    *, shown: Shown = Shown.WAITING, after: Cursor = None, limit: int = PAGE
) -> Page:
    """People of the product who are known by an id, belong to no company, and are no contact yet.

    Nor those whose events all are a customer's, for they name its company themselves. (Or: are a
    contact, are ignored.) 4 queries.
    """
    people, following = _page(_visitors(shown).select_related("contact__customer"), after, limit)
    waits = shown is not Shown.MATCHED
    events = _counted(OF_PEOPLE, [one.person_key for one in people if waits])
    told = {one.pk: domain_of(one) for one in people}
    found = _suggested([(told[one.pk], "") for one in people if waits])
    rows = [
        Row(one, events.get(one.person_key, 0), told[one.pk], _of(found, told[one.pk], ""))
        for one in people
    ]
    return Page(rows, following)


def count_waiting() -> tuple[int, int]:
    """How many accounts and how many known people wait. 2 queries."""
    return _accounts(Shown.WAITING).count(), _visitors(Shown.WAITING).count()


def suggestions(*, domain: str, name: str) -> list[Customer]:
    """Living customers of this domain (their own, or that of a contact's address) or name.

    At most three, domains before names. 2 queries.
    """
    return _of(_suggested([(domain, name)]), domain, name)


def _accounts(shown: Shown) -> QuerySet[Account]:
    found: QuerySet[Account] = Account.objects.all()
    if shown is Shown.MATCHED:
        return found.filter(customer__deleted_at=None, customer__isnull=False)
    return found.filter(customer=None, ignored_at__isnull=shown is Shown.WAITING)


def _visitors(shown: Shown) -> QuerySet[Visitor]:
    found: QuerySet[Visitor] = Visitor.objects.exclude(key__startswith=ANONYMOUS)
    if shown is Shown.MATCHED:
        return found.filter(contact__isnull=False)
    found = found.filter(contact=None, same_as=None, current_account="")
    if shown is Shown.IGNORED:
        return found.filter(ignored_at__isnull=False)
    return found.filter(ignored_at=None).filter(_sent("event.customer_id IS NULL") | ~_sent("true"))


def _sent(which: str) -> Q:
    """Whether the person has sent an event of which this is true. Events are no Django model."""
    event = (
        "EXISTS (SELECT FROM usage_event AS event WHERE event.source_id IS NOT NULL"
        " AND (event.workspace_id, event.person_key) = (%(expressions)s) AND %(which)s)"
    )
    keys = (F("workspace_id"), F("person_key"))
    return Q(Func(*keys, template=event, which=which, output_field=BooleanField()))


def _page(found: QuerySet[T], after: Cursor, limit: int) -> tuple[list[T], Cursor]:
    if after:
        seen, pk = datetime.fromisoformat(after[0]), UUID(after[1])
        found = found.filter(Q(last_seen_at__lt=seen) | Q(last_seen_at=seen, pk__lt=pk))
    rows = list(found.order_by("-last_seen_at", "-pk")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], (last.last_seen_at.isoformat(), str(last.pk)) if last else None


OF_ACCOUNTS = """
SELECT key, sum(events) FROM (
    SELECT account_key AS key, count(*) AS events FROM usage_event
    WHERE workspace_id = %(workspace)s AND account_key = ANY(%(keys)s) AND account_key <> ''
        AND customer_id IS NULL
    GROUP BY 1
    UNION ALL
    SELECT visitor.current_account, count(*) FROM usage_visitor AS visitor
    JOIN usage_event AS event ON event.workspace_id = visitor.workspace_id
        AND event.person_key = visitor.person_key AND event.account_key = ''
        AND event.source_id IS NOT NULL AND event.customer_id IS NULL
    WHERE visitor.workspace_id = %(workspace)s AND visitor.same_as_id IS NULL
        AND visitor.current_account = ANY(%(keys)s)
    GROUP BY 1
) AS waiting GROUP BY key
"""
OF_PEOPLE = """
SELECT person_key, count(*) FROM usage_event
WHERE workspace_id = %(workspace)s AND person_key = ANY(%(keys)s) AND source_id IS NOT NULL
    AND customer_id IS NULL
GROUP BY 1
"""


def _counted(statement: str, keys: Sequence[str]) -> dict[str, int]:
    """How many events wait for a customer, by key. 1 query, none for nobody."""
    found = sql.rows(statement, {"keys": list(keys)}) if keys else []
    return {key: int(count) for key, count in found}


def domain_of(one: Account | Visitor) -> str:
    """The company's domain as the traits or the person's address tell it; "" when they do not."""
    if isinstance(one, Visitor):
        return company_domain(one.email)
    told = one.traits if isinstance(one.traits, dict) else {}
    texts = (told.get(name) for name in DOMAIN_TRAITS)
    return next(filter(None, (company_domain(t) for t in texts if isinstance(t, str))), "")


@dataclass(frozen=True, slots=True)
class _Found:
    by_domain: dict[str, list[Customer]]
    by_name: dict[str, list[Customer]]


def _suggested(asked: Iterable[tuple[str, str]]) -> _Found:
    """Customers by the domains and by the names asked for. 2 queries, none for nothing."""
    pairs = list(asked)
    domains = {domain for domain, _name in pairs if domain}
    names = {folded for _domain, name in pairs if (folded := fold_company(name))}
    return _Found(_by_domain(domains), _by_name(names))


def _by_domain(domains: set[str]) -> dict[str, list[Customer]]:
    found: dict[str, list[Customer]] = {}
    if not domains:
        return found
    for one in Customer.objects.filter(domain__in=domains).order_by("name_sort", "pk"):
        found.setdefault(one.domain, []).append(one)
    host = Lower(
        Func("email", Value("@"), Value(2), function="split_part", output_field=TextField())
    )
    contacts = Contact.objects.annotate(host=host).filter(host__in=domains)
    contacts = contacts.filter(customer__deleted_at=None).select_related("customer")
    for contact in contacts.order_by("customer__name_sort", "pk"):
        listed = found.setdefault(contact.host, [])
        if contact.customer not in listed:
            listed.append(contact.customer)
    return found


def _by_name(names: set[str]) -> dict[str, list[Customer]]:
    found: dict[str, list[Customer]] = {}
    if not names:
        return found
    same = reduce(
        or_, (Q(name_folded=n) | Q(name_folded__startswith=f"{n} ") for n in sorted(names))
    )
    for one in Customer.objects.filter(same).order_by("name_sort", "pk"):
        found.setdefault(fold_company(one.name), []).append(one)
    return found


def _of(found: _Found, domain: str, name: str) -> list[Customer]:
    both = [*found.by_domain.get(domain, []), *found.by_name.get(fold_company(name), [])]
    return list(dict.fromkeys(both))[:MOST_SUGGESTED]
