"""Requests at a steady rate, whatever becomes of the earlier ones; and what each was answered."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from trials.report import Report

THREADS = 64
ENDS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answered:
    """When it was sent and answered (monotonic seconds), what was asked, the status (0: none)."""

    begin: float
    end: float
    what: str
    status: int


@dataclass
class Steady:
    """`ask(number)` sends the request of that number and says what it was and its status."""

    rate: float
    ask: Callable[[int], tuple[str, int]]
    answers: list[Answered] = field(default_factory=list)
    late: int = 0

    def run(self, numbers: "itertools.count[int]", start: float, stop: threading.Event) -> None:
        while not stop.is_set():
            number = next(numbers)
            left = start + number / self.rate - time.monotonic()
            if left > 0 and stop.wait(left):
                return
            self.late += left < -1
            begin = time.monotonic()
            what, status = self.ask(number)
            self.answers.append(Answered(begin, time.monotonic(), what, status))


@contextmanager
def steadily(
    rate: float, ask: Callable[[int], tuple[str, int]], report: Report
) -> Iterator[Steady]:
    """`rate` requests a second are sent until the end of the block, and answered."""
    load, stop = Steady(rate, ask), threading.Event()
    numbers, start = itertools.count(), time.monotonic()
    threads = [
        threading.Thread(target=load.run, args=(numbers, start, stop)) for _n in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join(ENDS_SECONDS)
        stuck = sum(thread.is_alive() for thread in threads)
        report.expect(not stuck, f"{stuck} requests were never answered")
