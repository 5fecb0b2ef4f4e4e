"""Eight pairs of hands: each does what people and programs do, and notes what it was told."""

import itertools
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection
from django.test import Client

from banso.core.errors import Refused
from banso.core.models import Person
from banso.core.tests.builders import TODAY
from banso.customers import services
from banso.customers.bulk_edits import running
from banso.customers.bulk_edits.choices import by_id
from banso.customers.bulk_edits.undoing import undo_bulk_edit
from banso.customers.models import BulkEdit, Contract, ContractChange
from banso.work import services as work
from trials.ground import Ground
from trials.races.signing import SIGNING

CUSTOMERS, CONTRACTS, TASKS = 6, 8, 6
START = date(2025, 1, 1)
TIERS, STAGES = ("high", "low", "tech"), ("trial", "onboarding", "adoption", "established")
KEYS = 12  # idempotency keys that the threads share


@dataclass
class Story:
    """What everybody was told.

    `attributes`: the last value that each thread was told for its own attribute, by customer.
    `tiers`: (asked, told, value) in seconds. `lines`: ledger lines added less voided, by contract.
    """

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    attributes: dict[tuple[UUID, str], int] = field(default_factory=dict)
    tiers: dict[UUID, list[tuple[float, float, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    written: Counter[UUID] = field(default_factory=Counter)
    created: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    origins: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    lock: threading.Lock = field(default_factory=threading.Lock)


class Hands:
    """The rows that all work on, made before anybody begins."""

    def __init__(self, place: Ground, story: Story, seed: int) -> None:
        self.place, self.story, self.seed, self.begun = place, story, seed, START
        self.people: list[Person] = list(place.ours.people.values())
        self.customers = [
            services.create_customer(name=f"顧客{n}", since=START, by=None).pk
            for n in range(CUSTOMERS)
        ]
        product = services.ensure_product("製品")
        self.contracts = [
            services.sign_contract(
                self.customers[n % CUSTOMERS],
                product=product,
                start_on=START,
                amount=1_200_000,
                by=None,
            ).pk
            for n in range(CONTRACTS)
        ]
        self.tasks = [work.open_task(title=f"{n}").pk for n in range(TASKS)]
        self.edits: list[UUID] = []
        for thread in range(16):
            services.create_attribute(key=f"t{thread}", label=f"t{thread}", kind="number", by=None)
        services.create_attribute(key="shared", label="shared", kind="number", by=None)

    def work(self, threads: int, operations: int) -> None:
        """Every thread does so many operations, all at once."""
        connection.close()  # the pool has one for each thread
        with ThreadPoolExecutor(threads) as pool:
            jobs = [
                pool.submit(copy_context().run, self._hand, number, operations)
                for number in range(threads)
            ]
            for one in jobs:
                one.result()

    def _hand(self, number: int, operations: int) -> None:
        random, counter = Random(f"{self.seed}/{number}"), itertools.count(1)
        try:
            for _operation in range(operations):
                self._try(random.choices(OPERATIONS, WEIGHTS)[0], random, number, next(counter))
        finally:
            connection.close()

    def _try(self, do: Callable[..., None], random: Random, number: int, count: int) -> None:
        name = do.__name__
        try:
            do(self, random, number, count)
        except (Refused, Contract.DoesNotExist) as refusal:
            with self.story.lock:
                self.story.refused[f"{name}: {getattr(refusal, 'code', 'not there')}"] += 1
        except DatabaseError as error:
            with self.story.lock:
                self.story.troubles.append(f"{name}: {type(error).__name__}: {error}"[:300])
        else:
            with self.story.lock:
                self.story.done[name] += 1


def assign(hands: Hands, random: Random, _number: int, _count: int) -> None:
    changes = {"main_owner_id": random.choice([*(one.pk for one in hands.people), None])}
    services.update_customer(random.choice(hands.customers), changes=changes, by=_by(hands, random))


def change_tier(hands: Hands, random: Random, _number: int, _count: int) -> None:
    pk, tier, asked = random.choice(hands.customers), random.choice(TIERS), time.monotonic()
    services.update_customer(pk, changes={"tier": tier}, by=_by(hands, random))
    with hands.story.lock:
        hands.story.tiers[pk].append((asked, time.monotonic(), tier))


def fill_in(hands: Hands, random: Random, number: int, count: int) -> None:
    """A thread's own attribute: nobody else writes it, so it must stand as last told."""
    pk, key = random.choice(hands.customers), f"t{number}"
    services.update_customer(pk, changes={"attributes": {key: count}}, by=_by(hands, random))
    with hands.story.lock:
        hands.story.attributes[pk, key] = count


def move_stage(hands: Hands, random: Random, _number: int, _count: int) -> None:
    day = TODAY - timedelta(days=random.choice([0, 0, 1, 5]))
    services.change_stage(
        random.choice(hands.customers),
        stage=random.choice(STAGES),
        entered_on=day,
        by=_by(hands, random),
    )


def change_contract(hands: Hands, random: Random, _number: int, _count: int) -> None:
    pk = random.choice(hands.contracts)
    services.change_contract(
        pk,
        effective_on=START + timedelta(days=random.randrange(1, 600)),
        kind="price",
        amount=random.randrange(1, 5_000_000),
        by=_by(hands, random),
    )
    with hands.story.lock:
        hands.story.written[pk] += 1


def correct_contract(hands: Hands, random: Random, _number: int, _count: int) -> None:
    lines = ContractChange.objects.filter(contract=random.choice(hands.contracts), voided_at=None)
    line = random.choice(list(lines.order_by("pk")))
    amount = random.randrange(1, 5_000_000)
    services.correct_change(line.pk, amount=amount, by=_by(hands, random))


def void_line(hands: Hands, random: Random, _number: int, _count: int) -> None:
    lines = ContractChange.objects.filter(contract=random.choice(hands.contracts), voided_at=None)
    line = lines.exclude(kind="new").order_by("?").first()
    if line is not None:
        services.void_change(line.pk, by=_by(hands, random))
        with hands.story.lock:
            hands.story.written[line.contract_id] -= 1


def bulk_edit(hands: Hands, random: Random, _number: int, count: int) -> None:
    chosen = by_id(random.sample(hands.customers, random.randrange(2, CUSTOMERS + 1)))
    changes: dict[str, Any] = random.choice(
        [
            {"main_owner_id": random.choice(hands.people).pk},
            {"tier": random.choice(TIERS)},
            {"stage": random.choice(STAGES)},
            {"attributes": {"shared": count}},
            {"attributes": {"shared": None}, "main_owner_id": None},
        ]
    )
    asked = time.monotonic()
    edit = running.begin_bulk_edit(chosen, changes=changes, by=_by(hands, random))
    told = time.monotonic()
    with hands.story.lock:
        hands.edits.append(edit.pk)
        if "tier" in changes:
            rows = edit.rows.filter(outcome="changed").values_list("customer_id", flat=True)
            for pk in rows:
                hands.story.tiers[pk].append((asked, told, changes["tier"]))


def undo(hands: Hands, random: Random, _number: int, _count: int) -> None:
    """Takes back one of the latest edits; what comes back counts as written."""
    with hands.story.lock:
        pk = random.choice(hands.edits[-12:]) if hands.edits else None
    if pk is None:
        return
    asked = time.monotonic()
    edit: BulkEdit = undo_bulk_edit(pk, by=_by(hands, random))
    told = time.monotonic()
    if "tier" not in edit.changes:
        return
    rows = edit.rows.filter(outcome="changed").exclude(kept__contains=["tier"])
    with hands.story.lock:
        for row in rows:
            hands.story.tiers[row.customer_id].append((asked, told, row.before["tier"]))


def finish_or_reopen(hands: Hands, random: Random, _number: int, _count: int) -> None:
    verb = random.choice([work.finish_task, work.reopen_task])
    verb(random.choice(hands.tasks), by=_by(hands, random))


def open_by_origin(hands: Hands, random: Random, _number: int, count: int) -> None:
    """The same cause from several hands makes one task."""
    origin = f"cause:{count // 4}"
    task = work.open_task(title="x", origin=origin, by=_by(hands, random))
    with hands.story.lock:
        hands.story.origins[origin].add(task.pk)


def create_with_key(hands: Hands, random: Random, _number: int, _count: int) -> None:
    """A program asks for one of a few wishes, as others do at the same moment."""
    key = f"wish-{random.randrange(KEYS)}"
    answer = Client(headers={"authorization": f"Bearer {hands.place.ours.key}"}).post(
        "/api/v1/tasks",
        {"title": key},
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )
    if answer.status_code == 201:
        with hands.story.lock:
            hands.story.created[key].add(answer.json()["id"])
    elif answer.status_code != 409:
        raise DatabaseError(f"answer {answer.status_code}")


def _by(hands: Hands, random: Random) -> Person:
    return random.choice(hands.people)


MIX: dict[Callable[[Hands, Random, int, int], None], int] = {
    assign: 12,
    change_tier: 8,
    fill_in: 14,
    move_stage: 8,
    change_contract: 14,
    correct_contract: 6,
    void_line: 8,
    bulk_edit: 8,
    undo: 7,
    finish_or_reopen: 8,
    open_by_origin: 5,
    create_with_key: 4,
    **SIGNING,
}
OPERATIONS, WEIGHTS = list(MIX), list(MIX.values())
