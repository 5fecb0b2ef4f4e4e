"""An import is taken back while people and other imports work on its rows."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.errors import Refused
from banso.core.imports import running, undoing
from banso.core.models import ImportRun, Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member, a_workspace, fresh
from banso.customers import services
from banso.customers.models import Customer
from banso.office.connections import services as connections
from tests.test_imports import bring_in, write

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = """
    SELECT EXISTS (SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock')
"""


@pytest.fixture
def ours() -> Iterator[Workspace]:
    with open_workspace(a_workspace()) as workspace:
        yield workspace
    ProcrastinateJob.objects.all()._raw_delete("default")  # they belong to no model of ours


@pytest.fixture
def bob(ours: Workspace) -> Person:
    return a_member("bob@acme.example")


@pytest.fixture
def renamed(ours: Workspace, tmp_path: Path) -> ImportRun:
    """The import that gave C-1 its present name."""
    bring_in(write(tmp_path, "customers.csv", "external_id,name\nC-1,古い名前\n"))
    run, _facts = bring_in(write(tmp_path, "customers.csv", "external_id,name\nC-1,新しい名前\n"))
    return run


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def undo(run: ImportRun) -> ImportRun:
    try:
        with open_workspace(run.workspace):
            return undoing.undo_import(run.pk, by=None)
    finally:
        connection.close()


def wait_until_it_waits(undo: "Future[ImportRun]") -> None:
    until = time.monotonic() + 10
    while not undo.done() and not somebody_waits():
        assert time.monotonic() < until
        time.sleep(0.02)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # or the first look is all that we see
        cursor.execute(WAITS)
        return bool(cursor.fetchone()[0])


def test_work_that_an_undo_waited_for_is_not_lost(
    renamed: ImportRun, bob: Person, beside: ThreadPoolExecutor
) -> None:
    customer = Customer.objects.get()
    with transaction.atomic():
        services.update_customer(customer.pk, changes={"name": "手で直した名前"}, by=bob)
        undone = beside.submit(undo, renamed)
        wait_until_it_waits(undone)
    with pytest.raises(Refused) as refusal:
        undone.result()
    assert refusal.value.code == "changed_since"
    assert fresh(customer).name == "手で直した名前"
    assert fresh(renamed).state == ImportRun.State.DONE


def test_an_undo_waits_for_an_import_and_then_sees_what_stands_on_its_rows(
    renamed: ImportRun, tmp_path: Path, beside: ThreadPoolExecutor
) -> None:
    with transaction.atomic():
        bring_in(write(tmp_path, "customers.csv", "external_id,name\nC-1,三つめの名前\n"))
        undone = beside.submit(undo, renamed)
        wait_until_it_waits(undone)
    with pytest.raises(Refused) as refusal:
        undone.result()
    assert refusal.value.code == "changed_since"
    assert Customer.objects.get().name == "三つめの名前"


def test_a_page_does_not_wait_for_an_import_but_leaves_its_undo_to_a_job(
    renamed: ImportRun, bob: Person, beside: ThreadPoolExecutor
) -> None:
    def ask() -> ImportRun:
        try:
            with open_workspace(renamed.workspace):
                return connections.undo(renamed.pk, by=bob)
        finally:
            connection.close()

    with transaction.atomic():
        running.wait_for_imports()
        assert beside.submit(ask).result(10).state == ImportRun.State.UNDOING
    connections.undo_now(renamed.pk, by=bob.pk)
    assert fresh(renamed).state == ImportRun.State.UNDONE
    assert Customer.objects.get().name == "古い名前"
