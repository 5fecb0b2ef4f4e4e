"""Batches stored in one go, as usual, or with care where something of them is otherwise."""

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from banso.core import sql
from banso.core.models import Workspace
from banso.core.scope import current_workspace_id, open_workspace
from banso.core.tests.builders import a_workspace, drain_jobs
from banso.customers.tests.builders import a_customer
from banso.touchpoints.usage import write_keys
from banso.touchpoints.usage.live import (
    Arriving,
    Note,
    Taken,
    look_for_partitions_again,
    take_usual,
)
from banso.touchpoints.usage.models import Arrival, DailyUsage
from banso.touchpoints.usage.services import take_messages
from banso.touchpoints.usage.services.taking import take_each
from banso.touchpoints.usage.tests.builders import Sending, sent, stored
from banso.touchpoints.usage.wire.meaning import understood
from banso.touchpoints.usage.wire.messages import parse

PATIENCE = 10.0  # seconds
IN_LINE = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'transactionid'
"""


@pytest.fixture(autouse=True)
def partitions_are_made() -> None:
    """Those of the test before are gone."""
    look_for_partitions_again()


@pytest.fixture
def product(acme: Workspace) -> Sending:
    return Sending()


def messages(*ids: str) -> list[dict[str, Any]]:
    return [sent(messageId=one, context={"groupId": "C-1"}) for one in ids]


def arriving(source: UUID, *ids: str) -> Arriving:
    return request_of(source, messages(*ids))


def request_of(source: UUID, batch: list[dict[str, Any]]) -> Arriving:
    body, now = json.dumps({"batch": batch}).encode(), datetime.now(UTC)
    parsed = parse(body, kind="batch")
    meaning = understood(parsed, workspace=current_workspace_id(), received=now)
    return Arriving(meaning, Note(source, "batch", now), now)


def counts(taken: list[Taken]) -> list[tuple[int, int]]:
    return [(one.new, one.duplicates) for one in taken]


@pytest.mark.parametrize("again", ["adb", "dab", "dba", "bda"])
def test_of_a_batch_of_which_some_was_seen_the_rest_is_new(product: Sending, again: str) -> None:
    """Whether the first of it was seen, or the first by key, or another.

    Who sends is looked up each time: within a second a batch would be taken as a source's first,
    which is never stored as usual.
    """
    a_customer(external_id="C-1")
    for ids in ("abc", again, again):
        product.ok("batch", {"batch": messages(*ids)})
        write_keys.look_up_again()
    told = Arrival.objects.order_by("id").values_list("new", "duplicates")
    assert list(told) == [(3, 0), (1, 2), (0, 3)]
    drain_jobs()
    assert (len(stored()), DailyUsage.objects.get().events) == (4, 4)


def test_a_batch_that_comes_again_is_told_without_a_refusal(product: Sending) -> None:
    """The server would write each refusal into its log."""
    product.ok("batch", {"batch": messages("x")})
    request = arriving(product.source.pk, *"abc")
    usual = [take_usual(request) for _time in range(2)]
    assert counts([one or take_each([request])[0] for one in usual]) == [(3, 0), (0, 3)]
    assert Arrival.objects.count() == 3


UNUSUAL: dict[str, dict[str, Any]] = {
    "somebody new": {"userId": "u-new"},
    "a company new": {"context": {"groupId": "C-new"}},
    "a time before the latest call": {"context": {}, "timestamp": "2026-01-15T00:00:00Z"},
    "a call": {"type": "group", "groupId": "C-1"},
}


@pytest.mark.parametrize("unusual", UNUSUAL)
def test_a_batch_of_which_one_needs_more_is_left_alone(product: Sending, unusual: str) -> None:
    for n, account in enumerate(("C-1", "C-2")):
        call = sent(
            type="group",
            groupId=account,
            messageId=f"call{n}",
            timestamp=f"2026-0{n + 1}-01T00:00:00Z",
        )
        product.ok("batch", {"batch": [call, *messages(f"x{n}")]})
    drain_jobs()
    product.ok("batch", {"batch": messages("y")})
    batch = [
        *messages("a"),
        sent(messageId="b") | {"context": {"groupId": "C-1"}} | UNUSUAL[unusual],
    ]
    expect_nothing_stored(request_of(product.source.pk, batch))


@pytest.mark.parametrize("table", ["usage_visitor", "usage_account"])
def test_whom_nobody_met_for_an_hour_is_noted(product: Sending, table: str) -> None:
    product.ok("batch", {"batch": messages("x")})
    earlier = f"UPDATE {table} SET last_seen_at = now() - interval '61 minutes'"  # noqa: S608
    sql.run_for_all(f"{earlier} RETURNING 1", reason="a test")
    expect_nothing_stored(arriving(product.source.pk, *"abc"))


def test_a_batch_that_finds_no_waiting_job_queues_one(product: Sending) -> None:
    product.ok("batch", {"batch": messages("x")})
    drain_jobs()
    expect_nothing_stored(arriving(product.source.pk, *"abc"))


def expect_nothing_stored(request: Arriving) -> None:
    before = len(stored()), Arrival.objects.count()
    assert take_usual(request) is None
    assert (len(stored()), Arrival.objects.count()) == before
    (taken,) = take_each([request])
    assert (taken.new, Arrival.objects.count()) == (request.meaning.count, before[1] + 1)


def test_a_batch_of_nothing_is_among_the_arrivals(product: Sending) -> None:
    product.ok("batch", {"batch": []})
    assert list(Arrival.objects.values_list("count", "new")) == [(0, 0)]


def test_of_requests_that_share_a_transaction_the_first_of_an_id_is_new(product: Sending) -> None:
    product.ok("batch", {"batch": messages("a")})
    requests = [arriving(product.source.pk, *ids) for ids in ("bac", "cd", "a", "dbe")]
    assert counts(take_each(requests)) == [(2, 1), (1, 1), (0, 1), (1, 2)]
    assert len(stored()) == 5


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.django_db(transaction=True)
def test_of_a_batch_sent_twice_at_once_the_second_waits_and_counts_what_the_first_left(
    stays: bool,
) -> None:
    with open_workspace(a_workspace()), ThreadPoolExecutor(1) as pool:
        product = Sending()
        product.ok("batch", {"batch": messages("x")})
        request = arriving(product.source.pk, *"abc")
        with transaction.atomic():
            assert take_usual(request)
            second = pool.submit(elsewhere, request)
            wait_until_somebody_waits(second)
            transaction.set_rollback(not stays)
        assert counts([second.result(PATIENCE)]) == [(0, 3) if stays else (3, 0)]
        assert (len(stored()), Arrival.objects.count()) == (4, 2 + stays)


@pytest.mark.django_db(transaction=True)
def test_where_no_transaction_is_open_a_batch_is_stored_whole_or_not_at_all() -> None:
    with open_workspace(a_workspace()):
        product = Sending()
        product.ok("batch", {"batch": messages("x", "c")})
        with pytest.raises(IntegrityError):
            take_usual(arriving(product.source.pk, *"abc"))
        assert (len(stored()), Arrival.objects.count()) == (2, 1)
        assert take_usual(arriving(product.source.pk, *"ab"))
        assert (len(stored()), Arrival.objects.count()) == (4, 2)


def elsewhere(request: Arriving) -> Taken:
    """Taken by a thread with a connection of its own."""
    try:
        with open_workspace(Workspace.objects.get()):
            return take_messages(request.meaning, note=request.note, seen_at=request.seen_at)
    finally:
        connection.close()


def wait_until_somebody_waits(other: Future[Taken]) -> None:
    until = time.monotonic() + PATIENCE
    while not sql.run_for_all(IN_LINE, reason="a test")[0][0]:
        assert not other.done() and time.monotonic() < until
        time.sleep(0.01)
