"""S7: uploads run nowhere, lie nowhere but in their own folder, and take no more than their share.

Imports are the only door that takes files: each odd file goes through the page (upload, look, dry
run, run, take back) and through the API. What pages show of it is text; the list of errors is a
download; nothing outside the store is written; memory and time are bounded.
"""

import re
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from django.test.client import BOUNDARY, encode_multipart

from banso.core.models import ImportRun
from banso.core.tests.builders import drain_jobs
from tests.worlds import UPLOAD_KIND, Answer, World, build_world
from trials.fuzz.asking import alarm
from trials.ground import QUICK, fresh
from trials.odd_files import MARK, SCRIPT, SVG, Odd, files
from trials.report import Dose, Report

MOST_MEGABYTES, SLOW_SECONDS = 300.0, 10.0  # of processor time, for all its steps together
ACTIVE = [SCRIPT, SVG[:20], "<body onload", "<img src=x", "<?php"]
STORED = re.compile(r"imports/[0-9a-f-]{36}/([0-9a-f]{32}|progress)")
WATCHED = [Path("/tmp"), Path("/etc"), Path("/")]  # noqa: S108  (where names would lead)
STEPS = ("check/", "run/", "undo/")


def run(dose: Dose) -> Report:
    report, odd = Report(dose), list(files())
    chosen = odd if dose.is_full else dose.random().sample(odd, 2)
    with fresh(dose.trial), store() as folder, transaction.atomic():
        world = build_world()
        before, outside = memory(), seen(folder)
        for one in chosen:
            Upload(one, world, report, folder).everything()
        report.figure("files", len(chosen))
        report.figure("memory, MB more", memory() - before)
        report.expect(memory() - before <= MOST_MEGABYTES, f"{memory() - before:.0f} MB more")
        report.expect(seen(folder) == outside, f"outside: {seen(folder) ^ outside}")
        transaction.set_rollback(True)
    return report


@contextmanager
def store() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="banso-files-") as place:
        folder = Path(place) / "files"
        told = {"MEDIA_ROOT": folder, "ALLOWED_HOSTS": ["testserver"], "PASSWORD_HASHERS": QUICK}
        with override_settings(**told):
            yield folder


def memory() -> float:
    """The most this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seen(folder: Path) -> frozenset[str]:
    """Names of ours wherever a name might have led, beside the store itself."""
    places = [*WATCHED, folder.parent, Path.cwd()]
    return frozenset(
        str(one) for place in places for one in place.glob("*")
        if MARK in one.name or (place == folder.parent and one != folder)
    )  # fmt: skip


class Upload:
    """One file at both doors."""

    def __init__(self, odd: Odd, world: World, report: Report, folder: Path) -> None:
        self.odd, self.world, self.report, self.folder = odd, world, report, folder
        self.where = f"{odd.what} {odd.name[:40]!r}"

    def everything(self) -> None:
        begun = time.process_time()
        point = transaction.savepoint()
        with alarm():
            self.by_page()
            self.by_api()
        took = time.process_time() - begun
        transaction.savepoint_rollback(point)
        transaction.savepoint_commit(point)
        slowest = max(float(self.report.counts.get("slowest, s", 0)), took)
        self.report.figure("slowest, s", slowest)
        self.report.expect(took < SLOW_SECONDS, f"{self.where}: {took:.1f} s")

    def by_page(self) -> None:
        answer = self.sent("/imports/")
        self.report.expect(answer.status in {302, 400, 413, 422}, f"{self.where}: {answer.status}")
        self.stored()
        if answer.status != 302:
            return
        place = answer.headers["Location"]
        self.get(place)
        for step in STEPS:
            self.judge(self.world.knock(self.world.owner, "POST", f"{place}{step}", keep=True))
            drain_jobs()
            self.get(place)
            self.stored()
        self.get("/imports/")
        told = self.world.knock(self.world.owner, "GET", f"{place}errors.csv")
        kind = told.headers.get("Content-Disposition", "")
        self.report.expect(kind.startswith("attachment"), f"{self.where}: errors are shown inline")

    def by_api(self) -> None:
        answer = self.sent("/api/v1/imports")
        taken = answer.status in {202, 400, 413, 422}
        self.report.expect(taken, f"{self.where} by the API: {answer.status}")
        drain_jobs()
        self.stored()
        for run in ImportRun.anywhere.filter(workspace=self.world.ours):
            self.judge(self.world.knock(self.world.owner, "GET", f"/api/v1/imports/{run.pk}"))

    def sent(self, path: str) -> Answer:
        body = encode_multipart(BOUNDARY, {"files": SimpleUploadedFile("x", self.odd.data)})
        name = self.odd.name.encode("utf-8", "replace").replace(b'"', b"%22")
        body = body.replace(b'filename="x"', b'filename="' + name + b'"', 1)
        found = self.world.knock(self.world.owner, "POST", path, data=body, kind=UPLOAD_KIND,
                                 keep=True)  # fmt: skip
        self.judge(found)
        return found

    def get(self, path: str) -> None:
        self.judge(self.world.knock(self.world.owner, "GET", path))

    def judge(self, answer: Answer) -> None:
        """No error of ours; as a page, nothing of the file runs."""
        self.report.count("requests")
        self.report.expect(answer.status < 500, f"{self.where}: {answer.status} {answer.trouble}")
        won = [name for name in answer.headers if name.lower() == "x-won"]
        self.report.expect(not won, f"{self.where}: a header line was won")
        if "html" in answer.kind:
            active = [text for text in ACTIVE if text in answer.text]
            self.report.expect(not active, f"{self.where}: {active} stands in a page")

    def stored(self) -> None:
        """Only files under names of ours, in folders of ours, that nobody may run."""
        for one in self.folder.rglob("*"):
            if one.is_symlink() or one.is_file():
                name = str(one.relative_to(self.folder))
                fits = STORED.fullmatch(name) and not one.is_symlink()
                self.report.expect(fits, f"{self.where} lies at {name}")
                self.report.expect(not one.stat().st_mode & 0o111, f"{name} could be run")
