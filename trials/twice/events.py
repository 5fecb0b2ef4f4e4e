"""Events of the tracking API, known by their messageId."""

import base64
import json
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.touchpoints.usage import store
from banso.touchpoints.usage.services import make_source
from tests.worlds import World
from trials.report import Report
from trials.twice import at_once

AT = "2026-11-20T00:00:00Z"
FORTY_DAYS = 40


def check_events(world: World, report: Report) -> None:
    keys = {side.pk: _key(side) for side in (world.ours, world.theirs)}
    ours, theirs = keys[world.ours.pk], keys[world.theirs.pk]
    for number in range(report.dose.of(200, ci=10)):
        one = _event(f"m{number}")
        report.count("events")
        answers = at_once(lambda one=one: _send(ours, one))  # type: ignore[misc]
        report.expect(set(answers) == {200}, f"eight events at once: {answers}")
        _send(ours, one)
        _send(ours, _event(f"m{number}", feature="other"))
        _batch(ours, [one, one])
        _expect_one(world.ours, f"m{number}", report)
    later(FORTY_DAYS)
    for number in range(report.dose.of(200, ci=10)):
        _send(ours, {**_event(f"m{number}"), "sentAt": "2026-12-30T00:00:00Z"})
        _expect_one(world.ours, f"m{number}", report)
        _send(theirs, _event(f"m{number}"))
        _expect_one(world.theirs, f"m{number}", report)


def later(days: int) -> None:
    """As many days have passed for what remembers ids; what is forgotten by then is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE usage_seen SET day = day - %s RETURNING day", [days])
        newest = max(row[0] for row in cursor.fetchall()) + timedelta(days=days)
    store.forget_old_keys(newest - timedelta(days=store.SEEN_DAYS))


def _key(side: Workspace) -> str:
    with open_workspace(side):
        return make_source("twice", kind="server", by=None)[1]


def _event(message: str, *, feature: str = "report") -> dict[str, Any]:
    return {
        "type": "track",
        "messageId": message,
        "userId": "u1",
        "event": feature,
        "timestamp": AT,
    }


def _send(key: str, event: dict[str, Any]) -> int:
    return _post(key, "/v1/track", event)


def _batch(key: str, events: list[dict[str, Any]]) -> int:
    return _post(key, "/v1/batch", {"batch": events, "sentAt": AT})


def _post(key: str, path: str, body: dict[str, Any]) -> int:
    sender = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    answer = Client(headers={"authorization": sender}).post(
        path, json.dumps(body), content_type="application/json"
    )
    return answer.status_code


def _expect_one(side: Workspace, message: str, report: Report) -> None:
    """It stands once, as it came first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(feature) FROM usage_event WHERE workspace_id = %s AND message_id = %s",
            [side.pk, message],
        )
        found = cursor.fetchone()[0]
    report.expect(found == ["report"], f"event {message}: {found}")
