"""Files with rows that are known by their ids."""

import tempfile
from collections import Counter
from pathlib import Path

from django.db import connection

from banso.core.imports import planning, running
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.customers.models import Customer
from tests.worlds import World
from trials.report import Report
from trials.twice import at_once
from trials.twice.events import FORTY_DAYS, later

CUSTOMERS = "external_id,name,tier"
EVENTS = "message_id,customer_external_id,person,feature,at"


def check_imports(world: World, report: Report) -> None:
    rows = report.dose.of(200, ci=10)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _write(place, rows)
        for side in (world.ours, world.theirs):
            with open_workspace(side):
                at_once(lambda: _run(place))
                _run(place)
                _expect(side, rows, "eight at once and again", report)
    later(FORTY_DAYS)
    with tempfile.TemporaryDirectory() as folder, open_workspace(world.ours):
        place = Path(folder)
        _write(place, rows)
        made = _run(place)
        report.expect(not any(made.values()), f"after 40 days the import made {dict(made)}")
        _expect(world.ours, rows, "after 40 days", report)
        _write(place, rows, tier="high")
        made = _run(place)
        report.expect(made["customers"] == 0, "known ids made customers anew")
        report.count("import rows", 2 * rows)


def _write(place: Path, rows: int, tier: str = "low") -> None:
    customers = [f"T-{n},顧客{n},{tier}" for n in range(rows)]
    events = [f"imported-{n},T-{n},p{n},report,2026-11-20 09:30" for n in range(rows)]
    (place / "customers.csv").write_text("\n".join([CUSTOMERS, *customers]))
    (place / "usage_events.csv").write_text("\n".join([EVENTS, *events]))


def _run(place: Path) -> Counter[str]:
    """How many rows of each table the import made."""
    plan = planning.plan_import(planning.files_in(place))
    run = running.start_run(plan, source="twice", by=None)
    return Counter(
        {one["table"]: one["created"] for one in running.run_import(plan, run=run, by=None)}
    )


def _expect(side: Workspace, rows: int, when: str, report: Report) -> None:
    customers = Customer.objects.filter(external_id__startswith="T-").count()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM usage_event"
            " WHERE workspace_id = %s AND message_id LIKE 'imported-%%'",
            [side.pk],
        )
        events = cursor.fetchone()[0]
    report.expect(customers == rows, f"import {when}: {customers} customers of {rows}")
    report.expect(events == rows, f"import {when}: {events} events of {rows}")
