"""A machine whose clock differs from the database's serves nobody, and says why."""

import time
from collections.abc import Iterator

import pytest
from django.test import Client

from banso.core import clock


@pytest.fixture
def known() -> Iterator[None]:
    """This process knows that its clock is right; afterwards it knows nothing, as before."""
    clock.learn(time.time(), asked=time.monotonic())
    yield
    clock._ahead_of_monotonic = None


def be_off(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    clock.learn(time.time() - seconds, asked=time.monotonic())


@pytest.mark.parametrize("seconds", [-86_400, -3600, -21, 21, 3600, 86_400])
def test_a_clock_that_is_off_is_noticed(
    known: None, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    assert not clock.is_wrong()
    be_off(monkeypatch, seconds)
    assert clock.is_wrong() and abs(clock.wrong_by() - seconds) < 1


def test_a_jump_is_noticed_without_asking_anybody(
    known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumped = time.time() + 3600
    monkeypatch.setattr("banso.core.clock.time.time", lambda: jumped)
    assert clock.is_wrong()


def test_some_seconds_are_nobodys_trouble(known: None, monkeypatch: pytest.MonkeyPatch) -> None:
    be_off(monkeypatch, 15)
    assert not clock.is_wrong()


def test_an_answer_that_took_long_says_nothing(known: None) -> None:
    clock.learn(0.0, asked=time.monotonic() - 60)
    assert not clock.is_wrong()


def test_pages_are_refused_in_words_and_the_process_is_alive_but_not_ready(
    known: None, bob_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_off(monkeypatch, -3600)
    page = bob_client.get("/customers/")
    assert page.status_code == 503 and "時計" in page.content.decode()
    answer = bob_client.get("/api/v1/customers")
    assert answer.status_code == 503 and answer["Retry-After"] == "30"
    assert bob_client.get("/healthz").status_code == 200
    ready = bob_client.get("/readyz")
    assert (ready.status_code, ready.json()["clock"]) == (503, "wrong")
    clock.learn(time.time(), asked=time.monotonic())
    assert bob_client.get("/customers/").status_code == 200
