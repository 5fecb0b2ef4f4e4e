"""Time and memory of what is poisoned."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from trials.report import Report

AMONG = 99  # good ones for each poison
DONE_WITHIN, LONGEST, MEMORY_MB = 60.0, 5.0, 300.0


class Watch:
    """The trial's report, with this process's memory from beginning to end, and others' beside it."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.random: Random = report.dose.random()
        self.longest = dict[str, float]()
        self._before = dict[str, float]()

    def __enter__(self) -> "Watch":
        Path("/proc/self/clear_refs").write_text("5")  # the most so far is what is now
        self.also("self")
        return self

    def __exit__(self, *trouble: object) -> None:
        for pid, before in self._before.items():
            grown = _memory(pid) - before
            name = "this process" if pid == "self" else "the worker"
            self.report.figure(f"memory of {name}, MB more", round(grown, 1))
            self.report.expect(grown <= MEMORY_MB, f"{name} took {grown:.0f} MB more")
        for door, seconds in self.longest.items():
            self.report.figure(f"{door}: longest, seconds", round(seconds, 3))
            self.report.expect(seconds <= LONGEST, f"{door}: one took {seconds:.1f} s")

    def also(self, pid: int | str) -> None:
        """The memory of this process counts from now on."""
        self._before[str(pid)] = _memory(str(pid))

    @contextmanager
    def one(self, door: str) -> Iterator[None]:
        """A single item of the door."""
        begin = time.monotonic()
        yield
        taken = time.monotonic() - begin
        self.longest[door] = max(self.longest.get(door, 0.0), taken)

    @contextmanager
    def all(self, door: str) -> Iterator[None]:
        """All of the door: the good ones are done when this ends."""
        begin = time.monotonic()
        yield
        taken = time.monotonic() - begin
        self.report.figure(f"{door}: seconds", round(taken, 2))
        self.report.expect(taken <= DONE_WITHIN, f"{door}: the good ones took {taken:.0f} s")

    def expect(self, holds: object, words: str) -> bool:
        return self.report.expect(holds, words)


def _memory(pid: str) -> float:
    """The most it has ever had, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
