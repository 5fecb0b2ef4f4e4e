"""Work on what comes next, while what came before is in use."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
_END = object()


def ahead(items: Iterator[T], *, most: int) -> Iterator[T]:
    """The same items in order; up to `most` of them are made before they are asked for.

    In a thread of its own, with the caller's context, which ends with this iterator. For what
    needs the processor while the caller waits for something else; it may not use the database.
    What `items` raises is raised in its turn.
    """
    context = copy_context()
    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = deque(thread.submit(context.run, next, items, _END) for _nth in range(most))
        try:
            while (item := coming.popleft().result()) is not _END:
                coming.append(thread.submit(context.run, next, items, _END))
                yield item  # type: ignore[misc]
        finally:
            thread.shutdown(cancel_futures=True)
