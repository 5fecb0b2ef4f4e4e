"""S3: requests cancelled midway leave nothing of one workspace for the other.

Two workspaces are full of canaries. 64 clients ask for every page and operation of both through 64
page threads on a pool of 4 connections, leave in the middle of asking or reading, and PostgreSQL is
told meanwhile to cancel and to end what its connections are doing. Every byte that arrives is
searched for the other's canaries; so are logs, jobs, events, caches and mails afterwards.
"""

import json
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from random import Random
from uuid import UUID

import psycopg
from django.db import connection

from banso.core.models import Event, Role
from tests import samples
from tests.doors import Door, operations, pages
from trials.ground import Ground, Side, cookies_of, ground
from trials.inside import logged, served
from trials.report import Dose, Report
from trials.sockets import all_of, status_of

THREADS, POOL, CLIENTS = 64, 4, 64
CANCELS_EVERY = 0.02
LEAVES = 0.75  # of the requests
HOW = {"ended": "SELECT pg_terminate_backend(pid)", "cancelled": "SELECT pg_cancel_backend(pid)"}
BUSY = """
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND state <> 'idle' ORDER BY random() LIMIT 1
"""
RESET = struct.pack("ii", 1, 0)  # closing sends a reset: what was on its way is thrown away
NOT_ASKED = re.compile(r"/(accounts|static|healthz|readyz|metrics|live|v1)")
OF_OTHERS = ("procrastinate_jobs", "core_cache", "core_session")


@dataclass(frozen=True, slots=True)
class Half:
    """One side as clients know it: who asks, what for, and what must never be read there."""

    name: str
    cookies: list[str]
    key: str
    ids: dict[str, str]
    canary: str


def run(dose: Dose) -> Report:
    report = Report(dose)
    with ground(dose.trial) as place, logged() as log:
        halves = [half(place.ours, "OURS7c1d"), half(place.theirs, "THEIRS9e2f")]
        with served(threads=THREADS, pool=POOL) as port, cancels(report):
            storm(port, halves, dose, report)
        with served(threads=2, pool=POOL) as port:
            afterwards(port, halves, report)
        kept(place, halves, report)
        in_logs = [one for one in halves if any(one.canary in line for line in log.lines)]
        report.expect(not in_logs, f"canaries of {[one.name for one in in_logs]} are in the log")
        report.count("log lines", len(log.lines))
    return report


def half(side: Side, canary: str) -> Half:
    """Every free text of the side holds its canary."""
    rows = samples.rows_of(side.workspace)
    samples.plant_canaries(side.workspace, canary)
    people = [side.people[role] for role in (Role.OWNER, Role.CSM, Role.VIEWER)]
    cookies = ["; ".join(f"{k}={v}" for k, v in cookies_of(one).items()) for one in people]
    return Half(side.workspace.name, cookies, side.key, samples.ids_of(rows), canary)


def storm(port: int, halves: list[Half], dose: Dose, report: Report) -> None:
    """Requests from many clients at once until enough of them were cancelled."""
    wanted, cancelled, statuses = dose.of(2000, ci=50), Counter[str](), Counter[int]()
    doors = [door for door in (*pages(), *operations()) if may_ask(door)]
    lock = threading.Lock()

    def client(n: int) -> None:
        random = Random(f"{dose.seed}:{n}")
        while sum(cancelled.values()) < wanted:
            one, door = random.choice(halves), random.choice(doors)
            left, answer = ask(port, one, door, random)
            with lock:
                cancelled.update([left] if left else [])
                statuses.update([status_of(answer)])
                judge(one, halves, door, answer, report)

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(client, range(CLIENTS)))
    report.figure("cancelled", sum(cancelled.values()))
    for how, count in sorted(cancelled.items()):
        report.figure(f"cancelled {how}", count)
    report.figure("answers", ", ".join(f"{key}: {n}" for key, n in sorted(statuses.items())))


def may_ask(door: Door) -> bool:
    """What reads, and the two ways in which something is made in one breath."""
    made = str(door) in {"POST /api/v1/tasks", "POST /api/v1/customers"}
    return (door.method == "GET" or made) and not NOT_ASKED.match(door.path)


def ask(port: int, one: Half, door: Door, random: Random) -> tuple[str, bytes]:
    """How the client left ("" if it did not), and what it had heard by then."""
    request = bytes_of(one, door, random)
    plug = socket.create_connection(("127.0.0.1", port), timeout=60)
    with suppress(OSError), plug:
        if random.random() > LEAVES:
            plug.sendall(request)
            return "", all_of(plug, within=60)[0]
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        match random.randrange(3):
            case 0:
                plug.sendall(request[: random.randrange(1, len(request))])
                return "while asking", b""
            case 1:
                plug.sendall(request)
                time.sleep(random.uniform(0, 0.2))
                return "while waiting", b""
            case _:
                plug.sendall(request)
                return "while reading", plug.recv(random.randrange(1, 4000))
    return "by the server", b""


