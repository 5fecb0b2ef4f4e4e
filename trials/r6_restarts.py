"""R6: PostgreSQL restarts (fast) under requests and streams: only 503, and well 2 s after it accepts.

A tenth of the requests change a customer. Every stream follows all of these customers: each change
that was answered with 200 must reach each stream, as itself or as the word to ask for everything.
"""

import statistics
import time
from collections import Counter
from random import Random
from uuid import UUID

from banso.core.models import Role
from banso.core.scope import open_workspace
from banso.customers.services import create_customer
from trials.asked import Asked, ask
from trials.ears import Ear, listening, people
from trials.ground import Ground, standing_on
from trials.private import Private, private_server, until
from trials.report import Dose, Report
from trials.sockets import caller
from trials.steady import Answered, Steady, steadily

WELL_SECONDS = 2.0
TOLD_SECONDS = 5.0
PATIENCE_SECONDS = 120.0
CUSTOMERS = 10
PAGES = ["/", "/customers/", "/tasks", "/api/v1/customers?limit=20", "/healthz"]
WRITES_EACH = 10
Outage = tuple[float, float]  # from the restart until it accepted (monotonic seconds)


def run(dose: Dose) -> Report:
    report = Report(dose)
    with private_server() as server, standing_on(server.url) as place:
        ids = book(place)
        web = place.web()
        topics = [f"customer:{one}" for one in ids]
        streams = dose.of(200, ci=20)
        whose = people(place.ours, streams)
        asking = Asking(place, web.base, ids)
        with (
            listening(web.port, whose, streams, topics) as ears,
            steadily(dose.of(50, ci=25), asking.ask, report) as load,
        ):
            time.sleep(1)
            chance = dose.random()
            outages = [_restart(server, report, chance) for _n in range(dose.of(30, ci=2))]
            time.sleep(WELL_SECONDS + 0.5)
        _check_answers(load, outages, report)
        _check_streams(ears, load.answers, outages, report)
    return report


def book(place: Ground) -> list[UUID]:
    """Customers that requests change and streams follow."""
    with open_workspace(place.ours.workspace):
        made = [create_customer(name=f"会社{n}", by=None) for n in range(CUSTOMERS)]
    return [one.pk for one in made]


class Asking:
    """The requests of one person with a browser and a program with a key, in turns."""

    def __init__(self, place: Ground, base: str, ids: list[UUID]) -> None:
        self.base, self.ids, self.key = base, ids, place.ours.key
        person = place.ours.people[Role.CSM]
        self.cookie = f"sessionid={caller(place.ours, person).key}"

    def ask(self, number: int) -> tuple[str, int]:
        """What was asked (a customer's topic for a change), and the status."""
        if number % WRITES_EACH == 0:
            pk = self.ids[number // WRITES_EACH % len(self.ids)]
            body = {"goals": f"目標{number}"}
            write = Asked("PATCH", f"/api/v1/customers/{pk}", body, self.key)
            return f"customer:{pk}", ask(self.base, write, seconds=PATIENCE_SECONDS)
        path = PAGES[number % len(PAGES)]
        key = self.key if path.startswith("/api/") else ""
        asked = Asked("GET", path, key=key, cookie="" if key else self.cookie)
        return path, ask(self.base, asked, seconds=PATIENCE_SECONDS)


def _restart(server: Private, report: Report, chance: Random) -> Outage:
    """A fast restart at some moment."""
    time.sleep(WELL_SECONDS + 0.5 + chance.random())
    before, begin = server.pid("postgres"), time.monotonic()
    server.restart()
    until(lambda: server.pid("postgres") != before and server.answers(), seconds=60)
    report.count("restarts")
    away = time.monotonic() - begin
    report.figure("away, longest, s", max(away, float(report.counts.get("away, longest, s", 0))))
    return begin, time.monotonic()


def _check_answers(load: Steady, outages: list[Outage], report: Report) -> None:
    told = Counter(one.status for one in load.answers)
    for status, times in sorted(told.items()):
        report.count(f"answered {status or 'not at all'}", times)
        report.expect(status in {200, 503}, f"{times} requests were answered {status}")
    late = [_late(one, outages) for one in load.answers if one.status == 503]
    worst = max(late, default=0.0)
    report.figure("last 503 after it accepted, s", worst)
    report.expect(
        worst <= report.dose.within(WELL_SECONDS),
        f"a request that was sent {worst:.1f} s after PostgreSQL accepted was answered 503",
    )
    took = sorted(one.end - one.begin for one in load.answers)
    report.figure("requests a second", len(took) / (load.answers[-1].end - load.answers[0].begin))
    report.figure("p50, ms", 1000 * statistics.median(took))
    report.figure("slowest, s", took[-1])
    report.figure("sent more than 1 s late", load.late)


def _late(one: Answered, outages: list[Outage]) -> float:
    """How long after the outage that it may have met a request was sent; 0: in it, or before."""
    met = [up for down, up in outages if down <= one.end]
    return max(0.0, one.begin - met[-1]) if met else float("inf")


def _check_streams(
    ears: list[Ear], answers: list[Answered], outages: list[Outage], report: Report
) -> None:
    over = sum(ear.is_over for ear in ears)
    report.figure("streams", len(ears))
    report.expect(not over, f"{over} streams ended")
    waited, missed = [], 0
    writes = [one for one in answers if one.what.startswith("customer:") and one.status == 200]
    for write in writes:
        for ear in ears:
            at = ear.heard_of(write.what, since=write.begin)
            if at is None or at > write.end + report.dose.within(TOLD_SECONDS):
                missed += 1
            else:
                waited.append(max(0.0, at - write.end))
    report.figure("changes", len(writes))
    report.expect(writes, "nothing was changed")
    report.expect(not missed, f"{missed} times a stream was not told of a change")
    report.figure("told after, p99, s", _p99(waited))
    deaf = sum(ear.resyncs(since=outages[0][0]) < 1 for ear in ears)
    report.expect(not deaf, f"{deaf} streams were not renewed")


def _p99(values: list[float]) -> float:
    return sorted(values)[int(0.99 * len(values))] if values else 0.0
