"""R1: PostgreSQL is killed -9 under four writers: nothing acknowledged is lost, nothing is there twice.

Two writers call the service, two the API. Whoever gets no answer sends the same again, as a
careful client does; so in the end every customer that was ever begun is there once, with its
event and the jobs of that event. The keeper brings PostgreSQL back; now and then it is killed too.
"""

import itertools
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from django.db import close_old_connections
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.errors import DATABASE_AWAY, Refused
from banso.core.models import Event
from banso.core.scope import open_workspace
from banso.customers.models import Customer
from banso.customers.services import create_customer
from trials.asked import Asked, ask
from trials.ground import Ground, standing_on
from trials.private import Private, private_server
from trials.report import Dose, Report

MOST_SECONDS = 3.0
TAKEN = "taken"
PAUSE = 0.02


@dataclass
class Writer:
    """Writes one customer after the other; `done` are those it was told are there."""

    name: str
    write: Callable[[str], str]
    done: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def run(self, stop: threading.Event) -> None:
        for number in itertools.count():
            key = f"{self.name}-{number}"
            while (answer := self.write(key)) not in {"done", TAKEN}:
                self.answers[answer] += 1
                time.sleep(PAUSE)
            self.answers[answer] += 1
            self.done.append(key)
            if stop.is_set():
                return


def run(dose: Dose) -> Report:
    report = Report(dose)
    with private_server() as server, standing_on(server.url) as place, ExitStack() as stack:
        web = place.web()
        services = [Writer(f"service{n}", lambda key: _by_service(place, key)) for n in range(2)]
        doors = [Writer(f"api{n}", lambda key: _by_api(place, web.base, key)) for n in range(2)]
        stack.enter_context(writing(services + doors, report))
        restarts = _kills(server, services + doors, report)
        stack.close()
        close_old_connections()  # ours died many times
        _check(place, services + doors, report)
    report.figure("restart p50, s", statistics.median(restarts))
    p95 = statistics.quantiles(restarts, n=20, method="inclusive")[18]
    report.figure("restart p95, s", p95)
    report.figure("restart, slowest, s", max(restarts))
    report.expect(
        p95 <= dose.within(MOST_SECONDS), f"PostgreSQL takes {p95:.1f} s to come back (p95)"
    )
    return report


@contextmanager
def writing(writers: list[Writer], report: Report) -> Iterator[None]:
    """All of them write at once; each ends with an answered write."""
    stop = threading.Event()
    threads = [threading.Thread(target=one.run, args=(stop,), name=one.name) for one in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
            report.expect(not thread.is_alive(), f"{thread.name} never came to an end")


def _kills(server: Private, writers: list[Writer], report: Report) -> list[float]:
    """Seconds from each kill until another PostgreSQL answers."""
    chance, took = report.dose.random(), []
    kinds = [server.kill_postmaster, server.kill_all_of_postgresql]
    for _number in range(report.dose.of(100, ci=4)):
        _wait_for_all(writers)
        time.sleep(chance.random() / 2)
        kind = chance.choices([*kinds, server.kill_keeper_and_postmaster], [5, 3, 2])[0]
        before, begin = server.pid("postgres"), time.monotonic()
        kind()
        report.count(f"kills: {kind.__name__.removeprefix('kill_')}")
        server.wait(after=before)
        took.append(time.monotonic() - begin)
    return took


def _wait_for_all(writers: list[Writer]) -> None:
    """Each has written once more: the next kill meets four writers at work."""
    before = [len(one.done) for one in writers]
    deadline = time.monotonic() + 60
    while any(len(one.done) <= was for one, was in zip(writers, before, strict=True)):
        if time.monotonic() > deadline:
            raise TimeoutError("a writer is stuck")
        time.sleep(0.01)


def _by_service(place: Ground, key: str) -> str:
    try:
        with open_workspace(place.ours.workspace):
            create_customer(name=key, external_id=key, by=place.ours.owner)
    except DATABASE_AWAY:
        return "away"
    except Refused:
        return TAKEN
    finally:
        close_old_connections()
    return "done"


def _by_api(place: Ground, base: str, key: str) -> str:
    asked = Asked("POST", "/api/v1/customers", {"name": key, "external_id": key}, place.ours.key)
    status = ask(base, asked)
    return {201: "done", 422: TAKEN, 409: TAKEN}.get(status, str(status))


def _check(place: Ground, writers: list[Writer], report: Report) -> None:
    for writer in writers:
        kind = writer.name.rstrip("0123456789")
        for answer, times in writer.answers.items():
            report.count(f"{kind}: {answer}", times)
            fine = answer in {"done", TAKEN, "away", "503"}
            report.expect(fine, f"{writer.name} was answered {answer} ({times} times)")
    wanted = {key for writer in writers for key in writer.done}
    report.figure("acknowledged", len(wanted))
    with open_workspace(place.ours.workspace):
        there = Counter(Customer.objects.values_list("external_id", flat=True))
        _compare("customers", wanted, there, report)
        ids = {str(pk): key for pk, key in Customer.objects.values_list("pk", "external_id")}
        told = Event.objects.filter(name="customers.customer_created")
        keys = Counter(ids.get(one, "?") for one in told.values_list("subject_id", flat=True))
        _compare("events", wanted, keys, report)
        _check_jobs({str(pk) for pk in told.values_list("pk", flat=True)}, report)


def _compare(what: str, wanted: set[str], there: "Counter[str]", report: Report) -> None:
    lost, extra = wanted - set(there), set(there) - wanted
    twice = [key for key, times in there.items() if times > 1]
    report.expect(not lost, f"{len(lost)} {what} were lost: {sorted(lost)[:3]}")
    report.expect(not extra, f"{len(extra)} {what} too many: {sorted(extra)[:3]}")
    report.expect(not twice, f"{len(twice)} {what} are there twice: {twice[:3]}")


def _check_jobs(events: set[str], report: Report) -> None:
    """Each event has each of its jobs once: nothing has run them yet."""
    handled: dict[str, Counter[str]] = {}
    for args in ProcrastinateJob.objects.filter(task_name="core.handle").values_list(
        "args", flat=True
    ):
        heard = handled.setdefault(args["handler"], Counter())
        heard.update(str(one) for one in args["events"])
    for handler, heard in handled.items():
        if any(one in heard for one in events):
            _compare(f"jobs of {handler}", events, heard, report)
