"""R11: whichever statement of a write fails, the state is as before or as after, never between.

SQLite's loop: every writing door (operations, forms, tracking) and every job that writes is run
with its first statement failing, then its second, until it passes. All tables, jobs and uploaded
files are compared: an event without its row, or a file without its import, is a violation. The
services that no door and no job reaches are listed by name, or the trial fails.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any

from django.db import connection, transaction
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.models import Role
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY
from banso.touchpoints.usage.store import ensure_partitions
from tests.doors import pages
from tests.worlds import World, build_world, cookies_of
from trials.faults import failing
from trials.ground import QUICK, fresh
from trials.report import Dose, Report
from trials.rows import Rows, changes, places, snapshot
from trials.tracked import tracking_writes
from trials.working import NOT_DRIVEN, jobs, services
from trials.writes import Write, api_writes, page_writes

MOST_STATEMENTS = 2000
PAGES = 20  # that are walked at the dose of the daily run
BARE = ("usage_event", "usage_due", "usage_seen", "usage_moved")
COUNTED = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in BARE)  # noqa: S608
SIGNED_IN = "SELECT 'signed in', count(*) FROM core_session WHERE person_id IS NOT NULL"
Places = Counter[tuple[str, str, str]]
# What may stand although the write was refused: a browser's session, a key's last use, what arrived.
BESIDE = {"core_session", "core_apikey", "usage_arrival", "core_cache"}


@dataclass
class Run:
    """What one attempt changed, and how it ended: a status, or the name of an exception."""

    ended: str
    statements: int
    changed: Places = field(default_factory=Counter)
    events: int = 0

    @property
    def told_done(self) -> bool:
        return self.ended in {"200", "201", "202", "204", "302", "303", "done"}


def run(dose: Dose) -> Report:
    report, random = Report(dose), dose.random()
    with fresh(dose.trial), store() as files, transaction.atomic():
        world = build_world()
        cookies_of(world.people[Role.OWNER])  # signed in elsewhere, too
        with open_workspace(world.ours):  # or this process would know of months that were undone
            ensure_partitions({TODAY})
        # A few pages at the small dose: walking all takes longer than what is tried of them.
        among = (
            []
            if dose.is_full
            else random.sample([one for one in pages() if one.method == "GET"], PAGES)
        )
        writes = [*api_writes(), *page_writes(world, among), *tracking_writes(world)]
        drivers: list[Driver] = [
            *(Door(one, world) for one in writes),
            *(Job(*one) for one in jobs(world)),
        ]
        seen: set[CodeType] = set()
        if not dose.is_full:
            drivers = random.sample(drivers, 3)
        for driver in drivers:
            Loop(driver, report, files, seen).all()
        if dose.is_full:
            missed(seen, report)
        transaction.set_rollback(True)
    return report


class Driver:
    """Something that writes: `name`, and how it is run inside the caller's transaction."""

    name = ""

    def drive(self) -> str:
        raise NotImplementedError


class Door(Driver):
    def __init__(self, write: Write, world: World) -> None:
        self.write, self.world, self.name = write, world, str(write)
        self.at = 0

    def drive(self) -> str:
        """The answer's status. Only what the program itself sends is counted."""
        return str(self.write.send(self.world, []).status)


class Job(Driver):
    def __init__(self, name: str, work: Callable[[], Any], world: World) -> None:
        self.name, self.work, self.world = name, work, world

    def drive(self) -> str:
        try:
            with open_workspace(self.world.ours), transaction.atomic():
                self.work()
        except Exception as error:  # noqa: BLE001  (whatever it is, the state decides)
            return type(error).__name__
        return "done"


