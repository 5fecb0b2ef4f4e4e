"""What a page that comes late is told, and what nobody can know any more."""

import pytest

from banso.core.live import hub
from banso.core.live.hub import Memory


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock, to be set."""
    clock = [1000.0]
    monkeypatch.setattr("banso.core.live.hub.time.monotonic", lambda: clock[0])
    return clock


@pytest.fixture
def memory(now: list[float]) -> Memory:
    known = Memory()
    known.begin()
    return known


def test_a_late_page_is_told_what_changed_since_it_was_made(
    memory: Memory, now: list[float]
) -> None:
    now[0] += 10
    memory.keep("w", "today")
    now[0] += 3
    memory.keep("w", "tasks")
    memory.keep("other", "customers")
    now[0] += 1
    topics = {"today", "tasks", "customers"}
    assert memory.missed("w", topics, 2) == {"tasks"}
    assert memory.missed("w", topics, 5) == {"today", "tasks"}


def test_nobody_knows_what_happened_before_listening_began(
    memory: Memory, now: list[float]
) -> None:
    now[0] += 5
    assert memory.missed("w", {"today"}, 4) == set()
    assert memory.missed("w", {"today"}, 6) is None
    assert memory.missed("w", {"today"}, None) is None


def test_what_is_forgotten_is_not_taken_for_nothing(memory: Memory, now: list[float]) -> None:
    now[0] += 1
    memory.keep("w", "today")
    now[0] += hub.KEPT_SECONDS + 1
    memory.keep("w", "tasks")
    assert len(memory.told) == 1
    assert memory.missed("w", {"today"}, hub.KEPT_SECONDS + 1.5) is None
    assert memory.missed("w", {"today", "tasks"}, 5) == {"tasks"}


def test_memory_is_bounded(
    memory: Memory, now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_KEPT", 10)
    for n in range(100):
        now[0] += 0.01
        memory.keep("w", f"customer:{n}")
    assert len(memory.told) == 10
    assert memory.missed("w", {"customer:1"}, 0.99) is None


def test_a_lost_connection_makes_everything_unknown(memory: Memory, now: list[float]) -> None:
    now[0] += 5
    memory.forget()
    assert memory.missed("w", {"today"}, 1) is None
