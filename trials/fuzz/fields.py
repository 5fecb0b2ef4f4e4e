"""Every field of every body and form with odd strings: all of a door's at once, then each alone."""

import json
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests import examples
from tests.doors import Door, operations
from tests.forms import Form, forms_of, walk
from tests.worlds import World
from trials.fuzz import naughty
from trials.fuzz.asking import Asking

FORM_KIND = "application/x-www-form-urlencoded"


def bodies(asking: Asking, *, each: int, random: Random) -> None:
    """Each field of each operation's body, `each` strings; other fields are as they should be."""
    for door in operations():
        if door.body is None:
            continue
        sound = examples.body(door, asking.world)
        leaves = [path for path, _part in examples.leaves(door)]
        for text in naughty.some(random, each):
            for body in (_all(sound, leaves, text), _one(sound, leaves, text, random)):
                _send(asking, door, body, text)


def pages(asking: Asking, *, each: int, random: Random) -> None:
    """Each form that the owner meets, filled with `each` strings."""
    for form in forms_of(walk(asking.world)) if each else ():
        for text in naughty.some(random, each):
            for name in ("", random.choice([one.name for one in form.inputs] or [""])):
                _fill(asking, form, text, name)


def headers(asking: Asking, *, each: int, random: Random) -> None:
    """What browsers and programs say of themselves."""
    names = ["Accept-Language", "User-Agent", "Referer", "Content-Type", "Cookie", "HX-Request"]
    names += ["Authorization", "X-Forwarded-For", "Range", "If-None-Match", "Idempotency-Key"]
    for text in naughty.some(random, each):
        for name in names:
            for path in ("/customers/", "/api/v1/customers", "/accounts/login/"):
                told = {name: text.encode("utf-8", "replace").decode("latin-1")}
                asking.knock(f"{path} {name}: {text[:60]!r}", asking.world.owner, "GET", path,
                             headers=told)  # fmt: skip


def addresses(asking: Asking, *, each: int, random: Random) -> None:
    """Each parameter of each operation and each name in pages' addresses."""
    for door in operations():
        for text in naughty.some(random, each) if door.query else ():
            told = dict.fromkeys(door.query, text)
            where = f"{door} ?{text[:60]!r}"
            query = urlencode(told, errors="surrogatepass")
            address = door.address(asking.world.ids)
            asking.knock(where, asking.world.owner, door.method, address, query=query)


def _all(sound: Any, leaves: list[examples.Path], text: str) -> Any:
    for path in leaves:
        if len(path) == 1:
            sound = examples.put(sound, path, text)
    return sound


def _one(sound: Any, leaves: list[examples.Path], text: str, random: Random) -> Any:
    return examples.put(sound, random.choice(leaves), text) if leaves else text


def _send(asking: Asking, door: Door, body: Any, text: str) -> None:
    world: World = asking.world
    data = json.dumps(body).encode()
    where = f"{door} {text[:60]!r}"
    asking.knock(where, world.actor("key"), door.method, door.address(world.ids), data=data,
                 kind="application/json")  # fmt: skip


def _fill(asking: Asking, form: Form, text: str, name: str) -> None:
    names = [name] if name else [one.name for one in form.inputs]
    told = form.values(**dict.fromkeys(names, text))
    query = urlencode(told, errors="surrogatepass")
    path, _mark, known = form.action.partition("?")
    sent: dict[str, Any] = {"query": query}
    if form.method != "GET":
        sent = {"data": query.encode(), "query": known}
    where = f"{form} {name or 'all'}={text[:60]!r}"
    asking.knock(where, asking.world.owner, form.method, path, kind=FORM_KIND, **sent)
