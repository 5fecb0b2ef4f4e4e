"""R2: the official clients deliver while the server is killed: nothing lost, nothing doubled.

Each client hands over its events while the web process is killed (-9) and started again. What is
counted is what is stored, and what the customer's daily figures say in the end.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from banso.core.scope import open_workspace
from banso.core.tests.programs import REPOSITORY, Program
from banso.customers.services import create_customer
from banso.touchpoints.usage.models import DailyUsage
from banso.touchpoints.usage.services import make_source
from trials.ground import Ground, ground
from trials.report import Dose, Report

HERE = Path(__file__).parent / "clients"
INSTALLED = REPOSITORY / ".cache" / "clients" / "node_modules"
PATIENCE = 600.0
ROLLED_UP_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Sender:
    """An official client and how it is started; `missing` says why it cannot be."""

    name: str
    command: tuple[str, ...]
    missing: str = ""


def senders() -> list[Sender]:
    return [
        Sender("python", (sys.executable, str(HERE / "deliver.py"))),
        Sender("node", ("node", str(HERE / "deliver.cjs")), _no_node()),
    ]


def _no_node() -> str:
    if shutil.which("node") is None:
        return "there is no Node here"
    there = (INSTALLED / "@segment" / "analytics-node").is_dir()
    return "" if there else "npm ci has not been run in .cache/clients"


def run(dose: Dose) -> Report:
    """10,000 events from each client, ten kills during each; at the small dose 500 and one."""
    report = Report(dose)
    with ground(dose.trial) as place:
        with open_workspace(place.ours.workspace):
            create_customer(name="配達先", external_id="delivery", by=place.ours.owner)
            _source, key = make_source("trial", kind="server", by=place.ours.owner)
        web = place.web()
        for sender in senders():
            if sender.missing:
                report.figure(sender.name, f"skipped: {sender.missing}")
            else:
                _deliver(sender, key, place, web, report)
        _check_figures(place, report)
    return report


def _deliver(sender: Sender, key: str, place: Ground, web: Program, report: Report) -> None:
    events = report.dose.of(10_000)
    command = [*sender.command, web.base, key, str(events), str(report.dose.of(20, ci=2))]
    env = {**os.environ, "NODE_PATH": str(INSTALLED)}
    client = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    try:
        _kill_midway(client, sender.name, events, web, report)
        told, _errors = client.communicate(timeout=PATIENCE)
    finally:
        client.kill()
    gave_up = json.loads(told)
    report.expect(not any(gave_up.values()), f"the {sender.name} client gave up: {gave_up}")
    _check_stored(sender.name, events, report)


def _kill_midway(
    client: "subprocess.Popen[str]", name: str, events: int, web: Program, report: Report
) -> None:
    """The web process is killed and started again each time one more share has arrived."""
    kills, chance = report.dose.of(10, ci=1), report.dose.random()
    for number in range(kills):
        share = events * (number + chance.random()) / (kills + 1)
        while _stored(name)[0] < share and client.poll() is None:
            time.sleep(0.01)
        report.expect(client.poll() is None, f"{name} had finished before kill {number + 1}")
        time.sleep(chance.random() / 20)
        web.kill()
        report.count(f"{name} kills")
        web.start()


def _stored(name: str) -> tuple[int, int]:
    """How many events of this client are stored, and how many different ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT properties->>'number') FROM usage_event"
            " WHERE properties->>'client' = %s",
            [name],
        )
        row = cursor.fetchone()
    return int(row[0]), int(row[1])


def _check_stored(name: str, events: int, report: Report) -> None:
    stored, different = _stored(name)
    report.figure(f"{name} events", stored)
    report.expect(different == events, f"{name}: {events - different} of {events} were lost")
    report.expect(stored == different, f"{name}: {stored - different} were counted twice")


def _check_figures(place: Ground, report: Report) -> None:
    """The customer's daily figures say the same, once the worker has been."""
    with open_workspace(place.ours.workspace):
        place.worker()
        deadline = time.monotonic() + ROLLED_UP_WITHIN
        wanted = sum(int(n) for name, n in report.counts.items() if name.endswith(" events"))
        while (found := _figures()) < wanted and time.monotonic() < deadline:
            time.sleep(0.2)
        report.expect(found == wanted, f"the daily figures say {found} instead of {wanted}")


def _figures() -> int:
    return sum(DailyUsage.objects.values_list("events", flat=True))
