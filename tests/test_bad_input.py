"""S20: rubbish at every door is taken harmlessly or refused in words, never a 500.

A refusal leaves nothing half-written. That fields nobody declared are never taken is S12's trial.
"""

import asyncio
import json
from functools import reduce
from typing import Any
from urllib.parse import quote

import pytest

from banso.config.asgi import application
from banso.config.front import MEGABYTE
from tests import examples, rubbish, samples
from tests.doors import Door, doors, operations, pages
from tests.examples import Path
from tests.worlds import Answer, World

WITH_BODY = [door for door in operations() if door.body]
WRITES = [door for door in operations() if door.method != "GET"]
WITH_QUERY = [door for door in operations() if door.query]
GETS = [door for door in doors() if door.method == "GET"]
POSTS = [door for door in pages() if door.method == "POST"]


def field_of(door: Door, path: Path) -> str:
    """What two doors call alike and describe alike."""
    part = next(part for known, part in examples.leaves(door) if known == path)
    return f"{path[-1]} {json.dumps(examples.solid(part), sort_keys=True)}"


def doors_by_field() -> dict[str, list[Door]]:
    found: dict[str, list[Door]] = {}
    for door in WITH_BODY:
        for name in dict.fromkeys(field_of(door, path) for path, _part in examples.leaves(door)):
            found.setdefault(name, []).append(door)
    return found


KNOWN_AT = doors_by_field()


def expect_words(where: str, answer: Answer) -> None:
    """Harmless, or refused with a reason that can be read; never an error of ours."""
    assert answer.status < 500, f"{where}: {answer.status}\n{answer.trouble}"
    if answer.status >= 400 and "/api/v1/" in where:
        assert answer.kind == "application/problem+json", where
        assert json.loads(answer.body)["detail"], where
    elif answer.status >= 400 and answer.status != 405:
        assert answer.text.strip(), where


def knock(world: World, door: Door, **sent: Any) -> Answer:
    """By whoever may do everything: a program at the API (test_walls comes by cookie, too), the
    owner elsewhere.
    """
    actor = world.owner if door.kind == "page" else world.actor("key")
    return world.knock(actor, door.method, door.address(world.ids), **sent)


def write(world: World, door: Door, data: bytes, kind: str = "application/json") -> Answer:
    return knock(world, door, data=data, kind=kind)


