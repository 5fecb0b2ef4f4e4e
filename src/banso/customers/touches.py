"""Who wants to know that facts of customers have changed: rooms above register, none is named."""

from collections.abc import Callable

Hearer = Callable[[], None]
_hearers: list[Hearer] = []


def on_touch(hear: Hearer) -> Hearer:
    """Call `hear` in the transaction of whoever touches customers, after the rows are written.

    For `handlers.py`. It queues a job and returns: sources wait for it.
    """
    _hearers.append(hear)
    return hear


def tell_hearers() -> None:
    for hear in _hearers:
        hear()
