"""S20: rubbish at every door is taken harmlessly or refused in words, never a 500.

A refusal leaves nothing half-written. That fields nobody declared are never taken is S12's trial.
"""

import asyncio
import json
from functools import reduce
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest

from banso.config.asgi import application
from banso.config.front import MEGABYTE
from tests import examples, rubbish, samples
from tests.doors import Door, doors, operations, pages
from tests.forms import Form, Page, send
from tests.worlds import Answer, World

WITH_BODY = [door for door in operations() if door.body]
WRITES = [door for door in operations() if door.method != "GET"]
WITH_QUERY = [door for door in operations() if door.query]
POSTS = [door for door in pages() if door.method == "POST"]


def expect_words(where: str, answer: Answer) -> None:
    """Harmless, or refused with a reason that can be read; never an error of ours."""
    assert answer.status < 500, f"{where}: {answer.status}\n{answer.trouble}"
    if answer.status >= 400 and "/api/v1/" in where:
        assert answer.kind == "application/problem+json", where
        assert json.loads(answer.body)["detail"], where
    elif answer.status >= 400 and answer.status != 405:
        assert answer.text.strip(), where


def write(world: World, door: Door, data: bytes, kind: str = "application/json") -> Answer:
    return world.knock(world.owner, door.method, door.address(world.ids), data=data, kind=kind)


@pytest.mark.parametrize("door", WITH_BODY, ids=str)
def test_every_field_of_a_body_survives_rubbish(door: Door, world: World) -> None:
    """All fields at once first: what the schema refuses of them it refuses alone, too."""
    body, before = examples.body(door, world), samples.checksum(world.ours)
    paths = [path for path, _part in examples.leaves(door)]
    for value in rubbish.VALUES:
        everywhere = reduce(lambda made, path: examples.put(made, path, value), paths, body)
        told, shown = write_json(world, door, everywhere), str(value)[:60]
        expect_words(f"{door} everywhere {shown!r}", told)
        refused = refused_fields(told)
        for path in [one for one in paths if ".".join(["body", *map(str, one)]) not in refused]:
            alone = write_json(world, door, examples.put(body, path, value))
            expect_words(f"{door} {path} = {shown!r}", alone)
    assert samples.checksum(world.ours) == before


def refused_fields(answer: Answer) -> set[str]:
    """What the schema says is wrong, as `body.name`."""
    said = json.loads(answer.body) if answer.status in {400, 422} else {}
    return {one["where"] for one in said.get("errors", [])}


def write_json(world: World, door: Door, body: Any) -> Answer:
    return write(world, door, json.dumps(body).encode())


@pytest.mark.parametrize("door", WRITES, ids=str)
def test_every_operation_survives_bodies_that_are_none(door: Door, world: World) -> None:
    before = samples.checksum(world.ours)
    for kind, data in rubbish.BODIES:
        expect_words(f"{door} {kind[:60]} {data[:20]!r}", write(world, door, data, kind))
    assert samples.checksum(world.ours) == before


@pytest.mark.parametrize("door", WITH_QUERY, ids=str)
def test_every_parameter_of_an_operation_survives_rubbish(door: Door, world: World) -> None:
    values = [*rubbish.TEXTS, *rubbish.NUMBERS, *rubbish.DATES, "[]", "null", "true"]
    for name in door.query:
        for value in values:
            query = f"{name}={quote(value, errors='surrogatepass')}"
            answer = world.knock(world.owner, "GET", door.address(world.ids), query=query)
            expect_words(f"{door} ?{name}={value[:60]!r}", answer)


@pytest.mark.parametrize("door", [d for d in doors() if d.method == "GET"], ids=str)
def test_every_address_survives_odd_queries(door: Door, world: World) -> None:
    """All at once; each by itself where that is refused, for one of them may hide the others."""
    address = door.address(world.ids)
    together = world.knock(world.owner, "GET", address, query="&".join(rubbish.QUERIES))
    expect_words(f"{door} with all odd queries", together)
    for query in rubbish.QUERIES if together.status >= 400 else []:
        answer = world.knock(world.owner, "GET", address, query=query)
        expect_words(f"{door} ?{query[:60]}", answer)


def test_every_page_survives_rubbish_in_names_that_pages_use(
    module_pages: list[Page], world: World
) -> None:
    """Each page with every name at once; pages that use a name themselves with it alone, too."""
    names = {name for page in module_pages for name in page.names}
    names |= {name for door in WITH_QUERY for name in door.query} | {"at", "next", "page", "back"}
    for page in module_pages:
        for value in rubbish.WORST[::2]:
            told = quote(value, errors="surrogatepass")
            look(world, page, "&".join(f"{name}={told}" for name in sorted(names)))
        for name in page.names:
            for value in rubbish.WORST[::3]:
                look(world, page, f"{name}={quote(value, errors='surrogatepass')}")


def look(world: World, page: Page, query: str) -> None:
    answer = world.knock(world.owner, "GET", page.path, query=query)
    expect_words(f"{page.path} ?{query[:80]}", answer)


def test_every_field_of_every_form_survives_rubbish(forms: list[Form], world: World) -> None:
    """All fields at once, which are read one by one, and each alone with one of the worst in turn."""
    turns, before = cycle(rubbish.WORST), samples.checksum(world.ours)
    for form in forms:
        names = {one.name for one in form.inputs}
        for value in rubbish.WORST:
            fill(world, form, names, value)
        for name in sorted(name for name in names if not name.startswith("initial-")):
            fill(world, form, {name}, next(turns))
    assert samples.checksum(world.ours) == before


def fill(world: World, form: Form, names: set[str], value: str) -> None:
    sent = dict.fromkeys(names, value.encode("utf-8", "replace").decode())
    expect_words(f"{form} {sorted(names)} = {value[:60]!r}", send(form, world, form.values(**sent)))


@pytest.mark.parametrize("door", POSTS, ids=str)
def test_every_page_survives_bodies_that_are_none(door: Door, world: World) -> None:
    for kind, data in rubbish.FORM_BODIES:
        expect_words(f"{door} {kind[:60]} {data[:20]!r}", write(world, door, data, kind))


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
