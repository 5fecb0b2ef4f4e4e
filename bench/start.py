"""How long people wait: from the command to the first page, and for the demo's book.

Processes as people start them, with a private PostgreSQL that is durable. Warm: the database
stands and is stopped, `banso up` is called, and the sign-in page is there, whole. The demo: an empty
folder, so that making the database cluster and all tables is in it.
"""

import statistics
from collections.abc import Iterator

from banso.core.models import Workspace
from bench.measure import Claim
from bench.whole_parts.house import house

WARM, DEMO = 5.0, 30.0


def measure(workspace: Workspace, *, size: int, runs: int) -> Iterator[Claim]:
    """`runs` demos in empty folders, and as many warm starts on the last of them."""
    made, warm = [], []
    for run in range(runs):
        with house() as whole:
            made.append(float(whole.run("demo", "--no-serve")["seconds"]))
            if run == runs - 1:
                for _run in range(runs):
                    whole.stop()
                    warm.append(whole.start("up"))
    yield _claim("warm start to the first page", warm, WARM)
    yield _claim("demo data, from an empty folder", made, DEMO)


def _claim(name: str, seconds: list[float], limit: float) -> Claim:
    ratios, middle = [one / limit for one in seconds], statistics.median(seconds)
    return Claim(
        name, f"the limit of {limit:.0f} s", "the demo's book", len(seconds), middle, limit,
        middle / limit, min(ratios), max(ratios),
    )  # fmt: skip
