"""Pages of a book of 100,000 customers: server time, against the frame around an empty page.

One client. Server time is the whole handler: the real WSGI application in this process with every
middleware, its queries and templates, from the request to the last byte; no network, no a2wsgi.
Three books stand side by side in one database (1,000, 10,000 and 100,000 customers), so that
growth is measured on one server in the same minute, and indexes hold what others put there too.
"""

import statistics
from collections.abc import Iterator

from django.test.utils import override_settings

from banso.core.models import Workspace
from bench.measure import Claim, percentile
from bench.pages_parts import asked, book

SIZE = 100_000
STEPS = (100, 10, 1)
REQUESTS = 20  # of each kind of page in a run
P50, P95, FLAT = 0.040, 0.100, 1.5
Spent = dict[str, list[list[float]]]  # by kind of page: the seconds of each run


def measure(workspace: Workspace, *, size: int, runs: int) -> Iterator[Claim]:
    """The largest book has `size` customers; each kind of page is asked 20 times a run."""
    yield from compare([book.make(max(size // step, 10)) for step in STEPS], runs=runs)


def compare(books: list[book.Book], *, runs: int) -> Iterator[Claim]:
    """Every kind of page, asked of each book in turn, smallest first."""
    with override_settings(ROOT_URLCONF="bench.pages_parts.empty"):
        askers = [asked.Asker(one.cookie) for one in books]
        kinds = [asked.kinds(one) for one in books]
        counts = {kind.name: askers[-1].queries(kind) for kind in kinds[-1]}
        spent: list[Spent] = [{kind.name: [] for kind in kinds[-1]} for _book in books]
        for _run in range(runs):
            for same in zip(*kinds, strict=True):
                for asker, kind, one in zip(askers, same, spent, strict=True):
                    asker.seconds(kind, 2)
                    one[kind.name].append(asker.seconds(kind, REQUESTS))
    sizes = [one.size for one in books]
    for counted in counts.items():
        yield _claim(counted, spent=spent, sizes=sizes)


def _claim(counted: tuple[str, int], *, spent: list[Spent], sizes: list[int]) -> Claim:
    name, queries = counted
    growth = [statistics.median(_all(one[name])) for one in spent]
    ours, empty = spent[-1][name], spent[-1]["empty page"]
    ratios = [statistics.median(a) / statistics.median(b) for a, b in zip(ours, empty, strict=True)]
    p50, p95 = growth[-1], percentile(_all(ours), 95)
    over = [word for word, is_over in _limits(p50, p95, growth) if is_over]
    steps = ", ".join(
        f"{size:,}: {1000 * one:.1f}" for size, one in zip(sizes, growth, strict=True)
    )
    return Claim(
        name,
        "the empty page with one indexed query",
        f"{sizes[-1]:,} customers, {queries} queries",
        len(ours),
        p50,
        statistics.median(_all(empty)),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        more=f"p50 {1000 * p50:.1f} ms of 40, p95 {1000 * p95:.1f} ms of 100; {steps} ms,"
        f" the last step {growth[-1] / growth[-2]:.2f} times"
        + (f"  OVER: {', '.join(over)}" if over else ""),
    )


def _limits(p50: float, p95: float, growth: list[float]) -> list[tuple[str, bool]]:
    flat = growth[-1] > FLAT * growth[-2]
    return [("p50", p50 > P50), ("p95", p95 > P95), ("growth", flat)]


def _all(runs: list[list[float]]) -> list[float]:
    return [one for run in runs for one in run]
