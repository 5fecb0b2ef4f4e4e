"""Requests at the same time."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from django.db import connection

from banso.core.scope import open_workspace
from banso.core.tests.builders import a_workspace
from banso.touchpoints.usage.models import Account, Visitor
from banso.touchpoints.usage.tests.builders import Sending, stored

THREADS, REQUESTS = 5, 60


def some_messages(random: Random) -> list[dict[str, Any]]:
    """Ten messages of few people, companies and ids, so that requests meet at every row."""
    return [one_message(random, f"p{random.randrange(30)}") for _n in range(10)]


def one_message(random: Random, person: str) -> dict[str, Any]:
    kind, n = random.choice("gilt"), random.randrange(100)
    facts: dict[str, Any] = {"userId": person, "messageId": f"{kind}{n}"}
    device, other = f"d{random.randrange(10)}", f"p{random.randrange(30)}"
    more: dict[str, dict[str, Any]] = {
        "g": {"type": "group", "groupId": f"c{random.randrange(5)}"},
        "i": {"type": "identify", "anonymousId": device, "traits": {"email": f"{person}@x.jp"}},
        "l": {"type": "alias", "previousId": other},
        "t": {"type": "track", "event": "e", "context": {"groupId": f"c{random.randrange(9)}"}},
    }
    return facts | more[kind]


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_never_wait_in_a_circle_and_each_message_counts_once() -> None:
    with open_workspace(a_workspace()):
        product, random = Sending(), Random(3)
        batches = [some_messages(random) for _n in range(REQUESTS)]

        def post(batch: list[dict[str, Any]]) -> int:
            try:
                return int(product.post("batch", {"batch": batch}).status_code)
            finally:
                connection.close()

        with ThreadPoolExecutor(THREADS) as pool:
            assert set(pool.map(post, batches)) == {200}
        sent = {one["messageId"] for batch in batches for one in batch if one["type"] == "track"}
        assert len(stored()) == len(sent)
        assert Visitor.objects.count() <= 40 and Account.objects.count() <= 9
