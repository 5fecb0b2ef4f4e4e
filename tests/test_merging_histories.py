"""Merges and un-merges in any order, with a team working in between: nothing is lost or strays.

Every row has a home: the customer that its parent (contract, contact) belonged to when it was made,
else whoever stood there then. At any moment it belongs to whom its home is merged into. More
histories: BANSO_HISTORIES=500.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from banso.core.errors import Refused
from banso.core.models import Event
from banso.core.scope import current_workspace
from banso.core.tests.builders import TODAY
from banso.customers import services
from banso.customers.merges.merging import merge_contacts, merge_customers
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import (
    Contact,
    Contract,
    ContractChange,
    Customer,
    Merge,
    MergedRow,
    StageChange,
)
from banso.customers.tests.builders import a_contact, a_contract, a_customer, a_notice
from banso.insight.health.models import Alert, Score
from banso.insight.health.tests.builders import a_judgement
from banso.touchpoints.usage.tests.builders import an_account
from banso.work.services.activities import NextStep
from banso.work.tests.builders import a_call, a_task, an_activity

HISTORIES = int(os.environ.get("BANSO_HISTORIES", "3"))
COMPANIES = 4
VERBS = (
    "merge", "unmerge", "contact", "contract", "notice", "task", "call", "judgement", "account",
    "stage", "score", "join", "edit", "activity", "party",
)  # fmt: skip
steps = st.tuples(st.sampled_from(VERBS), st.integers(0, 7), st.integers(0, 7))
Step = tuple[str, int, int]


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Book:
    """Companies and rows as they should be: `into` is who was merged into whom."""

    companies: list[Customer]
    into: dict[Any, Any] = field(default_factory=dict)
    home: dict[Any, Any] = field(default_factory=dict)  # row (model, key) → company
    signed: dict[Any, Any] = field(default_factory=dict)  # contract → the company that signed it
    contacted: dict[Any, date] = field(default_factory=dict)  # company → the latest day
    merges: list[Merge] = field(default_factory=list)
    only_one: set[Any] = field(default_factory=set)  # rows that may have had to stay

    def root(self, company: Any) -> Any:
        while company in self.into:
            company = self.into[company]
        return company

    def standing(self, n: int) -> Customer:
        pk = self.root(self.companies[n % COMPANIES].pk)
        found: Customer = Customer.objects.get(pk=pk)
        return found

    def add(self, row: Any, home: Any) -> None:
        self.home[type(row), row.pk] = home

    def add_changes(self) -> None:
        """Lines of the ledger belong to their contract."""
        for line in ContractChange.objects.all():
            self.home[ContractChange, line.pk] = self.home[Contract, line.contract_id]

    def rows_of(self, model: Any) -> list[Any]:
        return [pk for (of, pk) in self.home if of is model]


def merge(book: Book, one: Customer, n: int) -> None:
    other = book.standing(n)
    try:
        take = ["industry"] if n % 2 else []
        made = merge_customers(one.pk, merged_id=other.pk, take=take, by=None)
    except Refused:
        assert one.pk == other.pk
        return
    book.into[other.pk] = one.pk
    book.merges.append(made)


def take_apart(book: Book, _one: Customer, n: int) -> None:
    standing = [one for one in book.merges if Merge.objects.get(pk=one.pk).undone_at is None]
    if standing:
        undone = standing[n % len(standing)]
        unmerge(undone.pk, by=None)
        book.into.pop(undone.merged_id, None)


def join(book: Book, one: Customer, n: int) -> None:
    """Two contacts of one company are the same person."""
    people = list(Contact.objects.filter(customer=one).order_by("pk"))
    if len(people) > 1:
        first, second = people[n % len(people)], people[(n + 1) % len(people)]
        merge_contacts(first.pk, merged_id=second.pk, by=None)


def new_notice(book: Book, one: Customer, n: int) -> None:
    contracts = list(Contract.objects.filter(customer=one).order_by("pk"))
    if not contracts:
        book.add(a_notice(one), one.pk)
        return
    contract = contracts[n % len(contracts)]
    notice = a_notice(one, contract_id=contract.pk)
    book.add(notice, book.home[Contract, contract.pk])


def new_contract(book: Book, one: Customer, n: int) -> None:
    book.add(a_contract(one, amount=120_000 * (n + 1)), one.pk)
    book.add_changes()


def new_stage(book: Book, one: Customer, n: int) -> None:
    known = set(StageChange.objects.values_list("pk", flat=True))
    stage = ("trial", "adoption", "established", "leaving")[n % 4]
    services.change_stage(one.pk, stage=stage, entered_on=TODAY - timedelta(days=n), by=None)
    for line in StageChange.objects.exclude(pk__in=known):
        book.add(line, one.pk)


def new_score(book: Book, one: Customer, n: int) -> None:
    """Of a day there is one; of open alerts, too."""
    if not Score.objects.filter(customer=one, day=TODAY - timedelta(days=n)).exists():
        facts = {"scorecard": "x", "version": 1, "band": "watch", "measures_known": 1}
        day = TODAY - timedelta(days=n)
        row = Score.objects.create(customer=one, day=day, measures_all=1, coverage=1, **facts)
        book.only_one.add((Score, row.pk))
        book.add(row, one.pk)
    if not Alert.objects.filter(customer=one, closed_on=None).exists():
        row = Alert.objects.create(customer=one, opened_on=TODAY, to_score=40, band="danger")
        book.only_one.add((Alert, row.pk))
        book.add(row, one.pk)


def new_activity(book: Book, one: Customer, n: int) -> None:
    """With people of one company it is that one's, with its next step; with nobody it stays."""
    people = list(Contact.objects.filter(customer=one).order_by("pk"))
    homes = [book.home[Contact, person.pk] for person in people]
    home = homes[n % len(homes)] if homes and n % 3 else one.pk
    guests = [pk for pk in map(attrgetter("pk"), people) if book.home[Contact, pk] == home]
    day = TODAY - timedelta(days=n)
    made = an_activity(
        one,
        happened_at=datetime.combine(day, time(10), current_workspace().tz),
        contact_ids=guests if n % 3 else [],
        next_step=NextStep("見積") if n % 2 else None,
    )
    book.add(made, home)
    if made.next_step:
        book.add(made.next_step, home)
    book.contacted[home] = max(day, book.contacted.get(home, day))


