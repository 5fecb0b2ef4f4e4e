"""R4: the supervisor is killed, the whole tree is killed at once: the next start heals itself.

The program runs as an operator starts it: `banso up` on a private PostgreSQL. What was answered
with 201 before a kill is there after it. Pages and worker end within 5 s of their supervisor;
the keeper and PostgreSQL, which belong to no command, within 5 s of the pause that they keep
for the next command. A stop ends everything, whoever still holds a connection.
"""

import json
import os
import signal
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from banso.cli.migrate import bring_tables
from banso.core.postgres import attach, detach
from banso.core.tests.programs import Program, free_port
from banso.lib.processes import family, is_alive
from trials.asked import Asked, answer, ask
from trials.ground import Side, side
from trials.private import Private, data_folder, kill, queries_go_to, until
from trials.report import Dose, Report

ENDS_SECONDS = 5.0
KEEPER_WAITS_SECONDS = 5.0  # for the next command, after the last has gone
HEALS_SECONDS = 30.0


@dataclass
class Whole:
    """The program on its data folder, and every customer that it said it has taken."""

    up: Program
    server: Private
    key: str
    report: Report
    taken: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)

    def start(self, *, after: Sequence[int] = ()) -> None:
        """It answers pages, not one of the processes `after`; what it had taken before is there."""
        self.starts.append(self.up.start())
        until(lambda: self._is_ready(after), seconds=HEALS_SECONDS)
        self._check_kept()

    def write(self, times: int = 5) -> None:
        for _n in range(times):
            name = f"会社{len(self.taken)}"
            body = {"name": name, "external_id": name}
            status = ask(self.up.base, Asked("POST", "/api/v1/customers", body, self.key))
            if self.report.expect(status == 201, f"a new customer was answered {status}"):
                self.taken.append(name)

    def processes(self) -> list[int]:
        """The supervisor, the pages and the worker."""
        return family(self.up.pid)

    def _is_ready(self, after: Sequence[int]) -> bool:
        ready = Asked("GET", "/readyz")
        return not any(map(is_alive, after)) and ask(self.up.base, ready) == 200

    def _check_kept(self) -> None:
        found = list(self._listed())
        lost = set(self.taken) - set(found)
        self.report.expect(not lost, f"{len(lost)} customers were lost: {sorted(lost)[:3]}")
        self.report.expect(len(found) == len(set(found)), "a customer is there twice")

    def _listed(self) -> Iterator[str]:
        """The external ids of all customers, page by page."""
        cursor, more = "", True
        while more:
            told = urlencode({"limit": 100, "cursor": cursor} if cursor else {"limit": 100})
            status, body = answer(
                self.up.base, Asked("GET", f"/api/v1/customers?{told}", key=self.key)
            )
            if not self.report.expect(status == 200, f"after a start the API answered {status}"):
                return
            page = json.loads(body)
            yield from (one["external_id"] for one in page["items"])
            cursor = page["next_cursor"]
            more = bool(cursor)


def run(dose: Dose) -> Report:
    report, chance = Report(dose), dose.random()
    with data_folder() as data:
        whole = Whole(Program(["up"], "", data, free_port()), Private(data, ""), "", report)
        whole.key = _prepared(data).key
        try:
            whole.start()
            kinds = [_kill_supervisor, _kill_everything] * dose.of(20, ci=1)
            for number, kind in enumerate(kinds):
                whole.write()
                time.sleep(chance.random())
                kind(whole, alone=number % 7 == 6)
            _stop_with_guests(whole)
        finally:
            kill(family(whole.up.pid) if whole.up.process else [])
    report.figure("start p50, s", statistics.median(whole.starts))
    report.figure("slowest start, s", max(whole.starts))
    return report


def _prepared(data: Path) -> Side:
    """The tables and a workspace are there; nothing runs any more but the keeper, for its pause."""
    url = attach(data)
    with queries_go_to(url):
        bring_tables()
        made = side("アクメ株式会社", "acme")
    detach(data)
    return made


def _kill_supervisor(whole: Whole, *, alone: bool) -> None:
    """Whoever starts it again does so at once; now and then (`alone`) nobody does for a while."""
    everyone = whole.processes()
    whole.up.kill()
    begin = time.monotonic()
    whole.report.count("supervisor killed")
    if alone:
        _ends(whole, everyone, since=begin, what="of a killed supervisor")
        _keeper_ends(whole)
    whole.start(after=everyone)
    _ends(whole, everyone, since=begin, what="of a killed supervisor")


def _kill_everything(whole: Whole, *, alone: bool) -> None:
    everyone = [*whole.processes(), *whole.server.everyone()]
    kill(everyone)
    begin = time.monotonic()
    _reap(whole.up)
    whole.report.count("whole tree killed")
    _ends(whole, everyone, since=begin, what="of a killed tree")
    if alone:
        time.sleep(ENDS_SECONDS)
        whole.report.expect(not whole.server.everyone(), "something came back by itself")
    whole.start()


def _reap(up: Program) -> int:
    assert up.process is not None
    code = up.process.wait(10)
    up.process = None
    return code


def _ends(whole: Whole, pids: list[int], *, since: float, what: str) -> None:
    """None of them is alive 5 s after the kill."""
    most = whole.report.dose.within(ENDS_SECONDS)
    while any(map(is_alive, pids)) and time.monotonic() < since + most:
        time.sleep(0.02)
    left = [pid for pid in pids if is_alive(pid)]
    whole.report.expect(not left, f"{len(left)} processes {what} are alive after {most:.0f} s")


def _keeper_ends(whole: Whole) -> None:
    """The last command is gone: after its pause the keeper goes too, with PostgreSQL."""
    most = ENDS_SECONDS + KEEPER_WAITS_SECONDS
    took = _seconds_until(lambda: not whole.server.everyone(), most=most + 1)
    whole.report.figure("keeper and PostgreSQL gone after, s", took)
    whole.report.expect(took <= most, f"the keeper or PostgreSQL is there after {most:.0f} s")


def _stop_with_guests(whole: Whole) -> None:
    """SIGTERM while somebody holds a transaction open, and somebody half of a request."""
    everyone = whole.processes()
    url = attach(whole.server.data)  # a guest with the password; then not a user any more
    with (
        psycopg.connect(url) as guest,
        socket.create_connection(("127.0.0.1", whole.up.port)) as half,
    ):
        detach(whole.server.data)
        guest.execute("SELECT 1")
        half.sendall(
            b"POST /customers/new/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"
        )
        begin = time.monotonic()
        os.kill(whole.up.pid, signal.SIGTERM)
        _ends(whole, everyone[1:], since=begin, what="of a stopped program")
        code = _reap(whole.up)
        whole.report.expect(code == 0, f"a stopped program ended with {code}")
        whole.report.figure("stop, s", time.monotonic() - begin)
        if whole.report.dose.is_full:
            _keeper_ends(whole)
        guest.close()


def _seconds_until(holds: Callable[[], bool], *, most: float) -> float:
    try:
        return until(holds, seconds=most, every=0.05)
    except TimeoutError:
        return most