@pytest.mark.parametrize("door", WITH_BODY, ids=str)
def test_every_field_of_a_body_survives_rubbish(
    door: Door, world: World, as_built: samples.Standing
) -> None:
    """Every value at all fields at once. A third of them, in turn among doors, again without those
    fields that the schema refuses (it refuses them alone, too), and alone at one of the doors that
    know the field. S20's trial sends all of them everywhere.
    """
    body, paths = examples.body(door, world), [path for path, _part in examples.leaves(door)]
    for number, value in enumerate(rubbish.VALUES):
        refused = put_at(world, door, body, paths, value)
        left = [path for path in paths if ".".join(["body", *map(str, path)]) not in refused]
        if number not in values_at(door):
            continue
        if left and len(left) < len(paths):
            put_at(world, door, body, left, value)
        for path in left:
            takers = [one for one in KNOWN_AT[field_of(door, path)] if number in values_at(one)]
            if its_turn(number // 3, door, takers):
                put_at(world, door, body, [path], value)
    assert as_built.changed() == {}


def values_at(door: Door) -> range:
    """The numbers of the values that fields of the door are sent alone; the next doors' the others."""
    return range(WITH_BODY.index(door) % 3, len(rubbish.VALUES), 3)


def its_turn(number: int, door: Door, sharers: list[Door]) -> bool:
    """Whether the value of this number is the door's, of those that share all values."""
    return number % len(sharers) == sharers.index(door)


def put_at(world: World, door: Door, body: Any, paths: list[Path], value: Any) -> set[str]:
    """The value stands there: what the schema refuses of it."""
    told = write_json(
        world, door, reduce(lambda made, path: examples.put(made, path, value), paths, body)
    )
    expect_words(f"{door} {paths} = {str(value)[:60]!r}", told)
    return refused_fields(told)


def refused_fields(answer: Answer) -> set[str]:
    """What the schema says is wrong, as `body.name`."""
    said = json.loads(answer.body) if answer.status in {400, 422} else {}
    return {one["where"] for one in said.get("errors", [])}


def write_json(world: World, door: Door, body: Any) -> Answer:
    return write(world, door, json.dumps(body).encode())


@pytest.mark.parametrize("door", WRITES, ids=str)
def test_every_operation_survives_bodies_that_are_none(
    door: Door, world: World, as_built: samples.Standing
) -> None:
    """Two of them in turn; all are read by the same few lines, before any operation."""
    for kind, data in two_bodies(WRITES.index(door)):
        expect_words(f"{door} {kind[:60]} {data[:20]!r}", write(world, door, data, kind))
    assert as_built.changed() == {}


def two_bodies(turn: int) -> list[tuple[str, bytes]]:
    """Two that are unlike each other; the others at the next turns."""
    return rubbish.BODIES[turn % 11 :: 11]


@pytest.mark.parametrize("door", WITH_QUERY, ids=str)
def test_every_parameter_of_an_operation_survives_rubbish(door: Door, world: World) -> None:
    """Every value at one of the operations that know the parameter, one of the worst, in turn, at each."""
    values = [*rubbish.TEXTS, *rubbish.NUMBERS, *rubbish.DATES, "[]", "null", "true"]
    for name in door.query:
        sharers = [one for one in WITH_QUERY if name in one.query]
        told = [one for number, one in enumerate(values) if its_turn(number, door, sharers)]
        worst = rubbish.WORST[WITH_QUERY.index(door) % len(rubbish.WORST)]
        for value in dict.fromkeys([*told, worst]):
            query = f"{name}={quote(value, errors='surrogatepass')}"
            expect_words(f"{door} ?{name}={value[:60]!r}", knock(world, door, query=query))


@pytest.mark.parametrize("door", GETS, ids=str)
def test_every_address_survives_odd_queries(door: Door, world: World) -> None:
    """All at once; each by itself where that is refused, for one of them may hide the others.

    A door that takes no GET reads none.
    """
    together = knock(world, door, query="&".join(rubbish.QUERIES))
    expect_words(f"{door} with all odd queries", together)
    for query in rubbish.QUERIES if together.status >= 400 and together.status != 405 else []:
        expect_words(f"{door} ?{query[:60]}", knock(world, door, query=query))


@pytest.mark.parametrize("query", rubbish.NO_QUERIES)
def test_queries_that_no_door_gets_to_see_are_refused(query: str, world: World) -> None:
    for door in GETS[:: len(rubbish.NO_QUERIES) * 5]:
        answer = knock(world, door, query=query)
        expect_words(f"{door} ?{query}", answer)
        assert answer.status == 400


@pytest.mark.parametrize("door", POSTS, ids=str)
def test_every_page_survives_bodies_that_are_none(door: Door, world: World) -> None:
    """Two of them in turn; all are read by the same few lines, before any page."""
    for kind, data in two_bodies(POSTS.index(door)):
        answer = write(world, door, data, kind)
        expect_words(f"{door} {kind[:60]} {data[:20]!r}", answer)
        if answer.status == 405:  # it reads none
            break


@pytest.mark.parametrize("header", ["Accept-Language", "HX-Request", "Referer", "Cookie", "Host"])
def test_odd_headers_are_no_error(header: str, world: World) -> None:
    for value in ["", "\xff\xfe", "x" * 8_000, "ja;q=nonsense", "sessionid=%00; django_language=x"]:
        for path in ("/", "/customers/", "/api/v1/customers", "/accounts/login/"):
            answer = world.knock(world.owner, "GET", path, headers={header: value})
            expect_words(f"{path} {header}: {value[:40]!r}", answer)


def test_paths_that_are_no_address_are_404(world: World) -> None:
    odd = ["%00", "%ff", "..%2f..%2fetc", "customers/not-an-id/", "x" * 8_000, "contracts/changes/"
           + "9" * 40 + "/void/", "é", "%ed%a0%80", "customers//", "static/../../x"]  # fmt: skip
    for path in [f"{start}{one}" for start in ("/", "/api/v1/", "/customers/") for one in odd]:
        answer = world.knock(world.owner, "GET", path)
        assert 300 <= answer.status < 500, f"{path[:80]}: {answer.status} {answer.trouble}"


@pytest.mark.parametrize("path", ["/api/v1/customers", "/customers/new/"])
def test_an_oversize_body_is_413_at_the_front(path: str) -> None:
    """At the ASGI application itself, which every request passes before Django."""
    status, text = asyncio.run(_send_to_front(path, megabytes=11))
    assert status == 413
    assert text.strip()


async def _send_to_front(path: str, *, megabytes: int) -> tuple[int, str]:
    parts = [b"x" * MEGABYTE] * megabytes
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": parts.pop(), "more_body": bool(parts)}

    async def keep(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "POST", "headers": [], "query_string": b""}
    await application(scope, receive, keep)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:]).decode()
