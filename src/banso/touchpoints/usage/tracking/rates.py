"""How much one sender may ask of this process."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

SECONDS = 10  # a sender may save up this long
MOST_SENDERS = 10_000


class Buckets:
    """Each sender has a bucket of `rate` × 10 tokens, filled by `rate` a second. Thread-safe."""

    def __init__(self, rate: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.clock = rate, clock
        self._levels: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, sender: Hashable, tokens: int, *, takes: bool = True) -> int:
        """0 when `tokens` could be taken; else the seconds to wait, and none are taken.

        `takes` False only looks. More than a whole bucket is given when the bucket is full, and owed.
        """
        if not self.rate:
            return 0
        most, now = self.rate * SECONDS, self.clock()
        with self._lock:
            level, then = self._levels.pop(sender, (most, now))
            level = min(most, level + (now - then) * self.rate)
            needed = min(tokens, most)
            enough = level >= needed
            self._levels[sender] = (level - tokens if enough and takes else level, now)
            if len(self._levels) > MOST_SENDERS:
                self._levels.popitem(last=False)
        return 0 if enough else max(1, math.ceil((needed - level) / self.rate))
