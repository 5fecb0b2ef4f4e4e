"""200 half-sent bodies and 200 readers that do not read: pages stay quick, memory bounded.

Half of the readers hold a long page, half a stream that is told of changes all the while. In the
end (full dose) the server has let go of all of them by itself, but for the streams: nobody can
tell a stream that is not read from a quiet one before its buffers are full.
"""

import contextlib
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

from banso.core.live import tell
from banso.core.models import Role
from banso.core.scope import open_workspace
from banso.core.tests.programs import Program
from banso.customers.services import NewCustomer, create_customers
from trials.ground import Ground, a_person, ground
from trials.report import Dose, Report
from trials.sockets import Caller, all_of, caller, connected, get

CUSTOMERS = 300
PAGES = ["/", "/customers/", "/tasks", "/healthz"]
MOST_MS = 300.0
MOST_MB = 300.0
EACH = 20  # streams of one person
LET_GO_SECONDS = 100.0


def run(dose: Dose) -> Report:
    report = Report(dose)
    with ground(dose.trial) as place, ExitStack() as stack:
        book(place)
        web = place.web()
        mine = caller(place.ours, place.ours.people[Role.CSM])
        measured(web, mine, "healthy", report)
        before = memory_mb(web.pid)
        report.figure("memory before, MB", before)
        half = hold(stack, web, half_sent(mine), report.dose.of(200, ci=50))
        readers = hold(stack, web, get("/customers/", _cookie(mine)), report.dose.of(100, ci=50))
        streams = opened(stack, place, web, report.dose.of(100, ci=50), report)
        report.figure("held open", len(half) + len(readers) + len(streams))
        with told(place):
            measured(web, mine, "beset", report)
        grown = memory_mb(web.pid) - before
        report.figure("memory grown, MB", grown)
        report.expect(grown < MOST_MB, f"memory grew by {grown:.0f} MB")
        report.expect(alive(streams[0]), "a stream is deaf")
        if dose.is_full:
            let_go(half + readers, report)
            measured(web, mine, "afterwards", report)
            report.figure("memory afterwards, MB", memory_mb(web.pid))
    return report


def book(place: Ground) -> None:
    """Enough customers for a long page."""
    with open_workspace(place.ours.workspace):
        create_customers(
            [NewCustomer(name=f"会社{n}", external_id=f"C{n}") for n in range(CUSTOMERS)], by=None
        )


def half_sent(mine: Caller) -> bytes:
    """A form of which only the beginning comes."""
    head = "POST /customers/new/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}{kind}{_cookie(mine)}\r\n\r\nname=half".encode()


def hold(stack: ExitStack, web: Program, request: bytes, count: int) -> list[socket.socket]:
    """Connections that have sent `request`, take in as little as they may, and wait."""
    made = []
    for _n in range(count):
        one = connected(web.port, request, narrow=True)
        stack.callback(one.close)
        made.append(one)
    return made


def opened(
    stack: ExitStack, place: Ground, web: Program, count: int, report: Report
) -> list[socket.socket]:
    """Streams of enough people, open and not read from."""
    made = []
    for n in range(count):
        if n % EACH == 0:
            with open_workspace(place.ours.workspace):
                person = a_person(f"slow{n}@acme.example", role=Role.CSM)
            whose = caller(place.ours, person)
        one = connected(web.port, whose.request(), narrow=True)
        stack.callback(one.close)
        text, _over = all_of(one, within=5, until=b"event: open")
        report.expect(b"event: open" in text, f"no stream opened: {text[:60]!r}")
        made.append(one)
    return made


@contextlib.contextmanager
def told(place: Ground) -> Iterator[None]:
    """Ten changes a second for every stream, all the while."""
    stop = threading.Event()

    def keep_telling() -> None:
        while not stop.wait(0.1):
            with open_workspace(place.ours.workspace):
                tell("today")

    thread = threading.Thread(target=keep_telling)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def measured(web: Program, mine: Caller, when: str, report: Report) -> None:
    """Pages one after the other, as one person reads them: p95 and the slowest."""
    visit(web, mine, PAGES[0])
    took = [visit(web, mine, PAGES[n % len(PAGES)]) for n in range(report.dose.of(200, ci=24))]
    p95 = statistics.quantiles(took, n=20, method="inclusive")[18]
    report.figure(f"{when}: p95, ms", p95)
    report.figure(f"{when}: slowest, ms", max(took))
    healthy = float(report.counts["healthy: p95, ms"])
    # Beside other tests the machine is busy with other things, which is no fault of slow clients.
    most = MOST_MS if report.dose.is_full else 4 * max(MOST_MS, 2 * healthy)
    report.expect(max(took) <= most, f"{when}: a page took {max(took):.0f} ms")


def visit(web: Program, mine: Caller, path: str) -> float:
    """Milliseconds until the whole page is here."""
    begin = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", web.port, timeout=30)
    name, _sep, value = _cookie(mine).partition(": ")
    connection.request("GET", path, headers={name: value, "Host": "localhost"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return 1000 * (time.perf_counter() - begin)


def alive(stream: socket.socket) -> bool:
    """Whether what was told is there once somebody reads."""
    return b"event: changed" in all_of(stream, within=10, until=b"event: changed")[0]


def let_go(held: list[socket.socket], report: Report) -> None:
    """Half-sent bodies get their 408, readers that never read lose their connection."""
    deadline = time.monotonic() + LET_GO_SECONDS
    time.sleep(LET_GO_SECONDS - 5)
    kept = 0
    for one in held:
        _text, over = all_of(one, within=max(0.05, deadline - time.monotonic()))
        kept += not over
    report.figure("let go", len(held) - kept)
    report.expect(not kept, f"{kept} connections are still held after {LET_GO_SECONDS:.0f} s")


def memory_mb(pid: int) -> float:
    """Resident memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _cookie(mine: Caller) -> str:
    return f"Cookie: sessionid={mine.key}"
