"""The same thing again and again, at each inbound door."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
AT_ONCE = 8


def at_once(do: Callable[[], T]) -> list[T]:
    """What eight threads got that did it at the same moment."""
    gate = Barrier(AT_ONCE)

    def one() -> T:
        try:
            gate.wait()
            return do()
        finally:
            connection.close()

    connection.close()  # the pool has one for each thread
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [
            job.result() for job in [pool.submit(copy_context().run, one) for _n in range(AT_ONCE)]
        ]
