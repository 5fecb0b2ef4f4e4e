"""The last contacts of many customers at once, for what comes in and goes out by thousands."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from banso.core import sql
from banso.core.events import publish_each, publish_many
from banso.core.models import Event, Person
from banso.customers.models import Customer
from banso.customers.services.checks import id_of
from banso.customers.services.contacted import CONTACTED, TAKEN_BACK, latest_of

_MOVE = """
UPDATE customers_customer AS customer SET last_contact_on = moved.day
FROM unnest(%(ids)s::uuid[], %(days)s::date[]) AS moved (id, day)
WHERE customer.id = moved.id AND customer.workspace_id = %(workspace)s
"""


class Spoken(NamedTuple):
    """A contact of the day `on`; `origin` names the row that knows more of it."""

    customer_id: UUID
    on: date
    origin: str


@transaction.atomic
def note_contacts(spoken: Sequence[Spoken], *, by: Person | None) -> list[int]:
    """As `note_contact` of each, in their order; the ids of the events.

    That the customers exist and no day is to come is the caller's to know; binned ones count, too.
    Publishes customers.customer_contacted for each. 3 statements.
    """
    customers = _locked(one.customer_id for one in spoken)
    moved, told = dict[UUID, date](), list[tuple[Customer, dict[str, Any]]]()
    for one in spoken:
        customer = customers[one.customer_id]
        before = customer.last_contact_on
        facts = {"on": one.on.isoformat(), "before": before.isoformat() if before else None}
        told.append((customer, {**facts, "origin": one.origin}))
        if before is None or one.on > before:
            customer.last_contact_on = moved[customer.pk] = one.on
    _move(moved)
    return publish_each(CONTACTED, told, by=id_of(by))


@transaction.atomic
def take_back_contacts(noted: Iterable[tuple[UUID, int, str]], *, by: Person | None) -> None:
    """As `take_back_contact` of each (customer, event, origin), binned customers too.

    Publishes customers.contact_taken_back for each that stood. 5 statements.
    """
    listed = list(noted)
    customers = _locked(customer for customer, _event, _origin in listed)
    contacts, taken = _told(customers, CONTACTED), _taken(customers)
    elsewhere = _moved_away(listed, contacts)
    back, days = list[tuple[Customer, dict[str, Any]]](), dict[UUID, set[str]]()
    for pk, event, origin in listed:
        facts = contacts[pk].get(event) or elsewhere.get(event)
        if facts is None or event in taken[pk]:
            continue
        taken[pk].add(event)
        days.setdefault(pk, set()).add(facts["on"])
        back.append((customers[pk], {"contact": event, "on": facts["on"], "origin": origin}))
    _move(
        {
            pk: latest_of(contacts[pk], taken[pk])
            for pk, gone in days.items()
            if str(customers[pk].last_contact_on) in gone
        }
    )
    publish_many(TAKEN_BACK, back, by=id_of(by))


def _moved_away(
    noted: Iterable[tuple[UUID, int, str]], contacts: Mapping[UUID, Mapping[int, Any]]
) -> dict[int, Mapping[str, Any]]:
    """Events that merges have left with another customer than their origin."""
    missing = [event for pk, event, _origin in noted if event not in contacts[pk]]
    found = (
        Event.objects.filter(pk__in=missing, name=CONTACTED) if missing else Event.objects.none()
    )
    return dict(found.values_list("pk", "facts"))


def _locked(ids: Iterable[UUID]) -> dict[UUID, Customer]:
    rows = Customer.with_deleted.select_for_update(no_key=True).filter(pk__any=set(ids))
    return {one.pk: one for one in rows.only("last_contact_on").order_by("pk")}


def _told(customers: Iterable[UUID], name: str) -> dict[UUID, dict[int, Mapping[str, Any]]]:
    """The facts of these customers' events, by customer and event."""
    found: dict[UUID, dict[int, Mapping[str, Any]]] = {pk: {} for pk in customers}
    events = Event.objects.filter(customer_id__any=list(found), name=name)
    for customer, pk, facts in events.values_list("customer_id", "pk", "facts"):
        found[customer][pk] = facts
    return found


def _taken(customers: Iterable[UUID]) -> dict[UUID, set[int]]:
    told = _told(customers, TAKEN_BACK)
    return {pk: {int(facts["contact"]) for facts in events.values()} for pk, events in told.items()}


def _move(days: Mapping[UUID, date | None]) -> None:
    if days:
        sql.run(_MOVE, {"ids": list(days), "days": list(days.values())})