def bytes_of(one: Half, door: Door, random: Random) -> bytes:
    """The request of somebody of that side, by cookie or by key."""
    path, body = door.address(one.ids), b""
    who = f"Authorization: Bearer {one.key}" if "/api/" in path and random.random() < 0.5 else ""
    if door.method == "POST":
        who = f"Authorization: Bearer {one.key}"
        noun = "title" if path.endswith("tasks") else "name"
        body = json.dumps({noun: f"{one.canary} {random.random()}"}).encode()
    head = [f"{door.method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    head += [who or f"Cookie: {random.choice(one.cookies)}", "Content-Type: application/json"]
    head += ["HX-Request: true"] if random.random() < 0.2 else []
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body


def judge(one: Half, halves: list[Half], door: Door, answer: bytes, report: Report) -> None:
    report.count("requests")
    others = [other for other in halves if other is not one]
    found = [other.name for other in others if other.canary.encode() in answer]
    report.expect(not found, f"{door} of {one.name} shows canaries of {found}")
    status = status_of(answer)
    report.expect(status < 500 or status == 503, f"{door} of {one.name}: {answer[:300]!r}")


@contextmanager
def cancels(report: Report) -> Iterator[None]:
    """PostgreSQL cancels what some connection of ours is doing, or ends it, again and again."""
    over = threading.Event()
    name = connection.settings_dict["NAME"]
    facts = {"dbname": name, "host": "HOST", "user": "USER", "port": "PORT", "password": "PASSWORD"}
    known = {k: str(connection.settings_dict.get(v, v)) for k, v in facts.items()}
    known = {k: v for k, v in known.items() if v}

    def run() -> None:
        with psycopg.connect(**known, autocommit=True) as eye:  # type: ignore[arg-type]
            for n in range(1_000_000):
                if over.wait(CANCELS_EVERY):
                    return
                how = "ended" if n % 20 == 19 else "cancelled"
                done = eye.execute(f"{HOW[how]} {BUSY}").fetchall()
                report.count(f"statements {how}", len(done))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def afterwards(port: int, halves: list[Half], report: Report) -> None:
    """Every page answers as before, each side with its own."""
    for one in halves:
        for path in ("/customers/", "/", "/api/v1/customers", "/api/v1/tasks"):
            head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            told = f"{head}Cookie: {one.cookies[0]}\r\n\r\n".encode()
            with socket.create_connection(("127.0.0.1", port), timeout=60) as plug:
                plug.sendall(told)
                answer = all_of(plug, within=60)[0]
            report.expect(status_of(answer) == 200, f"{path} of {one.name}: {answer[:200]!r}")
            others = [other.name for other in halves if other is not one]
            mine = one.canary.encode() in answer or path in {"/", "/api/v1/tasks"}
            report.expect(mine, f"{path} of {one.name} does not show its own rows")
            found = [o for o in halves if o is not one and o.canary.encode() in answer]
            report.expect(not found, f"{path} of {one.name} shows rows of {others}")


def kept(place: Ground, halves: list[Half], report: Report) -> None:
    """No row of one side holds the other's canary; jobs, caches and sessions hold none at all."""
    sides = dict(zip((place.ours.workspace.pk, place.theirs.workspace.pk), halves, strict=True))
    for workspace, other in ((a, b) for a in sides for b in sides if a != b):
        for model in samples.scoped_models():
            rows = _rows(model._meta.db_table, "workspace_id = %s", [workspace])
            found = [row for row in rows if sides[other].canary in row]
            report.expect(not found, f"{model._meta.label} of {workspace} holds {found[:1]}")
    for table in OF_OTHERS:
        rows = _rows(table, "true", [])
        report.count(f"rows of {table}", len(rows))
        for one in halves:
            found = [row for row in rows if one.canary in row]
            report.expect(not found, f"{table} holds the canary of {one.name}: {found[:1]}")
    facts = "".join(str(one) for one in Event.anywhere.values_list("facts", flat=True))
    told = [one.name for one in sides.values() if one.canary in facts]
    report.expect(not told, f"facts of events hold canaries of {told}")
    outside = samples.rows_that_reach_outside()
    report.expect(not outside, f"links lead outside: {outside}")


def _rows(table: str, which: str, params: list[UUID]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT to_jsonb(t)::text FROM "{table}" t WHERE {which}',  # noqa: S608 (our tables)
            params,
        )
        return [str(row) for (row,) in cursor.fetchall()]
