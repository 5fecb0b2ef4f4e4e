"""UUID version 7: ids that sort by the time they were made; and ids read from texts."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from random import Random
from uuid import UUID

_RANDOM_BITS = 74
_LARGEST_RANDOM = (1 << _RANDOM_BITS) - 1
_LARGEST_MS = (1 << 48) - 1
_FEWEST_SIGNS = 32

_lock = threading.Lock()
_last_ms = 0
_last_random = 0
_repeated: ContextVar[Iterator[UUID] | None] = ContextVar("repeated_ids", default=None)


@contextmanager
def repeatable(at_ms: int, luck: Random) -> Iterator[None]:
    """Within the block this context's ids are the same every time: of `luck`, a millisecond apart.

    For made-up data only: who knows the seed knows every id.
    """
    ids = (uuid7(at, luck.randbytes(10)) for at in count(at_ms))
    token = _repeated.set(ids)
    try:
        yield
    finally:
        _repeated.reset(token)


def uuid7(at_ms: int | None = None, random: bytes | None = None) -> UUID:
    """A version 7 UUID (RFC 9562 section 5.7) of `at_ms`, Unix milliseconds, default now.

    Without arguments ids are strictly increasing within this process, also from several threads
    and when the clock steps back (section 6.2, method 2). With `at_ms` or `random` (10 bytes, the
    lowest 74 bits are used) the id is made of them alone: both given, the same id every time.
    Raises ValueError when `at_ms` does not fit 48 bits or `random` is not 10 bytes.
    """
    if at_ms is None and random is None:
        if (repeated := _repeated.get()) is not None:
            return next(repeated)
        return _assemble(*_next_in_process())
    milliseconds = _now_ms() if at_ms is None else at_ms
    if not 0 <= milliseconds <= _LARGEST_MS:
        raise ValueError("at_ms does not fit 48 bits")
    return _assemble(milliseconds, _random_bits(random))


def as_uuid(text: str) -> UUID | None:
    """The id that a text says; None where it says none. Any form that UUID reads."""
    if len(text) < _FEWEST_SIGNS:  # most other keys: at a tenth of what an exception costs
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _random_bits(random: bytes | None) -> int:
    if random is None:
        return secrets.randbits(_RANDOM_BITS)
    if len(random) != 10:
        raise ValueError("random must be 10 bytes")
    return int.from_bytes(random, "big") & _LARGEST_RANDOM


def _next_in_process() -> tuple[int, int]:
    global _last_ms, _last_random
    with _lock:
        now = _now_ms()
        if now > _last_ms:
            _last_ms, _last_random = now, secrets.randbits(_RANDOM_BITS)
        else:
            # A random step, not +1: after a fork both processes start from the same last value.
            _last_random += 1 + secrets.randbits(32)
            if _last_random > _LARGEST_RANDOM:
                _last_ms, _last_random = _last_ms + 1, secrets.randbits(_RANDOM_BITS - 1)
        return _last_ms, _last_random


def _assemble(milliseconds: int, random: int) -> UUID:
    rand_a, rand_b = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
