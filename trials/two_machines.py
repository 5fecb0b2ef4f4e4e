"""Two machines on one outside PostgreSQL; the line of one is cut midway, and mended.

Each machine is a web and a worker process with a data folder of its own, whose only way to
PostgreSQL is a TCP proxy. A service manager starts what has ended. While the first machine is cut
off, the other goes on; what was acknowledged by either is there once, each step of the jobs
happens once, no mail twice, and streams of both hear of every change.
"""

import itertools
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.scope import open_workspace
from banso.core.tests.programs import Program, free_port
from banso.customers.models import Customer
from banso.customers.services import create_customer
from trials.asked import Asked, ask
from trials.ears import Ear, listening, people
from trials.ground import Ground, ground
from trials.private import until
from trials.proxy import Opener, Proxy, proxy, to_port, to_socket
from trials.r3_worker_kills import AGE_HEARTS, ask_for_work, check_mails, check_steps
from trials.report import Dose, Report
from trials.sink import Sink, slow_mail_server

HEALS_SECONDS = 10.0
LONG = 1.0  # what a short cut costs a request that is answered in the end
ANSWERS_SECONDS = 35.0
TOLD_SECONDS = 10.0
NOTICED_SECONDS = 40.0  # a line that swallows everything is noticed when a page has waited
SETTLES_SECONDS = 180.0
CUSTOMERS = 5


@dataclass
class Machine:
    """One of the two; `watched` are its programs that are started again when they end."""

    name: str
    line: Proxy
    web: Program
    worker: Program

    def watch(self, stop: threading.Event) -> None:
        while not stop.wait(0.5):
            if self.worker.process is not None and self.worker.process.poll() is not None:
                self.worker.start()


@dataclass(frozen=True, slots=True)
class Told:
    """A request to a machine: when, what (a customer's topic for a change), and its status."""

    machine: str
    begin: float
    end: float
    what: str
    status: int


def run(dose: Dose) -> Report:
    report = Report(dose)
    with ExitStack() as stack:
        place = stack.enter_context(ground(dose.trial))
        sink = stack.enter_context(slow_mail_server(dose.random()))
        stack.enter_context(open_workspace(place.ours.workspace))
        ask_for_work(place, dose.of(400, ci=20))
        ids = [str(create_customer(name=f"追う会社{n}", by=None).pk) for n in range(CUSTOMERS)]
        machines = [
            stack.enter_context(_machine(name, place, sink)) for name in ("first", "second")
        ]
        ears = [
            stack.enter_context(_ears(place, one, ids, dose.of(100, ci=10))) for one in machines
        ]
        load = stack.enter_context(Load(place, machines, ids, report).going())
        cuts = [_cut(machines[0], kind, report) for kind in _kinds(machines[0].line, dose)]
        time.sleep(2)
        load.stop()
        _settle(report)
        time.sleep(max(0.0, cuts[-1][2] + TOLD_SECONDS - time.monotonic()))  # streams may hear
        _check_answers(load, cuts, report)
        _check_rows(load, report)
        _check_streams(machines, ears, load, cuts, report)
        check_steps(report)
        check_mails(place, sink, report, most_unsure=4 * len(cuts))
    return report


@contextmanager
def _machine(name: str, place: Ground, sink: Sink) -> Iterator[Machine]:
    opener, url_by = _server(place.url)
    with proxy(opener) as line, tempfile.TemporaryDirectory(prefix="banso-machine-") as folder:
        more = {"BANSO_SECRET_KEY": settings.SECRET_KEY, "BANSO_SMTP_PORT": str(sink.port)}
        url = url_by(line.port)
        web = Program(["web"], url, Path(folder), free_port(), more)
        machine = Machine(name, line, web, Program(["worker"], url, Path(folder), more=more))
        stop = threading.Event()
        watch = threading.Thread(target=machine.watch, args=(stop,))
        try:
            machine.worker.start()
            web.start()
            watch.start()
            yield machine
        finally:
            stop.set()
            watch.join()
            web.kill()
            machine.worker.kill()


