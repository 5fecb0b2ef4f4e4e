"""What programs carry: API keys, write keys of sources, cursors of lists."""

import base64
import json
from collections.abc import Iterator
from uuid import uuid4

from django.db import connection

from banso.core import api_keys, workspaces
from banso.core.models import Membership, Role
from banso.core.scope import open_workspace
from banso.customers.tests.builders import a_customer
from banso.touchpoints.usage.services import sources
from trials.ground import Side
from trials.house import House
from trials.tokens.kinds import Kind, Place, Try
from trials.visitors import Headers, Reply

JSON = ("Content-Type", "application/json")


def _api_key(place: Place) -> Iterator[Try]:
    house, ours = place.house, place.house.ground.ours
    person = house.person(role=Role.MANAGER)
    with open_workspace(ours.workspace):
        key, secret = api_keys.make_key("x", scopes=["work.read"], by=person)
        _brief, brief = api_keys.make_key("x", scopes=["work.read"], by=ours.owner)
        customer = a_customer()
    place.secrets |= {secret, brief}

    def opens(text: str, path: str = "/api/v1/tasks", method: str = "GET") -> bool:
        answer = house.stranger().ask(method, path, b"{}" if method == "POST" else b"",
                                      [*bearer(text), JSON])  # fmt: skip
        return answer.status < 400

    yield "good", opens(secret)
    for wrong in place.flipped(secret):
        yield "byte flipped", opens(wrong)
    for wrong in (secret.upper(), secret[:-1], f"{secret}=", secret[:8], key.hash, ""):
        yield "byte flipped", opens(wrong)
    theirs = place.keep(house.ground.theirs.key)
    yield "other workspace", opens(theirs, f"/api/v1/customers/{customer.pk}")
    yield "other purpose", opens(secret, "/api/v1/tasks", "POST")
    yield "other purpose", tracked(house, secret).status < 300
    yield "other purpose", house.stranger().get("/tasks", bearer(secret)).status == 200
    yield "other purpose", house.stranger().get(f"/api/v1/tasks?key={secret}").status == 200
    with open_workspace(ours.workspace):
        member = Membership.objects.get(person=person)
        workspaces.remove_member(member.pk, by=ours.owner)
        api_keys.revoke_key(_brief.pk, by=ours.owner)
    yield "other person", opens(secret)
    yield "expired", opens(brief)


def bearer(secret: str) -> Headers:
    return [("Authorization", f"Bearer {secret}")]


def _write_key(place: Place) -> Iterator[Try]:
    house, ours = place.house, place.house.ground.ours
    with open_workspace(ours.workspace):
        source, old = sources.make_source("x", kind="server", by=ours.owner)
        new = sources.rotate_key(source.pk, overlap_hours=0, by=ours.owner)
        over, ended = sources.make_source("x", kind="server", by=ours.owner)
        sources.end_source(over.pk, by=ours.owner)
    place.secrets |= {old, new, ended}
    yield "good", tracked(house, new).status == 200
    yield "used", tracked(house, old).status == 200
    yield "expired", tracked(house, ended).status == 200
    for wrong in place.flipped(new):
        yield "byte flipped", tracked(house, wrong).status == 200
    for wrong in (new.upper(), new[:-1], f"{new} ", source.key_hash, ""):
        yield "byte flipped", tracked(house, wrong).status == 200
    yield "other purpose", house.stranger().get("/api/v1/tasks", bearer(new)).status == 200
    yield "other purpose", house.stranger().get("/settings/sources/", bearer(new)).status == 200
    before = _events(house.ground.theirs)
    tracked(house, new)
    yield "other workspace", _events(house.ground.theirs) != before


def tracked(house: House, key: str) -> Reply:
    """An event sent with this write key."""
    pair = base64.b64encode(f"{key}:".encode()).decode()
    message = {"userId": "u", "event": "report", "messageId": str(uuid4())}
    headers = [("Authorization", f"Basic {pair}"), JSON]
    return house.stranger().ask("POST", "/v1/track", json.dumps(message).encode(), headers)


def _events(side: Side) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM usage_event WHERE workspace_id = %s", [side.workspace.pk]
        )
        return int(cursor.fetchone()[0])


def _cursor(place: Place) -> Iterator[Try]:
    house = place.house
    cursors = {side.key: place.keep(_first_cursor(house, side))
               for side in (house.ground.ours, house.ground.theirs)}  # fmt: skip
    key, other = cursors

    def opens(cursor: str, path: str = "/api/v1/customers") -> bool:
        address = f"{path}?limit=1&cursor={cursor}"
        return house.stranger().get(address, bearer(key)).status == 200

    yield "good", opens(cursors[key])
    yield "other workspace", opens(cursors[other])
    for wrong in place.flipped(cursors[key]):
        yield "byte flipped", opens(wrong)
    with open_workspace(house.ground.ours.workspace):
        timeline = f"/api/v1/customers/{a_customer().pk}/timeline"
    yield "other purpose", opens(cursors[key], timeline)


def _first_cursor(house: House, side: Side) -> str:
    """The cursor after the first of two customers."""
    with open_workspace(side.workspace):
        a_customer("甲"), a_customer("乙")
    page = house.stranger().get("/api/v1/customers?limit=1", bearer(side.key))
    return str(json.loads(page.body)["next_cursor"])


KINDS = (
    Kind(
        "API key",
        "looked up by the SHA-256 of the whole secret: a wrong guess's hash tells nothing",
        _api_key,
        {"used": "a program uses it again and again"},
    ),
    Kind(
        "write key",
        "looked up by the SHA-256 of the whole secret",
        _write_key,
        {"other person": "it belongs to a program, not to a person"},
    ),
    Kind(
        "cursor",
        "Django's signing: constant_time_compare of an HMAC",
        _cursor,
        {
            "used": "a page of a list may be asked for again",
            "expired": "a place in a list stays one",
            "other person": "it says where to go on, and gives no right to what stands there",
        },
    ),
)
