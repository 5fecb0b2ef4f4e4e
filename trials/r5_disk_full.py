"""R5: the disk fills while events come, during an import, under a backup, and where uploads are kept.

The private PostgreSQL and the data folder each stand on a small disk of their own. Whatever is
not stored is refused in words; PostgreSQL comes back by itself once there is room; and everything
that was acknowledged is there, once.
"""

import contextlib
import json
import time
from collections import Counter
from collections.abc import Callable

import psycopg

from trials.full_house import House, command, house, send_csv
from trials.report import Dose, Report
from trials.senders import NOBODY, Load, over_http
from trials.small_disk import NoMount

HEALS_WITHIN, ENDS_WITHIN = 30.0, 300.0
IN_WORDS = {503: "application/problem+json", 507: "application/problem+json"}
ACCEPTED = {200, 202, 503, 507, NOBODY}


def run(dose: Dose) -> Report:
    """Four phases; 60 s of a full disk in all, at the small dose 3, and without the worker."""
    report = Report(dose)
    try:
        with house(worker=dose.is_full) as found:
            _ingest(found, report)
            if dose.is_full:
                _import(found, report)
            _backup(found, report)
            _uploads(found, report)
    except NoMount as why:
        report.figure("skipped", f"no small disk can be mounted here: {why}")
    return report


def _ingest(house: House, report: Report) -> None:
    """Senders go on through a full disk, and while PostgreSQL is down for it."""
    with Load(over_http(house.base, house.key), pad=20_000) as load:
        for _round in range(report.dose.of(3, ci=1)):
            load.wait(each=min(load.taken.values()) + 2)
            house.server.fill()
            time.sleep(report.dose.of(5, ci=1))  # tables find no room
            _need_more_log(house)
            time.sleep(report.dose.of(10, ci=1))  # nor does the write-ahead log: it is down
            report.count("seconds full", report.dose.of(15, ci=2))
            report.count("rounds in which PostgreSQL was down", int(not house.answers()))
            _heal(house, load, report)
        load.wait(each=min(load.taken.values()) + 2)
    _check_words(load.statuses, load.said, report)
    rows = Counter(
        str(key) for (key,) in house.stored("SELECT message_id FROM usage_event") if "#" in str(key)
    )
    wanted = {f"{name}#{n}" for name, count in load.taken.items() for n in range(count)}
    report.figure("events acknowledged", len(wanted))
    report.expect(wanted <= rows.keys(), f"{len(wanted - rows.keys())} acknowledged were lost")
    report.expect(max(rows.values()) == 1, "an event is there twice")


def _need_more_log(house: House) -> None:
    """PostgreSQL is asked to write more than its log has room for."""
    query = "SELECT pg_logical_emit_message(true, 'trial', repeat('x', 1000000))"
    with contextlib.suppress(psycopg.Error), psycopg.connect(house.url, autocommit=True) as one:
        for _megabyte in range(60):
            one.execute(query)


def _heal(house: House, load: Load, report: Report) -> None:
    """Room again: from now until the first event is taken."""
    house.server.make_room()
    begin = time.monotonic()
    while load.last_taken < begin and time.monotonic() - begin < 2 * HEALS_WITHIN:
        time.sleep(0.02)
    seconds = time.monotonic() - begin
    report.figure("slowest healing", max(seconds, float(report.counts.get("slowest healing", 0.0))))
    report.expect(seconds <= HEALS_WITHIN, f"healed only after {seconds:.0f} s")


def _check_words(statuses: Counter[int], said: dict[int, str], report: Report) -> None:
    for status, count in sorted(statuses.items()):
        report.count(f"answers {status}", count)
    report.expect(statuses.keys() <= ACCEPTED, f"answers {sorted(statuses)}: {said}")
    report.expect(statuses.keys() & {503, 507}, f"nobody heard that there is no room: {said}")
    for status in said.keys() - {NOBODY}:
        told = json.loads(said[status])
        report.expect(told.get("detail") or told.get("title"), f"{status} without words")


