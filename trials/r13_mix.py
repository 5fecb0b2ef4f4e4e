"""R13: ordinary days are quick and flat; five times as much is refused politely, and forgotten soon.

Ten minutes of 100 events a second in batches, 20 people at pages and 200 open streams against the
served program with its worker; then a minute of five times that. Nothing acknowledged is lost.
"""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from django.db import connection

from banso.core.models import Role
from banso.core.scope import open_workspace
from banso.core.tests.programs import Program
from banso.customers.services import NewCustomer, create_customers
from banso.touchpoints.usage.services import make_source
from trials.ground import Ground, a_person, cookies_of, ground
from trials.mixing import Load, Reply, between, p95, told
from trials.report import Dose, Report
from trials.sockets import caller

PEOPLE, STREAMS, EVENTS = 20, 200, 100.0
P95_SECONDS, P95_BUSY_SECONDS = 0.3, 5.0
FLAT, WITHIN, TIMES = 0.05, 30.0, 5
POLITE = {429, 503}
STORED = (
    "SELECT count(*), count(DISTINCT message_id) FROM usage_event WHERE message_id LIKE 'mix-%'"
)


@dataclass
class Body:
    """Memory (MB) and handles of one process, second by second."""

    name: str
    pid: int
    seen: list[tuple[float, float, int]] = field(default_factory=list)

    def look(self) -> None:
        status = Path(f"/proc/{self.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        handles = len(list(Path(f"/proc/{self.pid}/fd").iterdir()))
        self.seen.append((time.monotonic(), int(resident.split()[1]) / 1024, handles))

    def grown(self, start: float, end: float) -> tuple[float, float]:
        """Memory and handles at the end over those at the start (fifths of the time)."""
        inside = [one for one in self.seen if start <= one[0] <= end]
        part = max(1, len(inside) // 5)
        first, last = inside[:part], inside[-part:]
        return tuple(  # type: ignore[return-value]
            median(one[n] for one in last) / median(one[n] for one in first) for n in (1, 2)
        )


def run(dose: Dose) -> Report:
    report = Report(dose)
    with ground(dose.trial) as place:
        load, requests = prepared(place, dose)
        web, worker = place.web(), place.worker()
        load.port = web.port
        bodies = [Body("web", web.pid), Body("worker", worker.pid)]
        asyncio.run(day(load, requests, bodies, dose, report))
        kept(load, report)
        broken = [line for line in place.logs().splitlines() if "Traceback" in line]
        report.expect(not broken, f"an error stands in the log: {broken[:1]}")
        report.expect(alive(web) and alive(worker), "a process has ended")
    return report


def prepared(place: Ground, dose: Dose) -> tuple[Load, list[bytes]]:
    """A book of customers, people at their pages, and the requests of their streams."""
    keys, random = [f"mix-{n}" for n in range(dose.of(300, ci=20))], dose.random()
    people = dose.of(PEOPLE, ci=4)
    with open_workspace(place.ours.workspace):
        create_customers(
            [NewCustomer(name=f"顧客 {key}", external_id=key) for key in keys], by=None
        )
        key = make_source("mix", kind="server", by=place.ours.owner)[1]
        agents = [a_person(f"agent{n}@acme.example", role=Role.CSM) for n in range(people)]
    callers = [caller(place.ours, one) for one in agents]
    cookies = ["; ".join(f"{k}={v}" for k, v in cookies_of(one).items()) for one in agents]
    paths = ["/", "/customers/", "/tasks", "/customers/?sort=-customers.mrr", "/search?q=%E9%A1%A7"]
    load = Load(0, key, cookies, keys, paths, random)
    each = dose.of(STREAMS, ci=8) // people
    return load, [one.request() for one in callers for _n in range(each)]


async def day(
    load: Load, requests: list[bytes], bodies: list[Body], dose: Dose, report: Report
) -> None:
    """Streams, the mix, five times the mix, and the time after it."""
    over = asyncio.Event()
    watching = asyncio.create_task(watch(bodies, over))
    for request in requests:
        load.start(load.stream(lambda request=request: request))  # type: ignore[misc]
    seconds, people = float(dose.of(600, ci=2)), dose.of(PEOPLE, ci=4)
    await load.opened(len(requests))
    begun = time.monotonic()
    usual = EVENTS if dose.is_full else 40.0
    await load.mix(seconds=seconds, per_second=usual, agents=people)
    report.expect(load.open_streams == len(requests), f"{load.open_streams} streams opened")
    ordinary(load, begun, time.monotonic(), dose, report)
    if dose.is_full:
        flat(bodies, begun + 60, time.monotonic(), report)
        await storm(load, people, report)
    report.expect(not load.lost_streams, f"{load.lost_streams} streams were lost")
    report.figure("streams", load.open_streams)
    report.figure("told to streams", load.heard)
    report.expect(load.heard, "no stream was told anything")
    over.set()
    await watching
    await load.leave()


def ordinary(load: Load, start: float, end: float, dose: Dose, report: Report) -> None:
    pages, events = between(load.pages, start, end), between(load.events, start, end)
    report.figure("pages", told(pages))
    report.figure("batches of events", told(events))
    report.figure("page p95, ms", p95(pages) * 1000)
    report.figure("batch p95, ms", p95(events) * 1000)
    wrong = [one.status for one in pages + events if one.status != 200]
    report.expect(not wrong, f"answers in the mix: {wrong[:9]}")
    most = P95_SECONDS if dose.is_full else P95_BUSY_SECONDS
    report.expect(p95(pages) <= most, f"page p95 {p95(pages) * 1000:.0f} ms")


def flat(bodies: list[Body], start: float, end: float, report: Report) -> None:
    """Memory and handles at the end of the mix are as at its beginning (its first minute aside)."""
    for one in bodies:
        memory, handles = one.grown(start, end)
        report.figure(f"{one.name}: memory at the end / at the start", memory)
        report.figure(f"{one.name}: handles at the end / at the start", handles)
        report.figure(f"{one.name}: MB", one.seen[-1][1])
        report.expect(memory <= 1 + FLAT, f"{one.name}: memory grew to {memory:.3f}")
        report.expect(handles <= 1 + FLAT, f"{one.name}: handles grew to {handles:.3f}")


async def storm(load: Load, people: int, report: Report) -> None:
    begun = time.monotonic()
    await load.mix(seconds=60, per_second=EVENTS * TIMES, agents=people * TIMES)
    ended = time.monotonic()
    pages, events = between(load.pages, begun, ended), between(load.events, begun, ended)
    report.figure("at 5 times: pages", told(pages))
    report.figure("at 5 times: batches", told(events))
    report.figure("at 5 times: page p95, ms", p95(pages) * 1000)
    rude = [one for one in pages + events if is_rude(one)]
    report.expect(not rude, f"at 5 times: {told(rude)} without a word when to come again")
    await load.mix(seconds=WITHIN, per_second=EVENTS, agents=people)
    later = time.monotonic()
    await load.mix(seconds=20, per_second=EVENTS, agents=people)
    after = between(load.pages, later, time.monotonic())
    report.figure("30 s later: page p95, ms", p95(after) * 1000)
    report.expect(p95(after) <= P95_SECONDS, f"30 s later: page p95 {p95(after) * 1000:.0f} ms")


def is_rude(reply: Reply) -> bool:
    """No answer, or a refusal that does not say when to come again."""
    return reply.status != 200 and not (reply.status in POLITE and reply.retry_after)


async def watch(bodies: list[Body], over: asyncio.Event) -> None:
    while not over.is_set():
        for one in bodies:
            one.look()
        await asyncio.sleep(1)


def kept(load: Load, report: Report) -> None:
    """Every acknowledged event is there, once."""
    with connection.cursor() as cursor:
        cursor.execute(STORED)
        rows, ids = cursor.fetchone()
        cursor.execute("SELECT message_id FROM usage_event WHERE message_id LIKE 'mix-%'")
        stored = {one for (one,) in cursor.fetchall()}
    report.figure("events acknowledged", len(load.acknowledged))
    report.expect(rows == ids, f"{rows - ids} events are there twice")
    lost = load.acknowledged - stored
    report.expect(not lost, f"{len(lost)} acknowledged events are lost")


def alive(program: Program) -> bool:
    return program.process is not None and program.process.poll() is None
