"""How much of a trial is run, and what it found."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Dose:
    """The trial's name, `full` or `ci` (about a twentieth), and the seed of everything random."""

    trial: str
    size: str = "full"
    seed: int = 1

    @property
    def is_full(self) -> bool:
        return self.size == "full"

    def of(self, full: int, *, ci: int | None = None) -> int:
        """`full` at full dose, else `ci` (a twentieth unless told, at least one)."""
        if self.is_full:
            return full
        return max(1, full // 20) if ci is None else ci

    def within(self, seconds: float) -> float:
        """A limit of time; at the small dose other tests have the machine too, so five of it."""
        return seconds if self.is_full else 5 * seconds

    def random(self) -> Random:
        """The same numbers for the same seed."""
        return Random(self.seed)

    def timed(self, run: "Callable[[Dose], Report]") -> "Report":
        """What the trial reports, with its seconds."""
        begin = time.monotonic()
        report = run(self)
        report.seconds = time.monotonic() - begin
        return report


@dataclass
class Report:
    """Figures by name, and each broken promise in words."""

    dose: Dose
    counts: dict[str, int | float | str] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, name: str, by: int = 1) -> None:
        """The figure `name` has grown."""
        self.counts[name] = int(self.counts.get(name, 0)) + by

    def figure(self, name: str, value: float | str) -> None:
        """The figure `name` is `value`; numbers are kept to four digits."""
        self.counts[name] = float(f"{value:.4g}") if isinstance(value, float) else value

    def expect(self, holds: object, words: str) -> bool:
        """`words` are a violation unless `holds`; gives back whether it does."""
        if not holds:
            self.violations.append(words)
        return bool(holds)

    def facts(self) -> dict[str, Any]:
        return {
            "name": self.dose.trial,
            "dose": self.dose.size,
            "seed": self.dose.seed,
            "seconds": round(self.seconds, 1),
            "counts": self.counts,
            "violations": [words[:SHOWN] for words in self.violations],
        }
