"""Many open streams, read all the while by one thread; what each heard, and when."""

import re
import selectors
import socket
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from banso.core.models import Role
from banso.core.scope import open_workspace
from trials.ground import Side, a_person
from trials.sockets import Caller, all_of, caller, connected

EVENT = re.compile(rb"event: (\w+)\ndata: ([^\n]*)\n\n")
EACH = 20  # streams of one person
OPENED_SECONDS = 10.0


@dataclass
class Ear:
    """One stream. `heard`: (seconds of the monotonic clock, event, topics), in order."""

    one: socket.socket
    heard: list[tuple[float, str, frozenset[str]]] = field(default_factory=list)
    rest: bytes = b""
    is_over: bool = False

    def take(self, data: bytes) -> None:
        self.rest += data
        end = 0
        for found in EVENT.finditer(self.rest):
            topics = frozenset(found[2].decode().split(" "))
            self.heard.append((time.monotonic(), found[1].decode(), topics))
            end = found.end()
        self.rest = self.rest[end:]

    def heard_of(self, topic: str, *, since: float) -> float | None:
        """When the page was told of `topic`, or to ask for everything, after `since`."""
        first = bisect_left(self.heard, since, key=lambda one: one[0])
        for at, event, topics in self.heard[first:]:
            if event == "resync" or (event == "changed" and topic in topics):
                return at
        return None

    def resyncs(self, *, since: float) -> int:
        return sum(1 for at, event, _topics in self.heard if event == "resync" and at >= since)


def people(side: Side, streams: int, *, host: str = "streams") -> list[Caller]:
    """As many people as `streams` streams need, each in a session of their own."""
    made = []
    for n in range((streams + EACH - 1) // EACH):
        with open_workspace(side.workspace):
            person = a_person(f"{host}{n}@acme.example", role=Role.CSM)
        made.append(caller(side, person))
    return made


@contextmanager
def listening(port: int, whose: list[Caller], count: int, topics: list[str]) -> Iterator[list[Ear]]:
    """`count` streams are open and read from; RuntimeError where one does not open."""
    ears = [_opened(port, whose[n % len(whose)], topics) for n in range(count)]
    stop = threading.Event()
    thread = threading.Thread(target=_read, args=(ears, stop))
    thread.start()
    try:
        yield ears
    finally:
        stop.set()
        thread.join()
        for ear in ears:
            ear.one.close()


def _opened(port: int, person: Caller, topics: list[str]) -> Ear:
    one = connected(port, person.request(person.token(*topics)))
    text, is_over = all_of(one, within=OPENED_SECONDS, until=b"event: open\ndata: 1\n\n")
    if is_over or b"event: open" not in text:
        raise RuntimeError(f"a stream did not open: {text[:80]!r}")
    one.setblocking(False)
    return Ear(one)


def _read(ears: list[Ear], stop: threading.Event) -> None:
    with selectors.DefaultSelector() as ready:
        for ear in ears:
            ready.register(ear.one, selectors.EVENT_READ, ear)
        while not stop.is_set():
            for key, _events in ready.select(0.1):
                _read_one(key.data, ready)


def _read_one(ear: Ear, ready: selectors.BaseSelector) -> None:
    try:
        data = ear.one.recv(65536)
    except BlockingIOError:
        return
    except OSError:
        data = b""
    if data:
        ear.take(data)
    else:
        ear.is_over = True
        ready.unregister(ear.one)
