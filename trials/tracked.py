"""The doors of the tracking API with a message that each of them takes."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

from banso.core.scope import open_workspace
from banso.touchpoints.usage.services.sources import make_source
from tests.doors import Door, pages
from tests.worlds import Actor, Answer, World
from trials.planted import Planted
from trials.writes import DONE, TRACKING, Write

AT = "2026-11-20T00:00:00Z"
WHO = {"userId": "u1", "timestamp": AT}
MESSAGES: dict[str, dict[str, Any]] = {
    "track": {**WHO, "event": "report", "properties": {}},
    "identify": {**WHO, "traits": {}},
    "group": {**WHO, "groupId": "g1", "traits": {}},
    "page": {**WHO, "name": "Home", "properties": {}},
    "screen": {**WHO, "name": "Home", "properties": {}},
    "alias": {"previousId": "u0", **WHO},
}
# What the protocol itself knows: https://segment.com/docs/connections/spec/common/
KNOWN = frozenset(
    [
        "anonymousId",
        "category",
        "channel",
        "context",
        "event",
        "groupId",
        "integrations",
        "messageId",
        "name",
        "originalTimestamp",
        "previousId",
        "properties",
        "receivedAt",
        "sentAt",
        "timestamp",
        "traits",
        "type",
        "userId",
        "version",
        "writeKey",
    ]
)


def tracking_writes(world: World) -> Iterator[Write]:
    """Each address once; fields that the protocol does not know stand beside those it does."""
    with open_workspace(world.ours):
        key = make_source("trial", kind="server", by=world.people["owner"])[1]
    sender = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
    for door in pages():
        if door.method == "POST" and door.path.startswith(TRACKING):
            name = door.path.removeprefix(TRACKING)
            kind = next((one for one in MESSAGES if one in {name} or one[0] == name), "")
            yield Write(str(door), KNOWN, DONE, False, _send(door, kind, sender))


def _send(
    door: Door, kind: str, sender: dict[str, str]
) -> Callable[[World, list[Planted]], Answer]:
    def send(world: World, extra: list[Planted]) -> Answer:
        message = {**MESSAGES[kind or "track"], "messageId": "m1", "type": kind or "track"}
        message |= {one.name: one.value for one in extra}
        body = message if kind else {"batch": [message], "sentAt": AT}
        return world.knock(
            Actor("a product"),
            "POST",
            door.path,
            data=json.dumps(body).encode(),
            kind="application/json",
            headers=sender,
            keep=True,
        )

    return send