def new_party(book: Book, one: Customer, n: int) -> None:
    """A contract that another company has signed."""
    signer = book.standing(n)
    if signer.pk != one.pk:
        contract = a_contract(one, signer_id=signer.pk)
        book.add(contract, one.pk)
        book.add_changes()
        book.signed[contract.pk] = signer.pk


def edit(_book: Book, one: Customer, n: int) -> None:
    services.update_customer(one.pk, changes={"goals": f"目標 {n}"}, by=None)


def new(make: Callable[[Customer], Any]) -> Callable[[Book, Customer, int], None]:
    return lambda book, one, n: book.add(make(one), one.pk)


DO: dict[str, Callable[[Book, Customer, int], None]] = {
    "merge": merge,
    "unmerge": take_apart,
    "join": join,
    "contact": new(a_contact),
    "contract": new_contract,
    "notice": new_notice,
    "task": new(lambda one: a_task(customer_id=one.pk)),
    "call": new(a_call),
    "judgement": new(a_judgement),
    "account": new(lambda one: an_account(customer=one)),
    "stage": new_stage,
    "score": new_score,
    "edit": edit,
    "activity": new_activity,
    "party": new_party,
}


def check(book: Book) -> None:
    """Every row is there, and belongs to whom its home is merged into."""
    for (model, pk), home in book.home.items():
        owner = model._base_manager.values_list("customer_id", flat=True).get(pk=pk)
        may_stay = (model, pk) in book.only_one
        assert owner == book.root(home) or (may_stay and owner in _below(book, home)), model
    for contract, signer in book.signed.items():
        assert Contract.objects.get(pk=contract).signer_id == book.root(signer)
    living = set(Customer.objects.values_list("pk", flat=True))
    assert living == {one.pk for one in book.companies} - set(book.into)


def _below(book: Book, home: Any) -> list[Any]:
    """Where a row may have had to stay on its way up."""
    found = [home]
    while found[-1] in book.into:
        found.append(book.into[found[-1]])
    return found


def check_separate(book: Book, before: dict[Any, Any]) -> None:
    """All merges undone, everybody is as before, but for what was edited; no memory is left over."""
    assert MergedRow.objects.count() == 0
    for one in Customer.objects.all():
        assert facts(one) == before[one.pk]
        assert one.last_contact_on == book.contacted.get(one.pk)
        history = one.stage_changes.order_by("-entered_on", "-pk").values_list("stage", flat=True)
        assert history.first() == one.stage
    for contact in Contact.objects.all():
        told = Event.objects.filter(subject_id=contact.pk).exclude(
            name="customers.contact_absorbed"
        )
        assert set(told.values_list("customer_id", flat=True)) == {contact.customer_id}
    assert Contact.objects.count() == len(book.rows_of(Contact))


def facts(one: Customer) -> tuple[Any, ...]:
    return (one.name, one.external_id, one.industry, one.parent_id, one.currency, one.tier)


def history(done: list[Step]) -> None:
    book = Book(
        [
            a_customer(f"会社{n}", external_id=f"C-{n}" if n % 2 else "", industry="製造" * (n % 3))
            for n in range(COMPANIES)
        ]
    )
    services.update_customer(
        book.companies[0].pk, changes={"parent_id": book.companies[1].pk}, by=None
    )
    for line in StageChange.objects.all():
        book.add(line, line.customer_id)
    before = {one.pk: facts(one) for one in Customer.objects.all()}
    for verb, who, n in done:
        events = Event.objects.count()
        DO[verb](book, book.standing(who), n)
        assert Event.objects.count() >= events
        check(book)
    while book.into:
        take_apart(book, book.companies[0], 0)
        check(book)
    for one in Merge.objects.filter(undone_at=None, noun="contact"):
        unmerge(one.pk, by=None)
    check_separate(book, before)


@example(
    [("contact", 0, 0), ("merge", 1, 0), ("contract", 1, 0), ("merge", 2, 1), ("notice", 2, 0)]
)
@example([("contact", 0, 0), ("contact", 1, 0), ("merge", 1, 0), ("join", 1, 0), ("stage", 1, 3)])
@example([("merge", 3, 1), ("merge", 0, 3)])
@example([("stage", 0, 0), ("merge", 1, 0), ("stage", 1, 3)])
@example([("score", 0, 0), ("score", 1, 0), ("merge", 1, 0), ("score", 1, 1), ("merge", 1, 2)])
@example(
    [
        *[("contact", who, 0) for who in (0, 1)],
        *[("merge", 1, 0), ("activity", 1, 1), ("activity", 1, 2), ("activity", 1, 3)],
    ]
)
@example([("merge", 0, 1), ("merge", 0, 3), ("unmerge", 0, 0), ("activity", 0, 1)])
@given(st.lists(steps, min_size=6, max_size=20))
@settings(
    max_examples=HISTORIES,
    phases=[Phase.explicit, Phase.generate],  # shrinking over a database takes minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.usefixtures("acme")
def test_whatever_is_merged_and_undone_every_row_is_where_it_belongs(done: list[Step]) -> None:
    with rolled_back():
        history(done)
