"""The ticket to a stream of changes."""

import json
import time
from collections.abc import Iterator
from unittest.mock import patch
from urllib.parse import quote

from django.core import signing

from banso.core.live import tokens
from banso.core.models import Membership, Person
from banso.core.scope import open_workspace
from trials.house import House
from trials.tokens.kinds import Kind, Place, Try
from trials.visitors import Visitor, visitor

OPEN = "event: open"


def _stream(place: Place) -> Iterator[Try]:
    house = place.house
    person, other = house.person(), house.person()
    mine, another = house.stranger(person), house.stranger(other)
    token = place.keep(ticket(mine, f"today people:{person.pk} people:{other.pk}"))
    yield "good", opens(mine, token)
    for wrong in place.flipped(token):
        yield "byte flipped", opens(mine, wrong)
    yield "other person", opens(another, token)
    yield "other person", opens(house.stranger(), token)
    yield "other person", opens(visitor(house.web, person), token)
    heard = tokens.read(token, session_key=mine.cookies["sessionid"]).topics
    yield "other person", f"people:{other.pk}" in heard
    yield "other purpose", opens(mine, signing.dumps({"s": "x"}, salt="banso.customers.cursor"))
    yield "other purpose", opens(mine, mine.cookies["sessionid"])
    member = _member(house, person)
    with patch("time.time", return_value=time.time() - tokens.SECONDS - 2):
        old = tokens.make(
            member, session_key=mine.cookies["sessionid"], asked=["today"], permits=frozenset()
        )
    yield "expired", opens(mine, place.keep(old))
    member.workspace = house.ground.theirs.workspace
    theirs = tokens.make(
        member, session_key=mine.cookies["sessionid"], asked=["today"], permits=frozenset()
    )
    yield "other workspace", opens(mine, theirs)
    mine.post("/accounts/logout/", {})
    yield "used", opens(mine, token)


def _member(house: House, person: Person) -> Membership:
    with open_workspace(house.ground.ours.workspace):
        found: Membership = Membership.objects.select_related("person").get(person=person)
        return found


def ticket(visitor: Visitor, topics: str) -> str:
    answer = visitor.get(f"/live-token/?topics={quote(topics)}")
    return str(json.loads(answer.body)["token"])


def opens(visitor: Visitor, token: str) -> bool:
    """Whether the stream greets; the connection is dropped at once."""
    with visitor.listening(f"/live/stream?token={quote(token)}") as stream:
        return stream.status == 200 and OPEN in stream.first


KINDS = (Kind("stream ticket", "Django's signing: constant_time_compare of an HMAC", _stream),)
