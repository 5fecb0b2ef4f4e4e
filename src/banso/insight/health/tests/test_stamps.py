"""Nothing that happened is missed between two looks, however long its transaction took."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import close_old_connections, transaction
from django.utils import timezone

from banso.core.events import publish
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, drain_jobs
from banso.customers.models import Customer, Touch
from banso.customers.services import forget_touches, touch_customers
from banso.customers.tests.builders import a_customer
from banso.insight.health import services
from banso.insight.health.models import ScoreRun
from banso.insight.health.services import stamps
from banso.insight.health.tests.builders import Told, a_told_customer, the_score


@contextmanager
def a_long_transaction(workspace: Workspace, write: Callable[[], object]) -> Iterator[None]:
    """`write` has been called in another connection, and commits when the block ends."""
    written, may_commit = threading.Event(), threading.Event()

    def run() -> None:
        with open_workspace(workspace), transaction.atomic():
            write()
            written.set()
            may_commit.wait(10)
        close_old_connections()

    other = threading.Thread(target=run)
    other.start()
    assert written.wait(10)
    try:
        yield
    finally:
        may_commit.set()
        other.join()


def touched(stamp: str) -> tuple[UUID, ...] | None:
    return stamps.touched_since(stamp).customer_ids


def test_an_event_that_commits_after_later_events_is_not_missed(committed: Workspace) -> None:
    early, late = a_customer(), a_customer()
    with a_long_transaction(
        committed, lambda: publish("health.judged", Touch(customer_id=early.pk))
    ):
        publish("health.judged", Touch(customer_id=late.pk))
        stamp = stamps.stamp_now()
        assert touched(stamp) == ()
    assert touched(stamp) == (early.pk,)


def test_a_touch_that_commits_after_later_touches_is_not_missed(committed: Workspace) -> None:
    early, late = a_customer(), a_customer()
    with a_long_transaction(committed, lambda: touch_customers([early.pk])):
        touch_customers([late.pk])
        stamp = stamps.stamp_now()
        assert touched(stamp) == ()
    assert touched(stamp) == (early.pk,)


def test_what_was_seen_is_not_seen_again(committed: Workspace) -> None:
    customer, before = a_customer(), stamps.stamp_now()
    touch_customers([customer.pk])
    assert touched(before) == (customer.pk,)
    assert touched(stamps.stamp_now()) == ()


def test_alerts_and_tasks_touch_nobody(acme: Workspace) -> None:
    customer = a_customer()
    stamp = stamps.stamp_now()
    publish("work.task_opened", Touch(customer_id=customer.pk))
    Customer.objects.filter(pk=customer.pk).update(name="別名")
    assert touched(stamp) == ()


def test_a_source_changes_nobodys_score(acme: Workspace) -> None:
    stamp = stamps.stamp_now()
    publish("usage.key_rotated", Touch())
    assert touched(stamp) == ()


def test_a_stamp_of_another_server_covers_nothing(acme: Workspace) -> None:
    head = stamps.stamp_now().rpartition("|")[0]
    assert touched(f"{head}|90000000000:90000000000:") is None
    assert touched(f"{head}|no snapshot") is None


def test_a_stamp_of_other_scorecards_covers_nothing(acme: Workspace) -> None:
    assert touched("x" + stamps.stamp_now()) is None


def test_a_stamp_older_than_touches_are_kept_covers_nothing(acme: Workspace) -> None:
    versions, at, then = stamps.stamp_now().split("|")
    assert touched(f"{versions}|{int(at) - 3600}|{then}") is not None
    assert touched(f"{versions}|{int(at) - 2 * 86400}|{then}") is None


def test_touches_are_forgotten_after_two_days(acme: Workspace) -> None:
    touch_customers([a_customer().pk])
    Touch.objects.update(at=timezone.now() - timedelta(days=2, minutes=1))
    touch_customers([a_customer().pk])
    assert forget_touches() == 1
    assert Touch.objects.count() == 1


def test_a_touched_customer_is_scored_again_by_a_job(committed: Workspace, told: Told) -> None:
    customer = a_told_customer(told)
    services.score_customers(TODAY)
    drain_jobs()
    before, run = the_score(customer).score, ScoreRun.objects.get()
    told[customer.pk]["customers.contract_state"] = "noticed"
    touch_customers([customer.pk, customer.pk])
    assert drain_jobs() == 1
    assert the_score(customer).score != before
    assert ScoreRun.objects.get().stamp != run.stamp
