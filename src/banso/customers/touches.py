"""Who wants to know that facts of customers have changed: rooms above register, none is named."""

from collections.abc import Callable

Hearer = Callable[[], None]
_hearers: list[Hearer] = []
_followers: list[Hearer] = []


def on_touch(hear: Hearer) -> Hearer:
    """Call `hear` in the transaction of whoever touches customers, after the rows are written.

    For `handlers.py`. It queues a job and returns: sources wait for it.
    """
    _hearers.append(hear)
    return hear


def on_values(hear: Hearer) -> Hearer:
    """As `on_touch`, and also where values were worked out anew from the facts (scores)."""
    _followers.append(hear)
    return on_touch(hear)


def tell_hearers() -> None:
    for hear in _hearers:
        hear()


def tell_followers() -> None:
    for hear in _followers:
        hear()
