"""Jobs as a real worker runs them: inside their workspace, and again after a worker's death."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.worker import Worker

from banso.core import once
from banso.core.jobs import MOST_LIVES, Unseen, enqueue, enqueue_once, job, revive_stalled
from banso.core.models import Workspace
from banso.core.scope import current_workspace, open_workspace
from banso.core.tests.builders import a_workspace

ran: list[tuple[str, int]] = []
has_run = threading.Event()


@job("test.note")
def note(n: int) -> None:
    ran.append((Workspace.objects.get(pk=current_workspace().pk).name, n))
    has_run.set()


@job("test.fail_late", retry=False)
def fail_late() -> None:
    with transaction.atomic():
        enqueue("test.note", n=1)
        enqueue_once("test.note", lock="k", n=2)
        raise ValueError("after queueing")


@pytest.fixture
def ours(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An open workspace whose rows other connections see, no waiting jobs, and no clocks.

    A real clock would look for stalled jobs by itself whenever a minute begins during a test.
    """
    ran.clear()
    has_run.clear()
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    workspace = a_workspace("アクメ株式会社")
    _sql("DELETE FROM procrastinate_jobs")
    with open_workspace(workspace):
        yield workspace
    _sql("DELETE FROM procrastinate_jobs")


def _sql(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def work() -> None:
    """A real worker runs what waits, then leaves.."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]

    async def run() -> None:
        async with app.open_async():
            await app.run_worker_async(
                queues=["live"], wait=False, install_signal_handlers=False, concurrency=1
            )

    with app.replace_connector(connector):
        asyncio.run(run())


def status_of(task: str) -> list[str]:
    jobs = ProcrastinateJob.objects.filter(task_name=task).order_by("id")
    return list(jobs.values_list("status", flat=True))


def a_job_of_a_dead_worker(*, attempts: int = 0) -> None:
    """A job in the hands of a worker whose heart stopped five minutes ago."""
    enqueue("test.note", n=7)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '5 minutes') RETURNING id"
        )
        worker = cursor.fetchone()[0]
    _sql(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s"
        " WHERE task_name = 'test.note'",
        worker,
        attempts,
    )


def revive() -> None:
    app.configure_task("core.revive_stalled_jobs").defer(timestamp=0)


def test_a_job_runs_in_the_workspace_it_was_queued_from(ours: Workspace) -> None:
    enqueue("test.note", n=1)
    work()
    assert ran == [("アクメ株式会社", 1)]
    assert status_of("test.note") == ["succeeded"]


def test_jobs_of_two_workspaces_run_each_in_its_own(ours: Workspace) -> None:
    with open_workspace(a_workspace("別会社")):
        enqueue("test.note", n=2)
    enqueue("test.note", n=1)
    work()
    assert sorted(ran) == [("アクメ株式会社", 1), ("別会社", 2)]


def test_what_a_job_queues_is_undone_with_its_rows(ours: Workspace) -> None:
    enqueue("test.fail_late")
    work()
    assert ran == [] and status_of("test.note") == []
    assert status_of("test.fail_late") == ["failed"]


def test_a_job_whose_worker_died_runs_again(ours: Workspace) -> None:
    a_job_of_a_dead_worker()
    work()
    assert ran == []  # it hangs, until somebody looks for it
    revive()
    work()
    work()
    assert ran == [("アクメ株式会社", 7)]
    assert status_of("test.note") == ["succeeded"]


def test_a_job_whose_end_could_not_be_written_down_runs_again(ours: Workspace) -> None:
    """Its worker lives and does not know it any more: its heart will never tell."""
    a_job_of_a_dead_worker()
    _sql("UPDATE procrastinate_workers SET last_heartbeat = now()")
    revive()
    work()
    assert ran == [] and status_of("test.note") == ["doing"]
    assert look_for_unseen() == [0, 1]  # it might have been taken at just this moment: look twice
    work()
    assert ran == [("アクメ株式会社", 7)]


def look_for_unseen() -> list[int]:
    """How many jobs each of two looks has revived."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]

    holder = ProcrastinateJob.objects.get(task_name="test.note").worker_id

    async def look() -> list[int]:
        async with app.open_async():
            worker = Worker(app=app, queues=["live"])
            worker.worker_id = holder
            unseen = Unseen(app.job_manager)
            return [await unseen.revive([worker]) for _n in range(2)]

    with app.replace_connector(connector):
        return asyncio.run(look())


def test_two_who_revive_at_once_are_in_nobodys_way(ours: Workspace) -> None:
    a_job_of_a_dead_worker()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]

    async def twice() -> list[int]:
        async with app.open_async():
            both = (revive_stalled(app.job_manager), revive_stalled(app.job_manager))
            return list(await asyncio.gather(*both))

    with app.replace_connector(connector):
        assert sum(asyncio.run(twice())) >= 1
    assert status_of("test.note") == ["todo"]


def test_a_job_that_keeps_killing_its_worker_is_given_up(ours: Workspace) -> None:
    a_job_of_a_dead_worker(attempts=MOST_LIVES)
    revive()
    work()
    assert ran == [] and status_of("test.note") == ["failed"]


