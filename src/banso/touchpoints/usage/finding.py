"""Finding who a company or person of the product is among our customers and contacts."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from banso.customers.models import Contact, Customer
from banso.lib.names import fold_company, fold_name
from banso.touchpoints.usage import waiting
from banso.touchpoints.usage.models import Account, Visitor

SHOWN = 10
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Candidates:
    """Customers that suggest themselves, and what was found by the words asked for."""

    suggested: list[Customer]
    customers: list[Customer]
    contacts: list[Contact]

    @property
    def nothing(self) -> bool:
        return not (self.suggested or self.customers or self.contacts)


def candidates(one: Account | Visitor, words: str) -> Candidates:
    """Who `one` may be, and living customers (for a person: contacts too) that hold every word.

    At most ten of each. 4 queries.
    """
    words = words[:LONGEST].replace("\x00", "")
    domain = waiting.domain_of(one)
    suggested = waiting.suggestions(domain=domain, name=one.name if _is_account(one) else "")
    customers = list(_customers(words)[:SHOWN]) if words.strip() else []
    contacts = list(_contacts(words)[:SHOWN]) if words.strip() and not _is_account(one) else []
    return Candidates(suggested, [c for c in customers if c not in suggested], contacts)


def _is_account(one: Account | Visitor) -> bool:
    return isinstance(one, Account)


def _customers(words: str) -> QuerySet[Customer]:
    held = Q()
    for word in words.split():
        held &= Q(name_folded__contains=fold_company(word))
    asked = held | Q(external_id=words.strip())
    found: QuerySet[Customer] = Customer.objects.filter(asked)
    return found.order_by("name_sort", "pk")


def _contacts(words: str) -> QuerySet[Contact]:
    held = Q()
    for word in words.split():
        held &= Q(name_folded__contains=fold_name(word)) | Q(email__icontains=word)
    living = Contact.objects.filter(held, customer__deleted_at=None)
    found: QuerySet[Contact] = living.select_related("customer")
    return found.order_by("name_reading", "name", "pk")
