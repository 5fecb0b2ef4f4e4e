"""The tracking API, as the clients of Segment use it."""

from pathlib import Path

import pytest

from banso.core.models import Workspace
from banso.core.tests.builders import drain_jobs, events
from banso.customers.tests.builders import a_customer
from banso.touchpoints.usage.models import Arrival, DailyUsage
from banso.touchpoints.usage.tests.builders import Sending, sent, stored

DATA = Path(__file__).resolve().parents[6] / "shared/data/segment"


@pytest.fixture
def product(acme: Workspace) -> Sending:
    return Sending()


def test_an_event_of_a_known_account_is_the_customers(product: Sending) -> None:
    customer = a_customer(external_id="C-1")
    product.ok("track", sent(context={"groupId": "C-1"}))
    drain_jobs()
    assert [row[:3] for row in stored()] == [(customer.pk, "u1", "report")]
    rollup = DailyUsage.objects.get()
    assert (rollup.customer_id, rollup.events, rollup.person_key) == (customer.pk, 1, "u1")
    assert [event.customer_id for event in events("usage.usage_begun")] == [customer.pk]
    product.ok("track", sent(context={"groupId": "C-1"}))
    drain_jobs()
    assert DailyUsage.objects.get().events == 2
    assert len(events("usage.usage_begun")) == 1


def test_the_same_message_counts_once(product: Sending) -> None:
    message = sent()
    product.ok("track", message)
    product.ok("batch", {"batch": [message, message, sent()]})
    assert len(stored()) == 2
    last = Arrival.objects.latest("id")
    assert (last.count, last.new, last.duplicates, last.waiting) == (3, 1, 2, 1)
