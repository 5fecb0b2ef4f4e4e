"""Items made ahead are the items, whoever stops first."""

import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from banso.lib.ahead import ahead

told = ContextVar("told", default="")


def test_items_come_in_order_and_no_more_than_asked_are_made_ahead() -> None:
    made = list[int]()

    def numbers() -> Iterator[int]:
        for n in range(100):
            made.append(n)
            yield n

    for n in ahead(numbers(), most=3):
        assert len(made) <= n + 5
    assert made == list(range(100))
    assert list(ahead(iter(()), most=2)) == []


def test_what_goes_wrong_is_raised_after_what_went_well() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    items = ahead(broken(), most=5)
    assert next(items) == 1
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_who_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    items = ahead(iter(range(1000)), most=4)
    next(items)
    assert threading.active_count() == before + 1
    items.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_the_callers_context_is_known_to_the_thread() -> None:
    told.set("here")
    assert list(ahead((told.get() for _n in range(2)), most=2)) == ["here", "here"]