def _server(url: str) -> tuple[Opener, Callable[[int], str]]:
    """A way to the server of this address, and the address of the same database through a port."""
    parts = urlsplit(url)
    user = quote(parts.username or "") + (f":{parts.password}" if parts.password else "")
    query = parse_qs(parts.query)
    if folder := query.get("host", [""])[0]:
        opener = to_socket(os.path.join(folder, f".s.PGSQL.{query.get('port', ['5432'])[0]}"))
    else:
        opener = to_port(parts.hostname or "127.0.0.1", parts.port or 5432)

    def through(port: int) -> str:
        return urlunsplit(("postgresql", f"{user}@127.0.0.1:{port}", parts.path, "", ""))

    return opener, through


@contextmanager
def _ears(place: Ground, machine: Machine, ids: list[str], count: int) -> Iterator[list[Ear]]:
    whose = people(place.ours, count, host=f"{machine.name}-streams")
    topics = [f"customer:{one}" for one in ids]
    with listening(machine.web.port, whose, count, topics) as ears:
        yield ears


class Load:
    """New customers and changes of old ones, asked for at both machines all the while."""

    def __init__(
        self, place: Ground, machines: list[Machine], ids: list[str], report: Report
    ) -> None:
        self.machines, self.ids, self.key = machines, ids, place.ours.key
        self.report = report
        self.told: list[Told] = []
        self.taken: list[str] = []
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=work, args=(n,))
            for work in (self._create, self._change)
            for n in range(len(machines))
        ]

    @contextmanager
    def going(self) -> "Iterator[Load]":
        for thread in self.threads:
            thread.start()
        try:
            yield self
        finally:
            self.stop()

    def stop(self) -> None:
        """No request is under way any more. Twice is once."""
        if self.over.is_set():
            return
        self.over.set()
        for thread in self.threads:
            thread.join(120)
        stuck = sum(thread.is_alive() for thread in self.threads)
        self.report.expect(not stuck, f"{stuck} of those who ask never came to an end")

    def _create(self, first: int) -> None:
        """Whoever gets no answer asks the other machine for the same, as behind a proxy."""
        for number in itertools.count():
            name = f"{self.machines[first].name}-{number}"
            body = {"name": name, "external_id": name}
            for turn in itertools.count(first):
                machine = self.machines[turn % len(self.machines)]
                status = self._ask(machine, Asked("POST", "/api/v1/customers", body, self.key))
                if status in {201, 422}:  # or it was taken the time before, unheard
                    self.taken.append(name)
                    break
                time.sleep(0.05)
            if self.over.wait(0.05):
                return

    def _change(self, which: int) -> None:
        for number in itertools.count():
            pk = self.ids[number % len(self.ids)]
            body = {"goals": f"目標 {which} {number}"}
            asked = Asked("PATCH", f"/api/v1/customers/{pk}", body, self.key)
            self._ask(self.machines[which], asked, what=f"customer:{pk}")
            if self.over.wait(0.2):
                return

    def _ask(self, machine: Machine, asked: Asked, *, what: str = "") -> int:
        begin = time.monotonic()
        status = ask(machine.web.base, asked, seconds=60)
        self.told.append(Told(machine.name, begin, time.monotonic(), what, status))
        return status


Cut = tuple[float, float, float]  # cut, mended, first good page afterwards


def _kinds(line: Proxy, dose: Dose) -> list[Callable[[], None]]:
    full: list[Callable[[], None]] = [line.refuse, line.blackhole, line.cut, line.refuse]
    return full if dose.is_full else [line.refuse]


