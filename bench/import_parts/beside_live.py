"""The import in the worker's bulk queue, while events pour in and their tasks are waited for."""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.test import override_settings

from banso.core.imports.running import UNSETTLED
from banso.core.models import ImportRun, Workspace
from banso.office.connections import services
from bench import live
from bench.import_parts import against_copy, files
from bench.measure import Claim, percentile

BEFORE = 1000  # customers there already, for whom the events are
MOST_PROBES = 250
FIRST = 200_000  # the imported customers' numbers: others than those there
LIMIT = 5.0
AFTER = "what follows of it in the bulk queue"
BULK = """
    SELECT FROM procrastinate_jobs
    WHERE queue_name = 'bulk' AND status IN ('todo', 'doing') AND scheduled_at IS NULL LIMIT 1
"""


def claim(workspace: Workspace, *, customers: int) -> Claim:
    """Tasks of events, from the answer to the event on, until all that the import began is done."""
    against_copy.begin_anew()
    with tempfile.TemporaryDirectory(prefix="banso-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        stack.enter_context(override_settings(MEDIA_ROOT=folder / "files"))
        house, probes = live.built(workspace, BEFORE, MOST_PROBES, stack, folder)
        run = _draft(folder, customers)
        live.until_idle()
        with live.poured(house, BEFORE) as sent:
            time.sleep(3)
            quiet = [live.probed(house, next(probes)) for _n in range(3)]
            services.begin(run)
            begun, found = time.monotonic(), list[tuple[str, dict[str, float]]]()
            taken = dict[str, float]()
            while (phase := _phase(run)) and len(found) < MOST_PROBES - 3:
                found.append((phase, live.probed(house, next(probes))))
                taken[phase] = time.monotonic() - begun
            rate = sent()
        imported = ImportRun.objects.get(pk=run)
        if imported.state != ImportRun.State.DONE:
            raise RuntimeError(f"the import is {imported.state}")
    seconds = [one["task"] for _phase, one in found]
    lines = [_words("before it", [one["task"] for one in quiet])]
    for phase, last in taken.items():
        own = [one["task"] for which, one in found if which == phase]
        lines.append(f"{_words(phase, own)}, until second {last:.0f}")
    lines.append(f"{rate:.0f} events a second were answered")
    return Claim(
        "a task of an event beside an import, p95",
        "the limit of 5 s",
        f"{customers} customers with usage imported, {BEFORE} there, {len(found)} probes",
        1,
        _p95(seconds),
        LIMIT,
        _p95(seconds) / LIMIT,
        min(seconds) / LIMIT,
        max(seconds) / LIMIT,
        more="\n  ".join(lines),
    )


def _draft(folder: Path, customers: int) -> UUID:
    given = files.write(folder / "csv", customers=customers, first=FIRST)
    with ExitStack() as stack:
        uploads = [
            UploadedFile(stack.enter_context(path.open("rb")), name, size=path.stat().st_size)
            for name, path in given
        ]
        return services.receive(uploads, by=None).pk


def _phase(run: UUID) -> str:
    """What the worker is at; empty when nothing is left of the import."""
    one = ImportRun.objects.get(pk=run)
    if one.state == ImportRun.State.RUNNING:
        return "while it is read and stored"
    if one.settings.get(UNSETTLED):
        return "while its rollups follow"
    with connection.cursor() as cursor:
        cursor.execute(BULK)
        return AFTER if cursor.fetchall() else ""


def _words(phase: str, seconds: list[float]) -> str:
    middle = f"p50 {median(seconds):.2f} s, p95 {_p95(seconds):.2f} s, max {max(seconds):.2f} s"
    return f"{phase}: {middle} of {len(seconds)} tasks"


def _p95(seconds: list[float]) -> float:
    return percentile(seconds, 95) if len(seconds) > 1 else seconds[0]
