"""When somebody of ours was last in touch with a customer."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Event, Person
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.customers.services.checks import check_day, id_of
from banso.customers.services.customers import locked_customer

CONTACTED, TAKEN_BACK = "customers.customer_contacted", "customers.contact_taken_back"


@transaction.atomic
def record_contact(customer_id: UUID, *, on: date, by: Person | None) -> Customer:
    """Somebody of ours spoke with the customer on a day; the latest day is kept on the customer.

    Raises Customer.DoesNotExist, Refused for a day to come.
    Publishes customers.customer_contacted, from which earlier days are known.
    """
    customer = locked_customer(customer_id)
    _contacted(customer, on, by)
    return customer


@transaction.atomic
def note_contact(customer_id: UUID, *, on: date, by: Person | None, origin: str = "") -> int:
    """As `record_contact`; the id of the event, to take it back.

    `origin` names the row of a room that knows more of the contact. Timelines leave such events
    out, because their origin stands there itself.
    """
    return _contacted(locked_customer(customer_id), on, by, **_named(origin))


@transaction.atomic
def take_back_contact(
    customer_id: UUID, *, event_id: int, by: Person | None, origin: str = ""
) -> Customer:
    """The contact that this event told was none: the last contact is the latest that stands.

    Days that were never told by an event (imported, typed) count too. Twice is once. Only with
    the origin that it was noted with. Raises Customer.DoesNotExist, and Event.DoesNotExist for
    events that told no such contact. Publishes customers.contact_taken_back. 4 queries.
    """
    customer = locked_customer(customer_id)
    event = Event.objects.get(pk=event_id, name=CONTACTED)
    is_theirs = bool(origin) or event.customer_id == customer_id  # an origin may have moved
    if event.facts.get("origin", "") != origin or not is_theirs:
        raise Event.DoesNotExist
    taken = taken_back(customer_id)
    if event_id in taken:
        return customer
    day = event.facts["on"]
    if day == _iso(customer.last_contact_on):
        customer.last_contact_on = latest_contact(customer_id, {*taken, event_id})
        customer.save(update_fields=["last_contact_on"])
    facts: dict[str, Any] = _named(origin)
    publish(TAKEN_BACK, customer, by=id_of(by), contact=event_id, on=day, **facts)
    return customer


def _contacted(customer: Customer, on: date, by: Person | None, **facts: Any) -> int:
    check_day(on, field="on")
    if on > current_workspace().today():
        raise Refused(_("Choose today or an earlier day."), code="future", field="on")
    before = _iso(customer.last_contact_on)
    if customer.last_contact_on is None or on > customer.last_contact_on:
        customer.last_contact_on = on
        customer.save(update_fields=["last_contact_on"])
    facts = {"on": on.isoformat(), "before": before, **facts}
    return int(publish(CONTACTED, customer, by=id_of(by), **facts).pk)


def _named(origin: str) -> dict[str, str]:
    return {"origin": origin} if origin else {}


def taken_back(customer_id: UUID) -> set[int]:
    """Events of the customer's contacts that were none. 1 query."""
    events = Event.objects.filter(customer_id=customer_id, name=TAKEN_BACK)
    return {int(facts["contact"]) for facts in events.values_list("facts", flat=True)}


def latest_contact(customer_id: UUID, taken: set[int]) -> date | None:
    """The latest day of a contact that stands, or that stood before events told of any. 1 query."""
    events = Event.objects.filter(customer_id=customer_id, name=CONTACTED)
    return latest_of(dict(events.values_list("pk", "facts")), taken)


def latest_of(told: Mapping[int, Any], taken: set[int]) -> date | None:
    """As `latest_contact`, of the facts of a customer's contacts by their events."""
    standing = {facts["on"] for pk, facts in told.items() if pk not in taken}
    untold = {facts.get("before") for facts in told.values()}
    untold -= {facts["on"] for facts in told.values()} | {None}
    latest = max(standing | untold, default=None)
    return as_day(latest)


def as_day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