def _cut(machine: Machine, kind: Callable[[], None], report: Report) -> Cut:
    """The line is cut and mended; full dose: for long enough that jobs are taken over."""
    time.sleep(1.5)
    begin = time.monotonic()
    kind()
    away = 0.2 if kind == machine.line.cut else report.dose.of(50, ci=2)
    time.sleep(away)
    machine.line.mend()
    mended = time.monotonic()
    page = Asked("GET", "/readyz")
    took = until(lambda: ask(machine.web.base, page, seconds=60) == 200, seconds=60, every=0.05)
    report.count(f"line: {kind.__name__}")
    longest = float(report.counts.get("well after, slowest, s", 0))
    report.figure("well after, slowest, s", max(took, longest))
    most = report.dose.within(HEALS_SECONDS)
    report.expect(took <= most, f"after {kind.__name__} well again after {took:.1f} s")
    return begin, mended, mended + took


def _settle(report: Report) -> None:
    """Nothing waits, nothing runs. At the small dose nobody waits for the hearts of cut workers."""
    with connection.cursor() as cursor:
        if not report.dose.is_full:
            cursor.execute(AGE_HEARTS)
    under_way = ProcrastinateJob.objects.filter(status__in=["todo", "doing"])
    took = until(lambda: not under_way.exists(), seconds=SETTLES_SECONDS, every=0.1)
    report.figure("jobs settled after, s", took)


def _check_answers(load: Load, cuts: list[Cut], report: Report) -> None:
    for machine in load.machines:
        told = [one for one in load.told if one.machine == machine.name]
        for status, times in sorted(Counter(one.status for one in told).items()):
            report.count(f"{machine.name}: answered {status or 'not at all'}", times)
    first = [one for one in load.told if one.machine == "first"]
    second = Counter(one.status for one in load.told if one.machine == "second")
    odd = {status: n for status, n in second.items() if status not in {200, 201, 422}}
    report.expect(not odd, f"the machine that was well answered {odd}")
    wrong = Counter(one.status for one in first if one.status not in {200, 201, 422, 503})
    report.expect(not wrong, f"the machine that was cut off answered {dict(wrong)}")
    unwell = [one for one in first if one.status == 503]
    held = [one for one in first if any(b <= one.end and one.begin <= m for b, m, _e in cuts)]
    waited = [one for one in held if one.end - one.begin > LONG]
    report.expect(unwell or waited, "the cut was not felt")
    late = [one for one in unwell if not any(b <= one.end and one.begin <= e for b, _m, e in cuts)]
    report.expect(not late, f"{len(late)} requests were answered 503 while all was well")
    longest = max(one.end - one.begin for one in load.told)
    report.figure("longest answer, s", longest)
    report.expect(longest <= report.dose.within(ANSWERS_SECONDS), f"an answer took {longest:.0f} s")


def _check_rows(load: Load, report: Report) -> None:
    rows = Customer.objects.exclude(external_id="").values_list("external_id", flat=True)
    there = Counter(rows)
    lost = set(load.taken) - set(there)
    extra = set(there) - set(load.taken)
    report.figure("customers acknowledged", len(load.taken))
    report.expect(not lost, f"{len(lost)} customers were lost")
    report.expect(not extra, f"{len(extra)} customers were never acknowledged")
    report.expect(max(there.values(), default=0) <= 1, "a customer is there twice")


def _check_streams(
    machines: list[Machine], ears: list[list[Ear]], load: Load, cuts: list[Cut], report: Report
) -> None:
    """Streams of the cut machine hear once it is well; all others at once."""
    changes = [one for one in load.told if one.what and one.status == 200]
    most = report.dose.within(TOLD_SECONDS)
    report.figure("changes", len(changes))
    for machine, open_there in zip(machines, ears, strict=True):
        report.count("streams", len(open_there))
        over = sum(ear.is_over for ear in open_there)
        report.expect(not over, f"{over} streams of the {machine.name} machine ended")
        missed = 0
        for change in changes:
            due = change.end + most
            for begin, _mended, well in cuts if machine is machines[0] else ():
                if begin <= due:  # also one that begins before it has heard of the last
                    due = max(due, well + most)
            for ear in open_there:
                at = ear.heard_of(change.what, since=change.begin)
                missed += at is None or at > due
        report.expect(not missed, f"{missed} times a stream of {machine.name} missed a change")
