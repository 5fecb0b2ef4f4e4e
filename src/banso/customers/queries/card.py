"""One customer with everything that its page shows from this room."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from banso.customers import filters
from banso.customers.fields import annotate, prepare
from banso.customers.models import Contact, Contract, ContractChange, Customer
from banso.customers.queries.as_of import as_of

CARD = (
    "customers.mrr", "customers.seats", "customers.renewal_on", "customers.notice_on",
    "customers.deadline_on", "customers.days_to_deadline", "customers.last_contact_on",
    "customers.days_since_contact", "customers.contract_state", "customers.champion",
    "customers.stage", "customers.stage_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ContractCard:
    """A contract with the lines of its ledger, newest first."""

    contract: Contract
    lines: list[ContractChange]


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A customer on a day: Field values by key, contacts in post first."""

    customer: Customer
    on: date
    values: dict[str, Any]
    contacts: list[Contact]
    contracts: list[ContractCard]


def customer_card(
    customer_id: UUID,
    *,
    on: date | None = None,
    columns: Iterable[str] = CARD,
    permits: frozenset[str] | None = None,
) -> CustomerCard:
    """Raises Customer.DoesNotExist, Refused for unknown columns. 4 queries, 5 of today."""
    day = as_of(on)
    shown = filters.visible_columns(columns, permits=permits)
    kept = prepare(shown, on=day)
    related = Customer.objects.select_related("main_owner", "sub_owner", "parent")
    customer = annotate(related, [one.key for one in shown], on=day, kept=kept).get(pk=customer_id)
    return CustomerCard(
        customer=customer,
        on=day,
        values={one.key: getattr(customer, one.alias) for one in shown},
        contacts=list(contacts_of(customer_id)),
        contracts=contracts_of(customer_id),
    )


def contacts_of(customer_id: UUID) -> QuerySet[Contact]:
    """The customer's contacts, those in post first, then by name. 1 query when read."""
    contacts: QuerySet[Contact] = Contact.objects.filter(
        customer_id=customer_id, customer__deleted_at=None
    )
    return contacts.order_by("presence", "name_reading", "name", "pk")


def contracts_of(customer_id: UUID) -> list[ContractCard]:
    """The customer's contracts with the lines that count, the latest start first. 2 queries."""
    contracts = Contract.objects.filter(customer_id=customer_id, customer__deleted_at=None)
    lines = defaultdict(list)
    ledger = ContractChange.objects.filter(customer_id=customer_id, voided_at=None)
    for line in ledger.order_by("-effective_on", "-id"):
        lines[line.contract_id].append(line)
    ordered = contracts.select_related("product", "plan").order_by("-start_on", "-pk")
    return [ContractCard(one, lines[one.pk]) for one in ordered]
