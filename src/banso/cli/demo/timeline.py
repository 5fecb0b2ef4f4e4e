"""The customers' past, told as events: talks, stages, ledger lines, people who moved.

Written straight as rows, unlike all else: nobody is to hear of them now.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import models

from banso.cli.demo.book import Book, Line, PlannedContact, PlannedContract, PlannedCustomer
from banso.cli.demo.dates import moment
from banso.cli.demo.ground import begins_on
from banso.cli.demo.posts import successor_of
from banso.cli.demo.talks import Talks
from banso.core.models import Event, Person
from banso.customers.models import Contact, Contract, Customer
from banso.work.models import Activity

LINE_EVENTS = {"renewal": "contract_renewed", "end": "contract_ended"}


def write(
    book: Book,
    customers: Mapping[int, Customer],
    contacts: Mapping[tuple[int, int], Contact],
    contracts: Mapping[str, Contract],
    people: Mapping[str, Person],
    talks: Talks,
) -> None:
    """Events of everything that happened since the story began, oldest first."""
    events = [
        event
        for one in book.customers
        for event in _of_customer(one, customers[one.number], contacts, contracts, people, talks)
    ]
    begun = moment(begins_on(book.today), 0)
    latest = moment(book.today, 0)  # nobody looks at the demo earlier
    for one in events:
        one.at = min(one.at, latest)
    events = sorted((one for one in events if one.at >= begun), key=lambda one: one.at)
    Event.objects.bulk_create(events, batch_size=1000)


def _of_customer(
    one: PlannedCustomer,
    customer: Customer,
    contacts: Mapping[tuple[int, int], Contact],
    contracts: Mapping[str, Contract],
    people: Mapping[str, Person],
    talks: Talks,
) -> Iterator[Event]:
    by = people[one.owner].pk
    for day in one.touches:
        yield from _of_touch(one, customer, by, day, talks.get((one.number, day)))
    for (before, _entered), (after, entered) in pairwise(one.stages):
        facts = {"before": before, "after": after, "on": entered.isoformat()}
        yield _event("stage_changed", customer, by, entered, 10, 30, **facts)
    for contract in one.contracts:
        yield from _of_contract(contract, contracts[contract.number], by)
    for index, contact in enumerate(one.contacts):
        if contact.presence_since and contact.presence != "here":
            yield from _of_move(one, contact, contacts, contacts[one.number, index], by)


def _of_move(
    one: PlannedCustomer,
    contact: PlannedContact,
    contacts: Mapping[tuple[int, int], Contact],
    row: Contact,
    by: UUID,
) -> Iterator[Event]:
    since = contact.presence_since
    if since is None:
        return
    roles, told = list(contact.roles), {"presence": contact.presence, "on": since.isoformat()}
    plain: dict[str, Any] = {"roles": roles}
    if "champion" in roles:
        yield _event("champion_gone", row, by, since, 9, 40, **told)
        plain["origin"] = "customers.champion_gone"
    yield _event("contact_moved", row, by, since, 9, 40, **told, **plain)
    if (heir := successor_of(one, contact)) is not None:
        facts = {"successor": str(contacts[one.number, heir].pk), "roles": roles}
        yield _event("contact_succeeded", row, by, since, 9, 41, **facts)


def _of_touch(
    one: PlannedCustomer, customer: Customer, by: UUID, day: date, talk: Activity | None
) -> Iterator[Event]:
    minute, on = (one.number * 7 + day.day) % 60, day.isoformat()
    if talk is None:
        yield _event("customer_contacted", customer, by, day, 13, minute, on=on)
        return
    origin = f"work.activity:{talk.pk}"
    yield _event("customer_contacted", customer, by, day, 18, minute, on=on, origin=origin)
    facts = {"kind": talk.kind, "mood": talk.mood, "on": on}
    logged = _event("activity_logged", talk, by, day, 18, minute, **facts)
    logged.name = "work.activity_logged"
    yield logged


def _of_contract(plan: PlannedContract, contract: Contract, by: UUID) -> Iterator[Event]:
    for before, line in pairwise(plan.lines):
        name = LINE_EVENTS.get(line.kind, "contract_changed")
        facts = _facts(contract, line, before)
        yield _event(name, contract, by, line.effective_on, 11, 0, **facts)


def _facts(contract: Contract, line: Line, before: Line) -> dict[str, Any]:
    return {
        "contract": str(contract.pk),
        "kind": line.kind,
        "on": line.effective_on.isoformat(),
        "mrr": line.mrr,
        "currency": contract.currency,
        "trial": False,
        "mrr_change": line.mrr - before.mrr,
    }


def _event(
    name: str, subject: models.Model, by: UUID, day: date, hour: int, minute: int, **facts: Any
) -> Event:
    return Event(
        name=f"customers.{name}",
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        customer_id=getattr(subject, "customer_id", None),
        by=by,
        at=moment(day, hour, minute),
        facts=facts,
    )
