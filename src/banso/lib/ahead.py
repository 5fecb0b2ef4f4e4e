"""Work on what comes next, while what came before is in use."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T], *, most: int) -> Iterator[T]:
    """The same items in order; up to `most` of them are made before they are asked for.

    In a thread of its own, with the caller's context, which ends with this iterator. For what
    needs the processor while the caller waits for something else; it may not use the database.
    What `items` raises is raised in its turn. None among them is their end.
    """
    context = copy_context()

    def make() -> T | None:
        return next(items, None)

    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = deque(thread.submit(context.run, make) for _nth in range(most))
        try:
            while (item := coming.popleft().result()) is not None:
                coming.append(thread.submit(context.run, make))
                yield item
        finally:
            thread.shutdown(cancel_futures=True)
