import threading
from itertools import pairwise
from random import Random
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.lib import uuid7 as module
from banso.lib.uuid7 import uuid7


def test_the_example_of_the_rfc_comes_out() -> None:
    # RFC 9562, appendix A.6.
    random = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert uuid7(0x017F22E279B0, random) == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_a_made_id_carries_its_time_version_and_variant(at_ms: int, random: bytes) -> None:
    made = uuid7(at_ms, random)
    assert made.int >> 80 == at_ms
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made == uuid7(at_ms, random)


@given(st.integers(0, 2**48 - 2))
def test_ids_sort_by_their_time(at_ms: int) -> None:
    assert uuid7(at_ms) < uuid7(at_ms + 1)


def test_ids_of_one_process_strictly_increase() -> None:
    ids = [uuid7() for _ in range(5000)]
    assert all(a < b for a, b in pairwise(ids))


def test_a_clock_that_steps_back_does_not_disturb_the_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = uuid7()
    monkeypatch.setattr(module, "_now_ms", lambda: 1)
    assert before < uuid7() < uuid7()


def test_a_full_millisecond_borrows_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_now_ms", lambda: 1)
    monkeypatch.setattr(module, "_last_ms", 5_000)
    monkeypatch.setattr(module, "_last_random", module._LARGEST_RANDOM)
    assert uuid7().int >> 80 == 5_001


def test_threads_never_share_an_id() -> None:
    made: list[UUID] = []
    threads = [
        threading.Thread(target=lambda: made.extend(uuid7() for _ in range(500))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 2000


@pytest.mark.parametrize(
    ("at_ms", "random"), [(-1, None), (2**48, None), (0, b"short"), (0, b"eleven byte")]
)
def test_what_does_not_fit_is_refused(at_ms: int, random: bytes | None) -> None:
    with pytest.raises(ValueError, match=r"must be|fit"):
        uuid7(at_ms, random)


def test_ids_of_a_made_up_past_are_the_same_every_time_and_only_there() -> None:
    def five() -> list[UUID]:
        with module.repeatable(1_700_000_000_000, Random(1)):
            return [uuid7() for _ in range(5)]

    assert five() == five() == sorted(set(five()))
    assert uuid7() != uuid7()
