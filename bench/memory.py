"""What the whole program costs in memory, idle: PostgreSQL of its own, web, worker, supervisor.

PSS of every process, as `banso doctor` tells it, on the demo's book: a second after the start,
after ten, a hundred and a thousand pages. The limit is 600 MB.
"""

import statistics
import time
from collections.abc import Iterator

from banso.core.models import Workspace
from bench.measure import Claim
from bench.whole_parts.house import Browser, House, house

LIMIT = 600e6
SIZE = 100  # pages
IDLE_SECONDS = 3.0


def measure(workspace: Workspace, *, size: int, runs: int) -> Iterator[Claim]:
    """Each run starts it anew and asks `size` pages; the last goes on to ten times as many."""
    started, used, parts = [], [], ""
    with house() as whole:
        whole.run("demo", "--no-serve")
        for run in range(runs):
            whole.start("up")
            started.append(_idle(whole))
            browser = Browser(whole)
            grown = [started[-1]]
            for pages in (size // 10, size, 10 * size)[: 3 if run == runs - 1 else 2]:
                browser.visit(pages - (0 if len(grown) == 1 else pages // 10))
                grown.append(_idle(whole))
            used.append(grown[2])
            parts = _words(grown, size) + _in_parts(whole)
            whole.stop()
    yield _claim("memory after the start", started, "no page asked yet", "")
    yield _claim(f"memory after {size} pages", used, f"{size} pages", parts)


def _idle(whole: House) -> float:
    time.sleep(IDLE_SECONDS)
    return float(whole.memory()["total_bytes"])


def _words(grown: list[float], size: int) -> str:
    steps = zip(("the start", size // 10, size, 10 * size), grown, strict=False)
    told = ", ".join(f"after {pages}: {one / 1e6:.0f} MB" for pages, one in steps)
    return f"{told} (pages)"


def _in_parts(whole: House) -> str:
    facts = whole.memory()
    program, postgres = (facts[name] / 1e6 for name in ("program_bytes", "postgresql_bytes"))
    return f"\n  at the end: program {program:.0f} MB, PostgreSQL {postgres:.0f} MB"


def _claim(name: str, found: list[float], size: str, more: str) -> Claim:
    ratios = [one / LIMIT for one in found]
    middle = statistics.median(found)
    told = f"{middle / 1e6:.0f} MB of 600"
    return Claim(
        name, "the limit of 600 MB", size, len(found), middle / 1e6, LIMIT / 1e6,
        middle / LIMIT, min(ratios), max(ratios), more="\n  ".join(filter(None, [told, more])),
    )  # fmt: skip
