"""Poisoned bodies for the tracking API."""

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from django.test import Client

from banso.core import sql
from banso.customers.services import create_customer
from banso.touchpoints.usage.models import Arrival
from banso.touchpoints.usage.services import make_source
from trials.ground import Side
from trials.poison.measure import AMONG, Watch

DOOR = "events"
STORED = """
SELECT count(*) FROM usage_event WHERE workspace_id = %(workspace)s AND feature = 'good'
"""
FIELDS = (
    "type", "event", "name", "userId", "anonymousId", "messageId", "groupId", "previousId",
    "timestamp", "originalTimestamp", "sentAt", "properties", "traits", "context", "writeKey",
)  # fmt: skip
# JSON texts, not values: some are none.
VALUES = (
    "null", "true", "[]", "{}", '""', '" "', "0", "-1", "1e999", "-0.0", "NaN", "Infinity",
    "9" * 5000, '"\\u0000"', '"\\ud800"', '"' + "a" * 40_000 + '"', '"\u202e\u200b\ufeff"',
    '"9999-12-31T23:59:59Z"', '"0000-00-00"', '"2026-02-30T25:61:61+99:99"', "1" + "0" * 30,
    "[" * 500 + "]" * 500, "[" * 20_000 + "]" * 20_000, '{"a":' * 900 + "1" + "}" * 900,
    '{"a": 1, "a": 2}', '{"\\u0000": "\\u0000"}', '[1e308, 1e309, "x"]', '{"__proto__": {"a": 1}}',
    "'single'", "undefined", '"unterminated', '"\\x"', '"\t"',
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body as it goes out, and its header of encoding."""

    kind: str
    address: str
    data: bytes
    encoding: str = ""


def send(kinds: int, ours: Side, watch: Watch) -> None:
    """Every poison among good ones, each kind from a source of its own."""
    create_customer(name="送り手", external_id="good", by=ours.owner)
    poison = _kinds(watch.random, kinds)
    watch.report.figure(f"{DOOR}: kinds of poison", len({one.kind for one in poison}))
    client, refused = Client(raise_request_exception=False), 0
    with watch.all(DOOR):
        for n, one in enumerate(poison):
            source, key = make_source(f"毒{n}", kind="server", by=ours.owner)
            place = watch.random.randrange(AMONG)
            for good in range(AMONG):
                if good == place:
                    refused += _poisoned(client, key, one, source.pk, watch)
                _good(client, key, f"{n}-{good}", watch)
    watch.report.figure(f"{DOOR}: refused", refused)
    watch.report.figure(f"{DOOR}: good ones", len(poison) * AMONG)
    stored = sql.rows(STORED)[0][0]
    wanted = len(poison) * AMONG
    watch.expect(stored == wanted, f"{wanted - stored} of {wanted} good events are not there")


def _good(client: Client, key: str, name: str, watch: Watch) -> None:
    told = {"userId": "u1", "event": "good", "messageId": name, "context": {"groupId": "good"}}
    with watch.one(DOOR):
        status = _post(client, key, Body("", "track", json.dumps(told).encode()))
    watch.expect(status == 200, f"a good event was answered {status}")


def _poisoned(client: Client, key: str, one: Body, source: object, watch: Watch) -> bool:
    """Whether it was refused; then it must stand among the arrivals of its source."""
    with watch.one(DOOR):
        status = _post(client, key, one)
    watch.expect(status == 200 or 400 <= status < 500, f"{one.kind} was answered {status}")
    told = Arrival.objects.filter(source=source).exclude(problem="").count()
    is_told = told == 1 if status != 200 else told == 0
    watch.expect(is_told, f"{one.kind}: answered {status}, {told} problems among the arrivals")
    return status != 200


def _post(client: Client, key: str, one: Body) -> int:
    basic = base64.b64encode(f"{key}:".encode()).decode()
    headers = {"authorization": f"Basic {basic}"}
    if one.encoding:
        headers["content-encoding"] = one.encoding
    address, kind = f"/v1/{one.address}", "application/json"
    return int(client.post(address, one.data, content_type=kind, headers=headers).status_code)


def _kinds(random: Random, many: int) -> list[Body]:
    """So many different ones, those of whole bodies first."""
    whole = [Body(f"body: {name}", *rest) for name, *rest in _WHOLE]  # type: ignore[arg-type]
    single = [(field, value) for field in FIELDS for value in VALUES]
    random.shuffle(whole)
    random.shuffle(single)
    share = min(len(whole), many // 3)
    addresses = ("track", "identify", "group", "page", "alias", "batch")
    fields = [
        _with(field, value, addresses[n % len(addresses)], random)
        for n, (field, value) in enumerate(single[: many - share])
    ]
    return whole[:share] + fields


def _with(field: str, value: str, address: str, random: Random) -> Body:
    """A message with this text in place of one of its values."""
    told: dict[str, Any] = {
        "type": "track" if address == "batch" else address, "event": "poison", "userId": "u2",
        "groupId": "good", "previousId": "u3", "messageId": f"p{random.getrandbits(64)}",
    }  # fmt: skip
    told.pop(field, None)
    text = f'{json.dumps(told)[:-1]}, "{field}": {value}}}'
    data = f'{{"batch": [{text}]}}' if address == "batch" else text
    shown = value if len(value) < 30 else f"{value[:12]}… ({len(value)})"
    return Body(f"{address} {field}={shown}", address, data.encode("utf-8", "surrogatepass"))


_GOOD = b'{"type": "track", "event": "poison", "userId": "u2", "context": {"groupId": "good"}}'
_Whole = tuple[str, str, bytes] | tuple[str, str, bytes, str]
_many: Callable[[int], bytes] = lambda n: b'{"batch": [' + b",".join([_GOOD] * n) + b"]}"  # noqa: E731
_WHOLE: list[_Whole] = [
    ("nothing", "track", b""),
    ("blanks", "track", b" \n\t "),
    ("a list", "track", b"[1, 2]"),
    ("a number", "track", b"12"),
    ("a text", "track", b'"track"'),
    ("null", "track", b"null"),
    ("cut off", "track", _GOOD[:-9]),
    ("something after it", "track", _GOOD + b"}"),
    ("two of them", "track", _GOOD + _GOOD),
    ("latin-1", "track", '{"event": "é", "userId": "ü"}'.encode("latin-1")),
    ("utf-16", "track", _GOOD.decode().encode("utf-16")),
    ("cp932", "track", '{"event": "表示", "userId": "予"}'.encode("cp932")),
    ("a byte order mark twice", "track", b"\xef\xbb\xbf\xef\xbb\xbf" + _GOOD),
    ("NULs", "track", b"\x00" * 1000),
    ("200 KB", "track", _GOOD[:-1] + b', "properties": {"a": "' + b"x" * 200_000 + b'"}}'),
    ("said to be gzip", "track", _GOOD, "gzip"),
    ("gzip cut off", "track", gzip.compress(_GOOD)[:-12], "gzip"),
    ("gzip with a wrong sum", "track", gzip.compress(_GOOD)[:-8] + b"12345678", "gzip"),
    ("gzip of 100 MB", "batch", gzip.compress(b" " * 100_000_000), "gzip"),
    ("gzip in gzip", "track", gzip.compress(gzip.compress(_GOOD)), "gzip"),
    ("brotli", "track", _GOOD, "br"),
    ("two encodings", "track", gzip.compress(_GOOD), "gzip, gzip"),
    ("an empty batch", "batch", b'{"batch": []}'),
    ("no batch", "batch", _GOOD),
    ("a batch of nulls", "batch", b'{"batch": [null, null]}'),
    ("a batch of lists", "batch", b'{"batch": [[], []]}'),
    ("a batch in a batch", "batch", b'{"batch": [{"batch": []}]}'),
    ("a batch of 3,000", "batch", _many(3000)),
    ("600 KB", "batch", b'{"batch": [' + b" " * 600_000 + b"]}"),
    ("deep", "track", b'{"properties": ' + b'{"a":' * 30_000 + b"1" + b"}" * 30_001),
    ("deep and open", "track", b"[" * 60_000),
    ("a key of 60 KB", "track", b'{"' + b"k" * 60_000 + b'": 1, "event": "poison"}'),
    ("many keys", "track", b"{" + b",".join(b'"k%d": 1' % n for n in range(4000)) + b"}"),
    (
        "numbers without end",
        "track",
        b'{"event": "poison", "properties": {"n": 1e' + b"9" * 900 + b"}}",
    ),
    ("a form", "track", b"event=poison&userId=u2"),
    (
        "XML",
        "track",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///">]><a>&b;</a>',
    ),
    ("YAML", "track", b"!!python/object/apply:os.system ['true']"),
    ("pickle", "track", b"\x80\x04cos\nsystem\n(S'true'\ntR."),
]