def test_a_dead_job_whose_twin_waits_leaves_the_work_to_it(ours: Workspace) -> None:
    a_job_of_a_dead_worker()
    _sql("UPDATE procrastinate_jobs SET queueing_lock = 'k' WHERE task_name = 'test.note'")
    app.configure_task("test.note", queueing_lock="k").defer(workspace=str(ours.pk), n=8)
    later = "SET scheduled_at = now() + interval '1 hour' WHERE status = 'todo'"
    _sql(f"UPDATE procrastinate_jobs {later}")
    revive()
    work()
    assert status_of("test.note") == ["failed", "todo"]


def test_a_taken_lock_leaves_the_transaction_usable(ours: Workspace) -> None:
    with transaction.atomic():
        assert enqueue_once("test.note", lock="k", n=1)
        assert not enqueue_once("test.note", lock="k", n=2)
        ours.name = "アクメ"
        ours.save(update_fields=["name"])
        enqueue("test.note", n=3)
    work()
    assert ran == [("アクメ", 1), ("アクメ", 3)]


def test_what_is_committed_after_the_waiting_job_has_begun_is_worked_on_too(
    ours: Workspace,
) -> None:
    enqueue_once("test.note", lock="k", n=1)
    relies = threading.Event()

    def rename() -> None:
        with open_workspace(ours), transaction.atomic():
            Workspace.objects.filter(pk=ours.pk).update(name="アクメ")
            assert not enqueue_once("test.note", lock="k", n=1)  # one waits: rely on it
            relies.set()
            has_run.wait(10)  # and it runs while this is not committed
        close_old_connections()

    other = threading.Thread(target=rename)
    other.start()
    assert relies.wait(10)
    work()
    other.join()
    work()
    assert ran[0] == ("アクメ株式会社", 1)
    assert ran[-1] == ("アクメ", 1)
    assert set(status_of("test.note")) == {"succeeded"}


def test_a_long_transaction_that_relies_on_a_job_holds_up_nobody_else(ours: Workspace) -> None:
    enqueue_once("test.note", lock="k", n=1)
    relies, may_end = threading.Event(), threading.Event()

    def be_long() -> None:
        with open_workspace(ours), transaction.atomic():
            assert not enqueue_once("test.note", lock="k", n=1)
            relies.set()
            may_end.wait(10)
        close_old_connections()

    long = threading.Thread(target=be_long)
    worker = threading.Thread(target=work)
    long.start()
    assert relies.wait(10)
    worker.start()
    while not has_run.wait(0.01):
        _sql("SET lock_timeout = '2s'")
        enqueue_once("test.note", lock="k", n=1)
    _sql("SET lock_timeout = 0")
    may_end.set()
    long.join()
    worker.join()


def test_queueing_waits_for_no_other_transaction_that_queues_the_same(ours: Workspace) -> None:
    queued, may_end = threading.Event(), threading.Event()

    def be_long() -> None:
        with open_workspace(ours), transaction.atomic():
            assert enqueue_once("test.note", lock="k", n=1)
            queued.set()
            may_end.wait(10)
        close_old_connections()

    long = threading.Thread(target=be_long)
    long.start()
    assert queued.wait(10)
    _sql("SET lock_timeout = '2s'")
    assert enqueue_once("test.note", lock="k", n=2)
    assert not enqueue_once("test.note", lock="k", n=3)
    _sql("SET lock_timeout = 0")
    may_end.set()
    long.join()
    work()
    assert len(ran) == 2 and len(status_of("test.note")) == 1  # the first did the second's work


def test_a_job_whose_like_is_running_leaves_the_work_to_it_and_the_worker_to_others(
    ours: Workspace,
) -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        ran.append(("slow", len(ran)))
        begun.set()
        may_go_on.wait(10)

    def be_slow() -> None:
        with open_workspace(ours):
            once.run_in_turn("test.note", lock="k", run=slowly, args={})
        close_old_connections()

    slow = threading.Thread(target=be_slow)
    slow.start()
    assert begun.wait(10)
    enqueue_once("test.note", lock="k", n=2)
    work()  # would wait for the slow one, if it did
    assert ran == [("slow", 0)] and status_of("test.note") == ["succeeded", "todo"]
    may_go_on.set()
    slow.join()
    assert ran == [("slow", 0), ("slow", 1)] and status_of("test.note") == ["succeeded"]


def test_a_job_that_waits_already_costs_one_round_trip(ours: Workspace) -> None:
    """By prepared statements, which Django's own count does not see."""
    with transaction.atomic():
        enqueue_once("test.note", lock="k", n=1)
        with CaptureQueriesContext(connection) as spent:
            assert not enqueue_once("test.note", lock="k", n=2)
    assert len(spent) == 0


def test_locks_of_other_workspaces_are_not_ours(ours: Workspace) -> None:
    assert enqueue_once("test.note", lock="k", n=1)
    with open_workspace(a_workspace("別会社")):
        assert enqueue_once("test.note", lock="k", n=2)


def test_finished_jobs_are_forgotten_after_three_days_and_failed_ones_stay(
    ours: Workspace,
) -> None:
    enqueue("test.note", n=1)
    work()
    enqueue("test.note", n=2)
    _sql("UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'todo'")
    _sql("UPDATE procrastinate_events SET at = at - interval '4 days'")
    app.configure_task("core.forget_jobs", queue="live").defer(timestamp=0)
    work()
    assert status_of("test.note") == ["failed"]
