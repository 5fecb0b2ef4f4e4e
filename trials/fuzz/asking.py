"""Sends requests one by one, judges every answer, and ends what does not end by itself."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.worlds import Answer, World
from trials.fuzz.naughty import WON
from trials.report import Report

SLOW_SECONDS, HANGS_SECONDS = 5.0, 120


class Hangs(BaseException):
    """Not an Exception: no handler of ours may take it for an error of its own."""


@dataclass
class Asking:
    """`knock` as World's: 0 × 5xx, nothing over 5 s, no header line that was not ours."""

    world: World
    report: Report
    slowest: float = 0.0

    def knock(self, where: str, *told: Any, **facts: Any) -> Answer | None:
        """The answer; None when none came."""
        begun = time.monotonic()
        try:
            with alarm():
                answer = self.world.knock(*told, **facts)
        except Hangs:
            self.report.expect(False, f"{where}: no answer in {HANGS_SECONDS} s")
            return None
        took = time.monotonic() - begun
        self.slowest = max(self.slowest, took)
        self.report.expect(took < SLOW_SECONDS, f"{where}: {took:.1f} s")
        self.report.expect(
            answer.status < 500, f"{where}: {answer.status} {answer.trouble[-1500:]}"
        )
        self.report.expect(WON not in answer.headers, f"{where}: a header line was won")
        self.report.count("requests")
        self.report.count(f"answers {answer.status // 100}xx")
        return answer


@contextmanager
def alarm() -> Iterator[None]:
    """The block ends with Hangs after two minutes."""

    def ring(*_facts: Any) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HANGS_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
