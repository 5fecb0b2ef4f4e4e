"""How much one source may send to this process."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

SECONDS = 10  # a source may save up this long
MOST_SOURCES = 10_000


class Buckets:
    """Each source has a bucket of `rate` × 10 tokens, filled by `rate` a second. Thread-safe."""

    def __init__(self, rate: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.clock = rate, clock
        self._levels: OrderedDict[UUID, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, source: UUID, tokens: int) -> int:
        """0 when `tokens` could be taken; else the seconds to wait, and none are taken.

        More than a whole bucket is given when the bucket is full, and owed.
        """
        if not self.rate:
            return 0
        most, now = self.rate * SECONDS, self.clock()
        with self._lock:
            level, then = self._levels.pop(source, (most, now))
            level = min(most, level + (now - then) * self.rate)
            needed = min(tokens, most)
            enough = level >= needed
            self._levels[source] = (level - tokens if enough else level, now)
            if len(self._levels) > MOST_SOURCES:
                self._levels.popitem(last=False)
        return 0 if enough else max(1, math.ceil((needed - level) / self.rate))
