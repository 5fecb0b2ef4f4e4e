"""Usage for tests."""

import base64
import json
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client

from banso.core import sql
from banso.core.models import ImportRun
from banso.core.scope import current_workspace
from banso.core.tests.builders import TODAY
from banso.customers.models import Customer
from banso.touchpoints.usage import services, store
from banso.touchpoints.usage.models import Account, Arrival, DailyUsage, Source, Visitor

_numbers = count(1)
Sums = dict[tuple[UUID, date, str, str], tuple[int, int, int]]


def a_run() -> ImportRun:
    run: ImportRun = ImportRun.objects.create(mapping="usage", source="usage.csv")
    return run


def a_total(customer: Customer, day: date = TODAY, **values: object) -> store.Total:
    n = next(_numbers)
    facts: dict[str, object] = {"source_id": f"U-{n}", "line": n, "feature": "report", "events": 1}
    return store.Total(customer_id=customer.pk, day=day, **{**facts, **values})  # type: ignore[arg-type]


def an_event(customer: Customer, day: date = TODAY, **values: object) -> store.Event:
    """One event at noon of the local day."""
    noon = datetime.combine(day, time(12), current_workspace().tz).astimezone(UTC)
    facts: dict[str, object] = {"person_key": "p1", "feature": "report", "at": noon}
    facts |= {"contact_id": None, "message_id": f"m-{next(_numbers)}", **values}
    return store.Event(customer_id=customer.pk, **facts)  # type: ignore[arg-type]


def a_day_of_usage(
    customer: Customer, day: date, *, feature: str = "report", people: int = 1, events: int = 1
) -> None:
    """`people` persons (p1, p2, …) of the customer used `feature` `events` times each."""
    with transaction.atomic():
        store.load_events(
            an_event(customer, day, feature=feature, person_key=f"p{n}")
            for n in range(1, people + 1)
            for _time in range(events)
        )


def rollups() -> Sums:
    """(customer, day, feature, person_key) → (events, seconds, errors) of the open workspace."""
    rows = DailyUsage.objects.values_list(
        "customer_id", "day", "feature", "person_key", "events", "seconds", "errors"
    )
    return {row[:4]: row[4:] for row in rows}


class Sending:
    """A source of the open workspace, and posting to the tracking API with its key."""

    def __init__(self) -> None:
        self.source, self.key = services.make_source("製品", kind="server", by=None)
        self.client = Client()

    def post(self, kind: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        basic = base64.b64encode(f"{self.key if key is None else key}:".encode()).decode()
        told = {"authorization": f"Basic {basic}", **headers}
        return self.client.post(f"/v1/{kind}", data, content_type="application/json", headers=told)

    def ok(self, kind: str, body: Any) -> None:
        answer = self.post(kind, body)
        assert (answer.status_code, answer.content) == (200, b'{"success":true}'), answer.content


def sent(event: str = "report", user: str = "u1", **values: Any) -> dict[str, Any]:
    """A track message with an id of its own."""
    facts = {"type": "track", "event": event, "userId": user, "messageId": f"s-{next(_numbers)}"}
    return {**facts, **values}


def stored() -> list[tuple[Any, ...]]:
    """(customer, person, feature, day, account) of every raw event of the open workspace."""
    return sql.rows(
        "SELECT customer_id, person_key, feature, day, account_key FROM usage_event"
        " WHERE workspace_id = %(workspace)s ORDER BY at, feature, message_id"
    )


def a_source(name: str = "", **values: object) -> Source:
    n = next(_numbers)
    facts: dict[str, object] = {"key_prefix": f"bwk_{n:04}", "key_hash": f"{n:064}"}
    made: Source = Source.objects.create(name=name or f"製品 {n}", **{**facts, **values})
    return made


def an_arrival(source: Source | None = None, **values: object) -> Arrival:
    facts: dict[str, object] = {"kind": "track", "count": 1, "new": 1, "body": '{"event": "x"}'}
    made: Arrival = Arrival.objects.create(source=source or a_source(), **{**facts, **values})
    return made


def an_account(key: str = "", **values: object) -> Account:
    made: Account = Account.objects.create(key=key or f"acc-{next(_numbers)}", **values)
    return made


def a_visitor(key: str = "", **values: object) -> Visitor:
    key = key or f"user-{next(_numbers)}"
    made: Visitor = Visitor.objects.create(key=key, **{"person_key": key, **values})
    return made