def _import(house: House, report: Report) -> None:
    """Imports that were taken come to an end in words, whatever the disk did meanwhile."""
    taken: list[str] = []
    rows = report.dose.of(20_000)
    for number in range(3):
        if number:
            house.server.fill(leave=(number - 1) * 2_000_000)
        status, kind, said = send_csv(house, f"I{number}-", rows)
        report.count(f"imports answered {status}")
        report.expect(status in ACCEPTED - {200}, f"an import was answered {status}: {said}")
        if status == 202:
            taken.append(json.loads(said)["id"])
        elif status != NOBODY:
            report.expect(kind == IN_WORDS[status], f"{status} as {kind}")
        time.sleep(10)
        house.server.make_room()
        _until(house.answers, HEALS_WITHIN, "PostgreSQL stayed away", report)
    for one in taken:
        _until(lambda one=one: _over(house, one), ENDS_WITHIN, f"import {one} never ended", report)  # type: ignore[misc]
        report.count(f"imports {_state(house, one)}")
    full = house.stored("SELECT count(*) FROM core_importrun WHERE state = 'done'")
    there = house.stored("SELECT count(*) FROM customers_customer WHERE external_id LIKE 'I%%'")
    report.expect(
        there[0][0] == int(str(full[0][0])) * rows, f"{there} customers of {full} imports"
    )


def _state(house: House, run: str) -> str:
    return str(house.stored("SELECT state FROM core_importrun WHERE id = %s", run)[0][0])


def _over(house: House, run: str) -> bool:
    try:
        return _state(house, run) in {"done", "failed"}
    except psycopg.Error:
        return False


def _backup(house: House, report: Report) -> None:
    """No room for the file: words, no file of that name, nothing half, and PostgreSQL goes on."""
    target = house.uploads.folder / "b.banso"
    house.uploads.fill(leave=8192)
    done = command(house, "backup", str(target))
    report.expect(done.returncode == 1, f"a backup without room ended with {done.returncode}")
    report.expect(done.stderr.count("\n") == 1 and "full" in done.stderr, done.stderr[-300:])
    left = [path.name for path in target.parent.glob("b.banso*")]
    report.expect(left == [], f"{left} is left of a backup without room")
    report.expect(house.answers(), "PostgreSQL was harmed by a backup")
    house.uploads.make_room()
    done = command(house, "backup", str(target))
    report.expect(
        done.returncode == 0 and target.exists(), f"no backup later: {done.stderr[-300:]}"
    )
    report.count("backups without room")
    target.unlink(missing_ok=True)


def _uploads(house: House, report: Report) -> None:
    """The folder of uploads is full: the import is refused, nothing is left, the rest goes on."""
    house.uploads.fill(leave=50_000)
    status, kind, said = send_csv(house, "U-", 20_000)
    report.expect(status in {503, 507}, f"an upload without room was answered {status}: {said}")
    report.expect(kind == IN_WORDS.get(status) and json.loads(said or "{}").get("detail"), said)
    left = [path for path in (house.data / "files").rglob("*") if path.is_file()]
    report.expect(left == [], f"{len(left)} half files are left")
    runs = house.stored("SELECT count(*) FROM core_importrun WHERE state = 'draft'")
    report.expect(runs[0][0] == 0, "a draft without its file is left")
    with Load(over_http(house.base, house.key)) as load:
        load.wait(each=2)
    report.expect(set(load.statuses) == {200}, f"events suffer from a full folder: {load.said}")
    house.uploads.make_room()
    status, _kind, said = send_csv(house, "V-", 10)
    report.expect(status == 202, f"with room again an upload is answered {status}: {said}")
    report.count("uploads without room")


def _until(holds: Callable[[], object], seconds: float, words: str, report: Report) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if not report.expect(time.monotonic() < end, words):
            return
        time.sleep(0.1)
