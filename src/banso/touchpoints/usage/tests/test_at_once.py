"""Requests at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from django.db import DataError, connection

from banso.core.errors import Refused
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_workspace, events, fresh
from banso.touchpoints.usage.live import Arriving, Note, Taken
from banso.touchpoints.usage.models import Account, Arrival, Visitor
from banso.touchpoints.usage.services import make_source, rotate_key, take_together
from banso.touchpoints.usage.tests.builders import Sending, stored
from banso.touchpoints.usage.wire.meaning import understood
from banso.touchpoints.usage.wire.messages import parse
from banso.touchpoints.usage.write_keys import digest

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


def at_once(do: Callable[[Any], Any], every: list[Any]) -> list[Any]:
    """Done by several threads, each with a connection that it gives back."""

    def run(one: Any) -> Any:
        try:
            return do(one)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, every))


@pytest.mark.django_db(transaction=True)
def test_of_messages_that_come_one_by_one_at_once_each_request_is_told_its_own() -> None:
    with open_workspace(a_workspace()):
        product = Sending()
        messages = [
            {"userId": f"p{n % 7}", "event": "e", "messageId": f"m{n % 40}"}
            for n in range(REQUESTS)
        ]
        answers = at_once(lambda one: product.post("track", one).status_code, messages)
        assert set(answers) == {200} and len(stored()) == 40 and Visitor.objects.count() == 7
        told = Arrival.objects.values_list("new", "duplicates")
        assert sorted(told) == [(0, 1)] * 20 + [(1, 0)] * 40


@pytest.mark.django_db(transaction=True)
def test_a_request_that_cannot_be_stored_takes_none_with_it_that_came_at_the_same_moment() -> None:
    workspace = a_workspace()
    with open_workspace(workspace):
        source = Sending().source.pk

        def take(n: int) -> Taken | DataError:
            body = b'{"userId": "p", "event": "e", "messageId": "m%d"}' % n
            now = datetime.now(UTC)
            meaning = understood(parse(body, kind="track"), workspace=workspace.pk, received=now)
            if n % 5 == 0:
                meaning.uses[0] = meaning.uses[0]._replace(properties=b"{broken")
            with open_workspace(workspace):
                try:
                    return take_together(Arriving(meaning, Note(source, "track", now)))
                except DataError as error:
                    return error

        outcomes = at_once(take, list(range(REQUESTS)))
        broken = [n for n, one in enumerate(outcomes) if isinstance(one, DataError)]
        assert broken == list(range(0, REQUESTS, 5))
        assert len(stored()) == REQUESTS - len(broken) == Arrival.objects.count()


@pytest.mark.django_db(transaction=True)
def test_of_changes_of_one_key_asked_for_at_once_one_is_made() -> None:
    with open_workspace(a_workspace()) as workspace:
        source, _key = make_source("製品", kind="server", by=None)

        def rotate(_n: int) -> str:
            with open_workspace(workspace):
                try:
                    return rotate_key(
                        source.pk, overlap_hours=24, by=None, replaces=source.key_prefix
                    )
                except Refused as refusal:
                    return str(refusal.code)

        answers = at_once(rotate, list(range(THREADS)))
        changed = fresh(source)
        [made] = [one for one in answers if one != "changed"]
        assert (changed.key_hash, changed.previous_hash) == (digest(made), source.key_hash)
        assert len(events("usage.key_rotated")) == 1
