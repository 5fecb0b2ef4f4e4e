"""An import is one long transaction: what people wait for meanwhile does not wait for it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from banso.core.imports import planning, running
from banso.core.imports.plans import FilePlan
from banso.core.imports.seen import Seen
from banso.core.imports.sizes import MANY, learn_sizes
from banso.core.models import ImportRun, Workspace
from banso.core.scope import open_workspace
from banso.core.tasks import settle_import
from banso.core.tests.builders import events
from banso.customers import services
from banso.customers.models import Customer
from banso.customers.tests.builders import a_customer
from banso.insight.health.services import score_customers
from banso.touchpoints.usage.models import DailyUsage
from banso.touchpoints.usage.services import roll_up_due
from banso.touchpoints.usage.tests.builders import Sending, sent
from banso.work.services import open_task

USAGE = "source_id,customer,feature,day,events\nU-1,C-1,report,2026-11-18,3\n"
CUSTOMERS = "external_id,name,industry\nC-1,株式会社青葉,製造\nC-2,株式会社若葉,小売\n"
SECONDS = 20


@pytest.fixture
def no_jobs_left() -> Iterator[None]:
    """Other tests run what is queued; their tables are emptied for them, this one is not."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def write(folder: Path) -> Path:
    (folder / "usage.csv").write_text(USAGE)
    (folder / "customers.csv").write_text(CUSTOMERS)
    return folder


def bring_in(folder: Path, progress: running.Progress = running.silent) -> ImportRun:
    plan = planning.plan_import(planning.files_in(folder))
    run = running.start_run(plan, source="x", by=None)
    running.run_import(plan, run=run, by=None, progress=progress)
    return run


def elsewhere(workspace: Workspace, work: Callable[[], object]) -> None:
    """`work` on another connection; what it would wait for longer than 5 s is an error."""
    trouble: list[BaseException] = []

    def go() -> None:
        try:
            with open_workspace(workspace), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '5s'")
                work()
        except BaseException as error:  # noqa: BLE001  (told below)
            trouble.append(error)
        finally:
            connection.close()

    thread = Thread(target=go)
    thread.start()
    thread.join(SECONDS)
    assert not thread.is_alive() and not trouble, trouble


@pytest.mark.usefixtures("no_jobs_left")
@pytest.mark.django_db(transaction=True)
def test_live_work_on_a_customer_of_the_import_goes_on_while_it_runs(
    acme: Workspace, tmp_path: Path
) -> None:
    customer = services.create_customer(name="旧", external_id="C-1", by=None)
    sending = Sending()
    sending.ok("track", sent(user="u1", context={"groupId": "C-1"}))

    def live(_file: FilePlan, _rows: int) -> None:
        today = acme.today()
        elsewhere(acme, roll_up_due)
        elsewhere(acme, lambda: score_customers(today, [customer.pk]))
        elsewhere(acme, lambda: open_task(customer_id=customer.pk, title="会う", by=None))
        elsewhere(acme, lambda: services.create_customer(name="別", by=None))

    bring_in(write(tmp_path), progress=live)
    assert Customer.objects.get(pk=customer.pk).name == "株式会社青葉"
    assert {one.day.day: one.events for one in DailyUsage.objects.all()}[18] == 3
    assert DailyUsage.objects.count() == 2


@pytest.mark.usefixtures("no_jobs_left")
@pytest.mark.django_db(transaction=True)
def test_a_second_import_waits_for_the_first(acme: Workspace, tmp_path: Path) -> None:
    def second(_file: FilePlan, _rows: int) -> None:
        with pytest.raises(AssertionError, match="lock"):
            elsewhere(acme, lambda: running.dry_run(plan, by=None))

    plan = planning.plan_import(planning.files_in(write(tmp_path)))
    bring_in(tmp_path, progress=second)


def test_an_import_stopped_before_its_rollups_is_settled_by_its_job(
    acme: Workspace, tmp_path: Path
) -> None:
    a_customer("旧")
    run = bring_in(write(tmp_path))
    DailyUsage.objects.all().delete()
    settle_import(str(acme.pk), run_id=str(run.pk))
    assert not DailyUsage.objects.exists() and len(events("core.import_finished")) == 1
    run.settings = {**run.settings, running.UNSETTLED: True}
    run.save()
    settle_import(str(acme.pk), run_id=str(run.pk))
    assert DailyUsage.objects.get().events == 3
    assert len(events("core.import_finished")) == 2
    run.refresh_from_db()
    assert running.UNSETTLED not in run.settings


@pytest.mark.usefixtures("no_jobs_left")
@pytest.mark.django_db(transaction=True)
def test_foreign_keys_are_looked_up_by_the_key_although_nobody_else_sees_the_rows(
    acme: Workspace, tmp_path: Path
) -> None:
    """Autovacuum does not: it would note a table of pages without rows, where any index would do."""
    plans: dict[str, str] = {}

    def looked(file: FilePlan, _rows: int) -> None:
        if file.table == "customers":
            elsewhere(acme, analyze_customers)
        plans[file.table] = plan_of_a_check()

    names = "".join(f"C-{n},会社{n},製造\n" for n in range(1, MANY + 2))
    write(tmp_path)
    (tmp_path / "customers.csv").write_text(f"external_id,name,industry\n{names}")
    bring_in(tmp_path, progress=looked)
    assert "customers_customer_pkey" not in plans["customers"], "the trouble is not there"
    assert "customers_customer_pkey" in plans["usage"]


@pytest.mark.usefixtures("no_jobs_left")
@pytest.mark.django_db(transaction=True)
def test_sizes_are_learned_once_whoever_else_counts_is_done(acme: Workspace) -> None:
    """Autovacuum holds the lock while it counts, and notes what it has found at the end."""
    counting, learned, too_early = Event(), Event(), list[bool]()

    def count() -> None:
        with transaction.atomic():
            analyze_customers()
            counting.set()
            too_early.append(learned.wait(0.5))
        connection.close()

    other = Thread(target=count)
    other.start()
    counting.wait(SECONDS)
    with transaction.atomic():
        learn_sizes()
        learned.set()
        with pytest.raises(AssertionError, match="lock"):
            elsewhere(acme, analyze_customers)
    other.join(SECONDS)
    assert too_early == [False]


def analyze_customers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")


def plan_of_a_check() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT 1 FROM ONLY customers_customer WHERE id = %s FOR KEY SHARE", [uuid4()]
        )
        return "\n".join(line for (line,) in cursor.fetchall())


def test_first_lines_of_keys_are_remembered_however_many_there_are() -> None:
    seen = Seen()
    keys = [("id", f"K-{n % 30_000}") for n in range(90_000)]
    first = dict[object, int]()
    lines = list(range(1, len(keys) + 1))
    again = dict[int, int]()
    for start in range(0, len(keys), 5_000):
        told = seen.again(keys[start : start + 5_000], lines[start : start + 5_000])
        again |= {start + place: line for place, line in told.items()}
    for line, key in enumerate(keys, start=1):
        assert again.get(line - 1, line) == first.setdefault(key, line)
