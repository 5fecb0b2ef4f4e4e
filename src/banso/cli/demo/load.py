"""The plan written into the database, by the services that people use, and dated as it happened."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction

from banso.cli.demo import (
    chores,
    desk,
    ground,
    moves,
    posts,
    reviews,
    segments,
    talks,
    timeline,
    times,
)
from banso.cli.demo.book import Book, Line, PlannedContact, PlannedContract, PlannedCustomer
from banso.cli.demo.catalogue import (
    INITIAL_FEE,
    MAIN_PRODUCT,
    OPTION_PLAN,
    OPTION_PRICE,
    PAYMENT,
    PLANS,
)
from banso.cli.demo.chance import chance
from banso.cli.demo.dates import moment
from banso.cli.demo.facts import facts_of
from banso.cli.demo.scores import live_through_scores
from banso.cli.demo.team import HEAD
from banso.cli.demo.usage import Ids, first_day, usage_rows
from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.customers import services
from banso.customers.models import Contact, Contract, Customer, Plan, Product
from banso.customers.services import (
    NewChange,
    NewCharge,
    NewContact,
    NewContract,
    NewCustomer,
    NewNotice,
)
from banso.lib.uuid7 import repeatable
from banso.touchpoints.usage import store as usage

Tell = Callable[[str], None]
STEPS = ("ground", "customers", "history", "usage", "scores", "work")
GROWN = (
    "core_event", "customers_currentstate", "customers_customer", "customers_contact", "customers_contractchange",
    "customers_stagechange", "usage_dailyusage", "work_activity",
)  # fmt: skip
T = TypeVar("T")


@dataclass(slots=True)
class Written:
    """What stands in the database so far, by the plan's numbers and keys."""

    book: Book
    people: dict[str, Person]
    products: dict[str, Product] = field(default_factory=dict)
    plans: dict[tuple[str, str], Plan] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    contacts: dict[tuple[int, int], Contact] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)

    @property
    def head(self) -> Person:
        return self.people[HEAD.key]

    def owner_id(self, key: str) -> UUID | None:
        return self.people[key].pk if key else None


@transaction.atomic
def load(book: Book, *, tell: Tell) -> Workspace:
    """The whole book stands in the demo workspace; `tell(step)` is called before each of STEPS.

    The same book gives the same rows, ids and times included. Nothing waits in the job queue.
    """
    first_id = int(moment(ground.begins_on(book.today)).timestamp() * 1000)
    with repeatable(first_id, chance(book.seed, book.today, "ids")):
        tell("ground")
        workspace = ground.make_workspace(book.today)
        with open_workspace(workspace):
            _fill(book, tell)
            workspace.fixed_today = book.today
    return workspace


def _fill(book: Book, tell: Tell) -> None:
    people = ground.make_people(chance(book.seed, "people"), book.today)
    written = Written(book, people)
    ground.make_ground(book.today, written.head)
    tell("customers")
    _write_products(written)
    _write_customers(written)
    _write_contracts(written)
    tell("history")
    times.settle(ground.begins_on(book.today), book.today)
    posts.write(book, written.customers, written.contacts, people)
    told = talks.write(book, written.customers, written.contacts, people)
    timeline.write(book, written.customers, written.contacts, written.contracts, people, told)
    talks.know_events()
    tell("usage")
    usage.load_history(usage_rows(book, _ids(written)), since=first_day(book.today))
    _tell_planner()
    tell("scores")
    chores.write_calls(book, written.customers, people)
    live_through_scores(book, written.customers)
    tell("work")
    chores.write_tasks(book, written.customers, people)
    desk.write(desk.Stand(book, written.customers, written.contracts, written.products, people))
    moves.write(book, written.customers, people)
    services.keep_current()
    reviews.write(people, book.today)
    segments.write_segments(people[HEAD.key], book.today)
    ground.drop_jobs()


