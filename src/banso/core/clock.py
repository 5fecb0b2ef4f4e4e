"""Whether this machine's clock is right: the database's clock is the house's.

Days, ticks and the end of tokens are read off the process's clock, queues and sessions off the
database's. Where both run on one machine they cannot differ. Where they do by more than
MOST_WRONG_SECONDS, pages are refused and jobs left to other workers: a token would live again,
a task be dated tomorrow. The monotonic clock, which nobody sets, tells a jump at once.
"""

import time

MOST_WRONG_SECONDS = 20.0
SLOWEST_ANSWER_SECONDS = 5.0
ASK = "SELECT extract(epoch FROM clock_timestamp())::float8"

_ahead_of_monotonic: float | None = None


def learn(database: float, *, asked: float) -> None:
    """The database said that it is `database` (epoch seconds), asked at `asked` (monotonic).

    An answer that took long says little, and is not listened to.
    """
    global _ahead_of_monotonic
    now = time.monotonic()
    if now - asked <= SLOWEST_ANSWER_SECONDS:
        _ahead_of_monotonic = database - (asked + now) / 2


def wrong_by() -> float:
    """Seconds that our clock is ahead of the database's (negative: behind); 0 until we know."""
    if _ahead_of_monotonic is None:
        return 0.0
    return time.time() - (time.monotonic() + _ahead_of_monotonic)


def is_wrong() -> bool:
    return abs(wrong_by()) > MOST_WRONG_SECONDS
