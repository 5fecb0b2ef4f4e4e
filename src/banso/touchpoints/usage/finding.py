"""Finding who a company or person of the product is; making a customer or contact of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from banso.core.models import Person
from banso.customers.models import Contact, Customer
from banso.customers.services import create_contact, create_customer
from banso.lib.names import fold_company, fold_name
from banso.touchpoints.usage import waiting
from banso.touchpoints.usage.models import Account, Visitor
from banso.touchpoints.usage.services import match_account
from banso.touchpoints.usage.services.people import match_visitor

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


@transaction.atomic
def customer_of(account_id: UUID, *, by: Person) -> Customer:
    """A new customer with the account's name and domain, whose external id is the account's key.

    The account's usage is theirs. Raises Account.DoesNotExist; Refused when the key is taken.
    """
    account = Account.objects.get(pk=account_id)
    domain, told = waiting.domain_of(account), account.traits
    given: dict[str, Any] = {"name": account.name or account.key, "external_id": account.key}
    if isinstance(industry := told.get("industry"), str):
        given["industry"] = industry[:80]
    customer = create_customer(**given, domain=domain, by=by)
    match_account(account_id, customer_id=customer.pk, by=by)
    return customer


@transaction.atomic
def contact_of(visitor_id: UUID, *, customer_id: UUID, by: Person) -> Contact:
    """A new contact of the customer with the person's name and address, and the person is it.

    Raises Visitor.DoesNotExist, Customer.DoesNotExist; Refused for an address that is none.
    """
    visitor = Visitor.objects.get(pk=visitor_id)
    name = visitor.name or visitor.email or visitor.key
    contact = create_contact(customer_id, name=name[:120], email=visitor.email, by=by)
    match_visitor(visitor_id, contact_id=contact.pk, by=by)
    return contact