def _tell_planner() -> None:
    """Scoring reads what was written a moment ago: the planner must know how much there is."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(GROWN)}")


def _ids(written: Written) -> Ids:
    return Ids(
        customers={number: one.pk for number, one in written.customers.items()},
        contacts={place: one.pk for place, one in written.contacts.items()},
    )


def _write_products(written: Written) -> None:
    offers = [(MAIN_PRODUCT, plan) for plan in PLANS.values()]
    offers += [(option, OPTION_PLAN) for option in OPTION_PRICE]
    for product, plan in offers:
        made = services.ensure_product(product, by=written.head)
        written.products[product] = made
        written.plans[product, plan] = services.ensure_plan(made, plan, by=written.head)


def _write_customers(written: Written) -> None:
    planned = written.book.customers
    made = _all(
        services.create_customers([_customer(written, one) for one in planned], by=written.head)
    )
    written.customers = {one.number: row for one, row in zip(planned, made, strict=True)}
    places = [(one, index) for one in planned for index in range(len(one.contacts))]
    rows = [_contact(written, one, one.contacts[index]) for one, index in places]
    contacts = _all(services.create_contacts(rows, by=written.head))
    written.contacts = {
        (one.number, index): row for (one, index), row in zip(places, contacts, strict=True)
    }


def _customer(written: Written, one: PlannedCustomer) -> NewCustomer:
    return NewCustomer(
        name=one.company.name,
        name_reading=one.company.reading,
        external_id=one.external_id,
        domain=one.company.domain,
        industry=one.company.industry,
        country="JP",
        employees=one.employees,
        tier=one.tier,
        stage_history=tuple(one.stages),
        main_owner_id=written.owner_id(one.owner),
        sub_owner_id=written.owner_id(one.sub_owner),
        goals=one.goals,
        purpose=one.purpose,
        **facts_of(chance(written.book.seed, "facts", one.number), one.tier, one.fate),
        since=one.since,
        last_contact_on=one.touches[-1] if one.touches else None,
        attributes=one.attributes,
    )


def _contact(written: Written, one: PlannedCustomer, contact: PlannedContact) -> NewContact:
    return NewContact(
        customer_id=written.customers[one.number].pk,
        name=contact.human.name,
        name_reading=contact.human.reading,
        email=contact.email,
        phone=contact.phone,
        department=contact.department,
        title=contact.title,
        roles=contact.roles,
        presence=contact.presence,
        presence_since=contact.presence_since,
    )


def _write_contracts(written: Written) -> None:
    pairs = [(one, contract) for one in written.book.customers for contract in one.contracts]
    rows = [_contract(written, one, contract) for one, contract in pairs]
    made = _all(services.sign_contracts(rows, by=written.head))
    written.contracts = {
        contract.number: row for (_, contract), row in zip(pairs, made, strict=True)
    }
    _all(services.add_charges(_fees(written), by=written.head))
    notices = [_notice(written, one) for one in written.book.customers if one.notice]
    _all(services.record_notices(notices, by=written.head))


def _contract(written: Written, one: PlannedCustomer, contract: PlannedContract) -> NewContract:
    first, *later = contract.lines
    return NewContract(
        customer_id=written.customers[one.number].pk,
        product_id=written.products[contract.product].pk,
        plan_id=written.plans[contract.product, contract.plan].pk,
        start_on=first.effective_on,
        end_on=first.covers_until,
        notice_on=first.notice_on,
        notice_months=first.notice_months,
        number=contract.paper,
        amount=first.amount,
        term_months=first.term_months,
        seats=first.seats,
        auto_renew=not contract.is_trial and one.notice is None,
        is_trial=contract.is_trial,
        billing=contract.billing,
        payment=PAYMENT.get(contract.billing, ""),
        external_id=contract.number,
        changes=tuple(map(_change, later)),
    )


def _fees(written: Written) -> list[NewCharge]:
    """What customers of a tier pay once, with their first contract."""
    firsts = [(one.tier, one.contracts[0]) for one in written.book.customers if one.contracts]
    return [
        NewCharge(
            contract_id=written.contracts[first.number].pk,
            amount=INITIAL_FEE[tier],
            charged_on=first.lines[0].effective_on,
        )
        for tier, first in firsts
        if tier in INITIAL_FEE and not first.is_trial
    ]


def _change(line: Line) -> NewChange:
    if line.kind == "end":
        return NewChange(kind="end", effective_on=line.effective_on)
    return NewChange(
        kind=line.kind,
        effective_on=line.effective_on,
        amount=line.amount,
        term_months=line.term_months,
        seats=line.seats,
        end_on=line.covers_until,
        notice_on=line.notice_on,
    )


def _notice(written: Written, one: PlannedCustomer) -> NewNotice:
    assert one.notice is not None  # noqa: S101  (asked by the caller)
    return NewNotice(
        customer_id=written.customers[one.number].pk,
        contract_id=written.contracts[one.contracts[0].number].pk,
        noticed_on=one.notice.noticed_on,
        effective_on=one.notice.effective_on,
        reason=one.notice.reason,
        detail=one.notice.detail,
    )


def _all(outcomes: Iterable[T | Refused]) -> list[T]:
    """The rows made; a refusal is a mistake of the plan and ends the load."""
    made = []
    for outcome in outcomes:
        if isinstance(outcome, Refused):
            raise outcome
        made.append(outcome)
    return made
