"""A committed change reaching every open stream of one web process, against plain asyncio.

One process holds all clients as bare sockets. A change is a row and its NOTIFY, committed;
the clock runs from before its transaction until the last client has read the event.
"""

import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.test import Client

from banso.core.live import tell, tokens
from banso.core.models import Membership, Workspace
from banso.core.tests.builders import a_membership
from banso.core.tests.databases import url_of
from banso.core.tests.programs import REPOSITORY, Program, free_port
from bench.ground import NAME
from bench.measure import Claim, percentile

STREAMS = 500
EACH = 25  # streams of one person
CHANGES = 40  # in one run
PAUSE_SECONDS = 0.25  # a stream takes a breath between two events
AIM_MS = 40.0


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds from a change to each stream, and to the last of each change."""

    every: list[float]
    last: list[float]

    def words(self) -> str:
        return (
            f"a stream p50 {percentile(self.every, 50):.1f} ms, p99 {percentile(self.every, 99):.1f}"
            f" ms; the last of all p50 {percentile(self.last, 50):.1f} ms,"
            f" p99 {percentile(self.last, 99):.1f} ms"
        )


def measure(workspace: Workspace, *, size: int, runs: int) -> Claim:
    """`size` is not used: 500 streams, as promised. Each run times both, one after the other."""
    with tempfile.TemporaryDirectory(prefix="banso-bench-") as folder, ExitStack() as stack:
        web = _web(stack, Path(folder))
        before = memory_mb(web.pid)
        ours = stack.enter_context(opened(web.port, _requests(workspace)))
        time.sleep(1)
        opened_mb = memory_mb(web.pid)
        plain = stack.enter_context(opened(_plain(stack), [b"GET / HTTP/1.1\r\n\r\n"] * STREAMS))
        mine, floor = [], []
        for _run in range(runs):
            floor.append(changes(workspace, plain))
            mine.append(changes(workspace, ours))
        memory = f"web process {before:.0f} MB, with {STREAMS} streams {opened_mb:.0f} MB"
        return _claim(mine, floor, f"{memory}, at the end {memory_mb(web.pid):.0f} MB")


def changes(workspace: Workspace, clients: dict[int, socket.socket]) -> Times:
    """Many changes, one after the other, each waited for by every client."""
    every: list[float] = []
    last: list[float] = []
    for n in range(CHANGES):
        time.sleep(PAUSE_SECONDS)
        _drain(clients)
        begin = time.perf_counter()
        with transaction.atomic():
            Workspace.objects.filter(pk=workspace.pk).update(name=f"bench {n}")
            tell("today")
        arrived = [1000 * (at - begin) for at in _arrivals(clients)]
        every += arrived
        last.append(max(arrived))
    return Times(every, last)


@contextmanager
def opened(port: int, requests: list[bytes]) -> Iterator[dict[int, socket.socket]]:
    """A socket for each request, answered and open, by its file number."""
    made = [socket.create_connection(("127.0.0.1", port)) for _one in requests]
    try:
        for one, request in zip(made, requests, strict=True):
            one.sendall(request)
        for one in made:
            told = one.recv(4096)
            if not told.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(told)
            one.setblocking(False)
        yield {one.fileno(): one for one in made}
    finally:
        for one in made:
            one.close()


def memory_mb(pid: int) -> float:
    """Resident memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _arrivals(clients: dict[int, socket.socket]) -> list[float]:
    """When each client read the event."""
    waiting, at = dict(clients), []
    with _poll(clients) as ready:
        deadline = time.perf_counter() + 10
        while waiting:
            for number, _event in ready.poll(1):
                if number in waiting and b"today" in waiting[number].recv(4096):
                    del waiting[number]
                    at.append(time.perf_counter())
            if time.perf_counter() > deadline:
                raise RuntimeError(f"{len(waiting)} streams never heard")
    return at


def _drain(clients: dict[int, socket.socket]) -> None:
    """What came meanwhile (heartbeats) is read."""
    with _poll(clients) as ready:
        for number, _event in ready.poll(0):
            clients[number].recv(65536)


@contextmanager
def _poll(clients: dict[int, socket.socket]) -> Iterator[select.epoll]:
    with select.epoll(len(clients)) as ready:
        for number in clients:
            ready.register(number, select.EPOLLIN)
        yield ready


def _web(stack: ExitStack, folder: Path) -> Program:
    secret = {"BANSO_SECRET_KEY": settings.SECRET_KEY}
    web = Program(["web", "--port", str(port := free_port())], url_of(NAME), folder, port, secret)
    web.start()
    stack.callback(web.kill)
    return web


def _plain(stack: ExitStack) -> int:
    port = free_port()
    command = [sys.executable, "-m", "bench.plain_stream", url_of(NAME), str(port)]
    process = subprocess.Popen(command, cwd=REPOSITORY)
    stack.callback(process.kill)
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return port


def _requests(workspace: Workspace) -> list[bytes]:
    """Requests for streams of Today, of enough people."""
    made: list[bytes] = []
    for _person in range(STREAMS // EACH):
        member = a_membership()
        made += [_request(member)] * EACH
    return made


def _request(member: Membership) -> bytes:
    client = Client()
    client.force_login(member.person, backend=settings.AUTHENTICATION_BACKENDS[0])
    key = client.session.session_key or ""
    token = tokens.make(
        member, session_key=key, asked=["today"], permits=frozenset({"customers.read"})
    )
    head = f"GET /live/stream?token={token}&age=0 HTTP/1.1\r\nHost: localhost\r\n"
    return f"{head}Cookie: {settings.SESSION_COOKIE_NAME}={key}\r\n\r\n".encode()


def _claim(mine: list[Times], floor: list[Times], memory: str) -> Claim:
    """Seconds until the last stream has it, p99; `more` says the rest in milliseconds and MB."""
    ours = [percentile(run.last, 99) / 1000 for run in mine]
    theirs = [percentile(run.last, 99) / 1000 for run in floor]
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return Claim(
        "stream",
        "plain asyncio writing to as many sockets, p99 of the last",
        f"{STREAMS} streams, {CHANGES} changes a run, aim {AIM_MS:.0f} ms",
        len(mine),
        statistics.median(ours),
        statistics.median(theirs),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        more=f"ours: {_all(mine).words()}\n  plain: {_all(floor).words()}\n  {memory}",
    )


def _all(runs: list[Times]) -> Times:
    return Times([ms for run in runs for ms in run.every], [ms for run in runs for ms in run.last])
