"""R16: a backup taken under load comes back whole, and a damaged one never begins to.

While programs go on sending usage, `banso backup` takes everything; into an empty place comes
exactly one moment: every acknowledged event before it, none after it, no half request.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.test import override_settings

from banso.cli import commands, doctor
from banso.core.backup import record, tables
from banso.core.backup.archive import Archive, verified
from banso.core.backup.manifest import Manifest
from banso.core.scope import open_workspace
from banso.core.sealed import unseal
from banso.core.tests.databases import own_database
from banso.core.tests.programs import REPOSITORY, environment
from banso.lib.trouble import TroubleInWords
from banso.touchpoints.usage.services import make_source
from trials.book import fill, uploads
from trials.ground import Ground, ground
from trials.harm import harmed
from trials.report import Dose, Report
from trials.senders import Load, Post, in_process, over_http

RESTORED_WITHIN = 300.0
FLAT_MB = 250.0
# What belongs to tables beside rows; partitions that came since are none of the backup's.
MADE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) || convalidated::text || coalesce(
    conindid::regclass::text, '')
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) || tgenabled::text
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT inhrelid::regclass::text, inhparent::regclass::text, pg_get_expr(relpartbound, c.oid)
FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE relkind = 'r'
ORDER BY 1, 2, 3
"""
SECRET = "s3cret of the sign-in service"


def run(dose: Dose) -> Report:
    """100,000 customers, a million events, 300 files; at the small dose 300, 3,000 and 6."""
    report = Report(dose)
    with ground(dose.trial) as place, tempfile.TemporaryDirectory(prefix="banso-r16-") as folder:
        (place.data / "secret_key").write_text(settings.SECRET_KEY)
        fill(place, customers=dose.of(100_000, ci=300), events_each=10, secret=SECRET)
        uploads(place.data / "files", dose.of(300, ci=6), dose.random())
        file = Path(folder) / "whole.banso"
        manifest = _back_up(place, file, report)
        for check in (_restore, _refuse):
            with own_database(f"{_name(place.url)}_two") as url:
                check(place, Place(url, Path(folder) / "new"), file, manifest, report)
        _doctor(place, report)
    return report


class Place:
    """An empty database and a data folder that is not there yet."""

    def __init__(self, url: str, data: Path) -> None:
        self.url, self.data = url, data


def _back_up(place: Ground, file: Path, report: Report) -> Manifest:
    with Load(_post(place, served=report.dose.is_full)) as load:
        load.wait(each=3)
        sure = load.acknowledged()
        facts = _command(report, "backup", place.url, place.data, str(file))
        until = load.sent()
    for program in place.programs:
        program.kill()
    report.figure("rows", facts["rows"])
    report.figure("backup MB", facts["bytes"] / 1e6)
    report.figure("events sent meanwhile", sum(until.values()) - sum(sure.values()))
    report.expect(set(load.statuses) == {200}, f"senders met {load.said}")
    report.expect(sum(until.values()) > sum(sure.values()), "nothing was sent meanwhile")
    report.expect(facts["holds_key"], "the key was left out")
    archive = verified(file)
    _check_moment(archive, sure, until, report)
    return archive.manifest


def _post(place: Ground, *, served: bool) -> Post:
    with open_workspace(place.ours.workspace):
        key = make_source("load", kind="server", by=place.ours.owner)[1]
    if not served:
        return in_process(key)
    place.worker()
    return over_http(place.web(BANSO_TRACKING_RATE="0").base, key)


def _check_moment(
    archive: Archive, sure: dict[str, int], until: dict[str, int], report: Report
) -> None:
    """What the backup holds of each sender has no gap and ends within the backup's time."""
    held, manifest = _held(archive), archive.manifest
    for sender in sure:
        numbers = held.get(sender, set())
        count = len(numbers)
        report.expect(numbers == set(range(count)), f"{sender}: there are gaps")
        within = sure[sender] <= count <= until[sender]
        report.expect(within, f"{sender}: {count} of {sure[sender]} to {until[sender]} are there")
    by_name = {table.name: table.rows for table in manifest.tables}
    events = sum(rows for name, rows in by_name.items() if name.startswith("usage_event_"))
    report.expect(events == by_name["usage_seen"], "events and their keys are of two moments")


def _held(archive: Archive) -> dict[str, set[int]]:
    """The numbers of each sender's events in the backup, read from its text."""
    found: dict[str, set[int]] = {}
    for table in archive.manifest.tables:
        if table.parent != "usage_event":
            continue
        column = table.columns.index("message_id")
        with archive.part(table.member) as lines:
            for line in lines:
                name, mark, number = line.split(b"\t")[column].decode().partition("#")
                if mark:
                    found.setdefault(name, set()).add(int(number))
    return found


