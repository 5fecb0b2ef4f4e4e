"""What a customer's page shows of this room, in as few statements as it takes."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef

from banso.core.models import Person
from banso.customers.fields import annotate
from banso.customers.models import CancellationNotice, Contact, CurrentState, Customer, Purchase
from banso.customers.queries.as_of import as_of
from banso.customers.queries.card import ContractCard, contacts_of, contracts_of
from banso.customers.queries.parties import PartyRow, contracts_as_party
from banso.customers.queries.timeline import TimelinePage, entries_of

NAMES = ("mrr", "notice_on", "renewal_on", "contract_state", "last_contact_on")
TIMELINE = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """The customer's values today. `mrr` in minor units; `renewal_on` is the day after the term."""

    mrr: Decimal | None
    notice_on: date | None
    renewal_on: date | None
    contract_state: str
    last_contact_on: date | None


@dataclass(frozen=True, slots=True)
class CustomerScreen:
    """A customer today: contacts in post first, contracts by their latest start, newest notices."""

    customer: Customer
    on: date
    figures: Figures
    contacts: list[Contact]
    contracts: list[ContractCard]
    as_party: list[PartyRow]
    notices: list[CancellationNotice]
    timeline: TimelinePage


def customer_screen(
    customer_id: UUID, *, known: Iterable[Person] = (), permits: Container[str] = ()
) -> CustomerScreen:
    """Raises Customer.DoesNotExist. 7 queries.

    One more where today's values do not stand beside the customer just now, one where somebody
    wrote history who is neither an owner nor among `known`, one where it tells of contacts who are
    no longer here, and one for each other kind of what it tells of (`permits` of the reader).
    """
    on = as_of(None)
    related = Customer.objects.select_related("main_owner", "sub_owner", "parent", "now")
    bought = Purchase.objects.filter(customer=OuterRef("pk"))
    customer: Customer = related.annotate(has_purchases=Exists(bought)).get(pk=customer_id)
    people = [one for one in (customer.main_owner, customer.sub_owner, *known) if one]
    contacts = list(contacts_of(customer_id))
    notices = CancellationNotice.objects.filter(customer_id=customer_id)
    return CustomerScreen(
        customer=customer,
        on=on,
        figures=_figures(customer, on),
        contacts=contacts,
        contracts=contracts_of(customer_id),
        as_party=contracts_as_party(customer_id),
        notices=list(notices.order_by("-noticed_on", "-pk")),
        timeline=entries_of(
            customer_id, limit=TIMELINE, known=people, contacts=contacts, permits=permits
        ),
    )


def _figures(customer: Customer, on: date) -> Figures:
    """As the Fields say: from the row beside the customer where it is true of today."""
    now: CurrentState | None = getattr(customer, "now", None)  # nothing signed: no row
    spoken = customer.last_contact_on
    if (now and not _is_true(now, on)) or (spoken and spoken > on):
        return _from_the_ledger(customer, on)
    if now is None:
        return Figures(None, None, None, "none", spoken)
    return Figures(
        mrr=now.mrr,
        notice_on=now.notice_on,
        renewal_on=now.renewal_on,
        contract_state=now.contract_state or "none",
        last_contact_on=spoken,
    )


def _is_true(now: CurrentState, on: date) -> bool:
    return now.since is not None and now.until is not None and now.since <= on < now.until


def _from_the_ledger(customer: Customer, on: date) -> Figures:
    keys = [f"customers.{name}" for name in NAMES]
    one = annotate(Customer.objects.filter(pk=customer.pk), keys, on=on, kept=False).get()
    return Figures(**{name: getattr(one, f"f_customers_{name}") for name in NAMES})