class Loop:
    """One driver with its n-th statement failing, n = 1, 2, … until it passes."""

    def __init__(self, driver: Driver, report: Report, files: Path, seen: set[CodeType]) -> None:
        self.driver, self.report, self.files, self.seen = driver, report, files, seen
        self.before = state()

    def all(self) -> None:
        with noting(self.seen):
            plain = self.once(0)
        self.report.count("writes")
        if not plain.changed:
            self.report.count("writes that change nothing as they are asked here")
            return
        for n in range(1, MOST_STATEMENTS):
            found = self.once(n)
            if found.statements < n:
                return
            self.judge(n, plain, found)
        self.report.expect(False, f"{self.driver.name}: it never passes")

    def once(self, at: int) -> Run:
        """One attempt; all of it is taken back."""
        with transaction.atomic():
            with failing_inside(self.driver, at) as fault:
                ended = self.driver.drive()
            if connection.needs_rollback:
                connection.needs_rollback = False
                ended = f"{ended}, broken"
            found = Run(ended, fault.count)
            after = state()
            found.changed = Counter(
                {place: n for place, n in places(changes(self.before, after)).items()
                 if place[0] not in BESIDE}
            )  # fmt: skip
            self.lying_about(at)
            transaction.set_rollback(True)
        return found

    def judge(self, n: int, plain: Run, found: Run) -> None:
        where = (
            f"{self.driver.name}: statement {n} of {plain.statements} fails, answer {found.ended}"
        )
        self.report.count("faults")
        as_after = found.changed == plain.changed
        between = found.changed - plain.changed + (plain.changed - found.changed)
        self.report.expect(
            not found.changed or as_after, f"{where}: between: {sorted(between)[:4]}"
        )
        self.report.expect(not found.told_done or as_after, f"{where}: told done, and it is not")
        self.report.expect(found.ended != "500", f"{where}: an error of ours")

    def lying_about(self, at: int) -> None:
        """Files of an upload whose import is not there."""
        known = {str(run) for run in runs()}
        lost = [one.name for one in (self.files / "imports").glob("*") if one.name not in known]
        self.report.expect(not lost, f"{self.driver.name}: fault {at} leaves files of no import")
        for one in sorted(self.files.rglob("*"), reverse=True):
            one.unlink() if one.is_file() else one.rmdir()


def runs() -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM core_importrun")
        return iter([row[0] for row in cursor.fetchall()])


@contextmanager
def failing_inside(driver: Driver, at: int) -> Iterator[Any]:
    """Statements are counted from the program's first one on, not from our own."""
    if not isinstance(driver, Door):
        with failing(at) as fault:
            yield fault
        return
    knocker, holder = driver.world.knocker, Holder()
    usual = knocker.handler

    def answer(environ: Any) -> Any:
        with failing(at) as fault:
            try:
                return usual(environ)
            finally:
                holder.count += fault.count

    knocker.handler = answer  # type: ignore[assignment]
    try:
        yield holder
    finally:
        knocker.handler = usual


@dataclass
class Holder:
    count: int = 0


def state() -> Rows:
    """Every row, every waiting job by what it is to do, and how many there are beside models."""
    found = snapshot()
    with connection.cursor() as cursor:
        cursor.execute(f"{COUNTED} UNION ALL {SIGNED_IN}")
        for table, count in cursor.fetchall():
            found |= {(table, str(n)): json.dumps({"row": 1}) for n in range(count)}
    for n, job in enumerate(
        ProcrastinateJob.objects.order_by("id").values("task_name", "queue_name")
    ):
        found["procrastinate_jobs", str(n)] = json.dumps(job)
    return found


@contextmanager
def store() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="banso-faults-") as place:
        told = {"MEDIA_ROOT": place, "ALLOWED_HOSTS": ["testserver"], "PASSWORD_HASHERS": QUICK}
        with override_settings(**told):
            yield Path(place)


@contextmanager
def noting(seen: set[CodeType]) -> Iterator[None]:
    """Which functions run meanwhile."""

    def note(frame: Any, event: str, _what: Any) -> None:
        if event == "call":
            seen.add(frame.f_code)

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def missed(seen: set[CodeType], report: Report) -> None:
    """Services that nothing here has run."""
    found = services()
    report.figure("services that write", len(found))
    left = sorted(name for name, code in found.items() if code not in seen)
    report.figure("services told apart", len([one for one in left if one in NOT_DRIVEN]))
    unknown = [one for one in left if one not in NOT_DRIVEN]
    report.expect(not unknown, f"nothing here runs {unknown}")
    report.expect(set(NOT_DRIVEN) <= set(found), f"not there: {set(NOT_DRIVEN) - set(found)}")