def _restore(place: Ground, new: Place, file: Path, manifest: Manifest, report: Report) -> None:
    facts = _command(report, "restore", new.url, new.data, str(file))
    report.expect(facts["seconds"] <= RESTORED_WITHIN, f"the restore took {facts['seconds']} s")
    _check_tables(place.url, new.url, manifest, report)
    _check_files(place.data / "files", new.data / "files", report)
    _check_secret(new, report)
    refused = _refused(Place(new.url, new.data.with_name("other")), file)
    report.expect("is not empty" in refused, f"a full database was taken: {refused}")
    if report.dose.is_full:
        _command(report, "restore --check", new.url, new.data, str(file))
    os.rename(new.data, new.data.with_name("used"))


def _check_tables(old: str, url: str, manifest: Manifest, report: Report) -> None:
    """Read anew, after everything: `banso migrate` at the end has changed nothing either."""
    with psycopg.connect(url) as connection:
        tables.write_alike(connection)
        there = {table.name: table for table in tables.found(connection)}
        report.expect(there.keys() == {one.name for one in manifest.tables}, "other tables")
        for one in manifest.tables:
            rows = tables.copy_out(connection, there[one.name])
            same = (rows.rows, rows.digest) == (one.rows, one.digest)
            report.expect(same, f"{one.name} is not as it was")
            report.count("tables compared")
        report.expect(tables.sequences(connection) == manifest.sequences, "sequences differ")
        made = connection.execute(MADE).fetchall()
    with psycopg.connect(old) as connection:
        wanted = connection.execute(MADE).fetchall()
    report.figure("constraints, indexes and triggers compared", len(made))
    odd = sorted(set(made) ^ set(wanted))[:3]
    report.expect(made == wanted and len(made) > 300, f"made otherwise: {odd}")


def _check_files(old: Path, new: Path, report: Report) -> None:
    before = {path.relative_to(old): path.read_bytes() for path in old.rglob("*") if path.is_file()}
    after = {path.relative_to(new): path.read_bytes() for path in new.rglob("*") if path.is_file()}
    report.expect(before == after, "files differ")
    report.figure("files compared", len(after))


def _check_secret(new: Place, report: Report) -> None:
    key = (new.data / "secret_key").read_text()
    with psycopg.connect(new.url) as connection:
        row = connection.execute("SELECT secret FROM core_signinprovider").fetchone()
    with override_settings(SECRET_KEY=key):
        report.expect(row and unseal(row[0]) == SECRET, "a sealed secret does not open any more")


def _refuse(place: Ground, new: Place, file: Path, _manifest: Manifest, report: Report) -> None:
    """Each damaged copy, restored into an empty place: words, and the place is as empty as before."""
    for words, copy in harmed(file, file.parent, report.dose.random()):
        said = _refused(new, copy)
        report.count("damaged copies")
        if not report.expect(said and "\n" not in said, f"{words}: taken"):
            continue
        report.count("refused")
        report.expect(not new.data.exists(), f"{words}: something was written")
    with psycopg.connect(new.url) as connection:
        report.expect(tables.found(connection) == [], "tables were made for a damaged backup")


def _doctor(place: Ground, report: Report) -> None:
    """Red by age: 26 hours since the last was taken, 8 days since one was restored."""
    now = datetime.now(UTC)
    with _at(Place(place.url, place.data)):
        for taken, restored in ((25.9, 7.9 * 24), (26.1, 7.9 * 24), (25.9, 8.1 * 24)):
            record.note_taken(place.data, at=now - timedelta(hours=taken), file=Path("x"))
            record.note_restored(place.data, at=now - timedelta(hours=restored), file=Path("x"))
            facts = doctor.examine()["backup"]
            late = (facts["taken_late"], facts["restored_late"])
            report.expect(
                late == (taken > 26, restored > 192), f"doctor at {taken} h, {restored} h"
            )
            report.count("doctor asked")


def _refused(new: Place, file: Path) -> str:
    """What the command says; empty when it took the file."""
    with _at(new):
        try:
            commands.main(["restore", str(file)], standalone_mode=False)
        except TroubleInWords as trouble:
            return str(trouble)
    return ""


@contextmanager
def _at(place: Place) -> Iterator[None]:
    """Commands called here mean that place."""
    wanted = {"DATABASE_URL": place.url, "BANSO_DATA": str(place.data)}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ |= wanted
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _command(report: Report, name: str, url: str, data: Path, file: str) -> dict[str, Any]:
    """The command to its end; its seconds and its greatest memory are figures."""
    begin, peak = time.monotonic(), 0.0
    process = subprocess.Popen(
        [sys.executable, "-m", "banso", *name.split(), file, "--json"],
        cwd=REPOSITORY,
        env=environment(url, data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None:
        peak = max(peak, _peak_mb(process.pid))
        time.sleep(0.02)
    said, trouble = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{name}: {trouble[-2000:]}")
    report.figure(f"{name} seconds", time.monotonic() - begin)
    report.figure(f"{name} MB of memory", peak)
    report.expect(peak < FLAT_MB, f"{name} took {peak:.0f} MB of memory")
    facts: dict[str, Any] = json.loads(said)
    return facts


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _name(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]
