"""Generated events for the tracking API: sound ones with odd values, odd ones, and broken bytes."""

import base64
import gzip
import json
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from django.utils import timezone

from banso.core.scope import open_workspace
from banso.touchpoints.usage.services.sources import make_source
from banso.touchpoints.usage.store import FIRST_YEAR, ensure_partitions
from tests.worlds import Actor
from trials.fuzz import naughty
from trials.fuzz.asking import Asking

TYPES = ("track", "identify", "group", "page", "screen", "alias")
NAMES = (
    *("type", "action", "event", "name", "userId", "anonymousId", "groupId", "previousId"),
    *("messageId", "timestamp", "originalTimestamp", "sentAt", "properties", "traits", "context"),
    *("user_id", "writeKey", "channel", "integrations", "version", "batch"),
)
LARGEST = 2_000_000
PROGRAM = Actor("a product")
TIMES = (0, -1, 1e18, -1e18, 1e308, 10**400, 1_795_000_000, 1_795_000_000_000, "2026-11-20")


def fuzz(asking: Asking, *, count: int, random: Random) -> None:
    """`count` requests with the key of a living source; all of them are judged."""
    world = asking.world
    with open_workspace(world.ours):
        ensure_partitions(every_month())
        key = make_source("fuzz", kind="server", by=world.people["owner"])[1]
    basic = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
    for n in range(count):
        make = random.choice(KINDS)
        kind = random.choice((*TYPES, "batch", "t", "b"))
        data, more = make(random, kind in {"batch", "b"}), {}
        if random.random() < 0.1:
            data, more = packed(data, random), {"Content-Encoding": random.choice(("gzip", "x"))}
        where = f"/v1/{kind} {make.__name__} {n}: {data[:200]!r}"
        asking.knock(where, PROGRAM, "POST", f"/v1/{kind}", data=data, kind="application/json",
                     headers=basic | more)  # fmt: skip


def every_month() -> list[date]:
    """All in which an event can lie. Else odd times would make partitions again and again, each
    taken back with its request, and within one transaction nothing clears up what they leave."""
    years = range(FIRST_YEAR, timezone.now().year + 2)
    return [date(year, month, 1) for year in years for month in range(1, 13)]


def value(random: Random, depth: int = 0) -> Any:
    """Anything JSON can say, odd strings first."""
    kinds: list[Callable[[], Any]] = [
        lambda: random.choice(naughty.strings()),
        lambda: random.choice(naughty.strings()),
        lambda: random.choice(TIMES),
        lambda: random.choice((None, True, False, "", [], {}, -0.0, 1e-320, float("nan"))),
        lambda: random.uniform(-1e12, 1e12),
    ]
    if depth < 4:
        kinds += [
            lambda: [value(random, depth + 1) for _n in range(random.randrange(4))],
            lambda: {
                str(random.choice(naughty.strings()))[:40]: value(random, depth + 1)
                for _n in range(random.randrange(4))
            },
        ]
    return random.choice(kinds)()


def sound(random: Random) -> dict[str, Any]:
    """A message that is taken."""
    kind = random.choice(TYPES)
    when = {"timestamp": "2026-11-19T01:02:03.456Z"}
    words = {"event": "report", "groupId": "C-1", "name": "Home", "previousId": "u0"}
    return {"type": kind, "userId": f"u{random.randrange(9)}", **when, **words}


def spoilt(random: Random, batch: bool) -> bytes:
    """A sound message with one to three odd values."""
    made = sound(random)
    for _n in range(random.randint(1, 3)):
        made[random.choice(NAMES)] = value(random)
    return dumped(made, batch, random)


def inside(random: Random, batch: bool) -> bytes:
    """Odd values where anything may stand."""
    made = sound(random)
    parts = {str(value(random, 4))[:60]: value(random) for _n in range(random.randrange(6))}
    made[random.choice(("properties", "traits", "context"))] = parts
    return dumped(made, batch, random)


def anything(random: Random, batch: bool) -> bytes:
    """No message at all."""
    return dumped(value(random), batch, random)


def cut(random: Random, batch: bool) -> bytes:
    """Sound bytes of which some were lost, doubled or changed on the way."""
    data = bytearray(dumped(sound(random), batch, random))
    for _n in range(random.randint(1, 4)):
        place = random.randrange(len(data) or 1)
        match random.randrange(3):
            case 0:
                del data[place : place + random.randrange(20)]
            case 1:
                data[place:place] = random.randbytes(random.randrange(8))
            case _:
                data[place:place] = data[: random.randrange(50)]
    return bytes(data)


def deep(random: Random, batch: bool) -> bytes:
    """Nested beyond any use."""
    depth = random.choice((50, 500, 5_000, 100_000))
    opens, closes = random.choice((("[", "]"), ('{"a":', "}")))
    inner = opens * depth + "1" + closes * depth
    made = f'{{"type":"track","event":"x","userId":"u","properties":{inner}}}'
    return (f'{{"batch":[{made}]}}' if batch else made).encode()


def large(random: Random, batch: bool) -> bytes:
    """Around the limits."""
    made = sound(random) | {"properties": {"x": "x" * random.choice((31_000, 33_000, 600_000))}}
    one = json.dumps(made).encode()
    many = min(random.choice((1, 3, 2501)), LARGEST // len(one) + 1)
    return b'{"batch":[' + b",".join([one] * many) + b"]}" if batch else one


def dumped(made: Any, batch: bool, random: Random) -> bytes:
    whole = {"batch": [made] * random.randint(1, 3), "sentAt": value(random, 4)} if batch else made
    text = json.dumps(whole, ensure_ascii=random.random() < 0.5)
    return text.encode("utf-8", random.choice(("surrogatepass", "replace")))


def packed(data: bytes, random: Random) -> bytes:
    """gzip, sometimes broken."""
    made = gzip.compress(data, 1)
    return made if random.random() < 0.5 else made[: random.randrange(len(made))]


KINDS: list[Callable[[Random, bool], bytes]] = [
    *(spoilt, spoilt, spoilt, inside, inside, anything, cut, cut),
    *(deep, large),
]
