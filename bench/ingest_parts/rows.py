"""The store against COPY."""

import gc
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from banso.core.models import Workspace
from banso.customers.services import NewCustomer, create_customers
from banso.touchpoints.usage import services
from banso.touchpoints.usage.live import Note
from banso.touchpoints.usage.models import SourceKind, Visitor
from banso.touchpoints.usage.wire.meaning import Meaning, understood
from banso.touchpoints.usage.wire.messages import parse
from bench.ground import TODAY
from bench.measure import Claim, side_by_side

BATCH = 100
CUSTOMERS, PEOPLE, FEATURES = 200, 1000, 20
COPY = """
COPY usage_event (workspace_id, customer_id, contact_id, person_key, feature, at, day, message_id,
    source_id, account_key, kind, properties) FROM STDIN (FORMAT BINARY)
"""
JSONB = b"\x01"  # what stands before the text of a jsonb value in binary COPY
MANY_SEEN = "INSERT INTO usage_seen SELECT gen_random_uuid(), %s FROM generate_series(1, %s)"


@dataclass(slots=True)
class Sending:
    """A source, and the messages that its product sends."""

    workspace: Workspace
    source: UUID
    key: str
    random: Random = field(default_factory=lambda: Random(3))  # noqa: S311

    def message(self) -> dict[str, Any]:
        """A track message as the official Python client sends it.

        Its properties are as large as those of the examples in Segment's specification: 164 bytes.
        """
        number = self.random.randrange(1_000_000)
        return {
            "type": "track",
            "event": f"Feature {self.random.randrange(FEATURES)}",
            "userId": f"user-{self.random.randrange(PEOPLE)}",
            "anonymousId": None,
            "messageId": str(UUID(int=self.random.getrandbits(128), version=4)),
            "timestamp": datetime.now(UTC).isoformat(),
            "properties": {
                "plan": "pro",
                "item": number,
                "title": "請求書の作成",
                "url": f"https://app.example.jp/invoices/{number}/edit?from=list",
                "seconds": number % 600,
                "mobile": False,
            },
            "context": {"library": {"name": "analytics-python", "version": "2.3.3"}},
            "integrations": {},
        }

    def body(self, messages: int = BATCH) -> bytes:
        batch = [self.message() for _ in range(messages)]
        sent = datetime.now(UTC).isoformat()
        return json.dumps({"batch": batch, "sentAt": sent, "writeKey": self.key}).encode()


def prepare(workspace: Workspace) -> Sending:
    """A book of customers whose people have all been heard of, and a month's partition."""
    create_customers([_customer(n) for n in range(CUSTOMERS)], by=None)
    source, key = services.make_source("bench", kind=SourceKind.SERVER, by=None)
    sending = Sending(workspace, source.pk, key)
    for start in range(0, PEOPLE, BATCH):
        groups = [_group(n) for n in range(start, start + BATCH)]
        take(sending, json.dumps({"batch": groups}).encode())
    services.roll_up_due()
    return sending


def against_copy(sending: Sending, *, size: int, runs: int, seen: int) -> Claim:
    """`size` events a run, in batches of 100, each committed."""
    if seen:
        _see(seen)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    bodies = [[sending.body() for _ in range(size // BATCH)] for _run in range(runs)]
    finished = [[_finished(sending, body) for body in run] for run in bodies]
    ours, theirs = iter(bodies), iter(finished)
    gc.collect()
    gc.freeze()  # a server does not look through a bench's rows for garbage either
    return side_by_side(
        f"ingest, {seen:,} ids seen",
        lambda: _take_all(sending, next(ours)),
        peer="COPY of the same rows",
        theirs=lambda: [_copy(rows) for rows in next(theirs)],
        size=f"{size} events in batches of {BATCH}, each committed",
        runs=runs,
        of_speed=True,
    )


def _take_all(sending: Sending, bodies: list[bytes]) -> None:
    for body in bodies:
        take(sending, body)


def take(sending: Sending, body: bytes) -> None:
    """What a request does with its body, once the source is known."""
    note = Note(sending.source, "batch", datetime.now(UTC))
    services.take_messages(_meaning(sending, body), note=note, seen_at=note.received)


def _meaning(sending: Sending, body: bytes) -> Meaning:
    parsed, now = parse(body, kind="batch"), datetime.now(UTC)
    workspace = sending.workspace.pk
    return understood(parsed, workspace=workspace, received=now)


def _finished(sending: Sending, body: bytes) -> list[tuple[Any, ...]]:
    """The rows that the body's messages become, as COPY takes them fastest."""
    workspace, source = sending.workspace.pk, sending.source
    owners = dict(Visitor.objects.values_list("key", "current_customer_id"))
    rows: list[tuple[Any, ...]] = []
    for use in _meaning(sending, body).uses:
        day = sending.workspace.day_of(use.at)
        who = (workspace, owners[use.person], None, use.person, use.feature, use.at, day)
        rows.append((*who, use.message_id, source, use.account, use.kind, JSONB + use.properties))
    return rows


@transaction.atomic
def _copy(rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in rows:
            copy.write_row(row)


def _see(many: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MANY_SEEN, [TODAY, many])


def _customer(n: int) -> NewCustomer:
    return NewCustomer(name=f"会社{n}", external_id=f"C{n}")


def _group(n: int) -> dict[str, Any]:
    return {"type": "group", "userId": f"user-{n}", "groupId": f"C{n % CUSTOMERS}"}
