"""Figures of a ledger of a million lines: the dashboard as pages ask for it, and all worked out anew.

The recompute is everything that the dashboard shows (36 months and more of every KPI, cohorts, cuts)
from the lines, against reading the same lines one after another by the database's driver, which is
what any program must do that works them out; COPY of the same columns, which only moves bytes, is
told beside it. The dashboard is its whole page as the program serves it, from the kept board.
"""

import statistics
from collections.abc import Iterator
from dataclasses import replace

from django.db import connection, transaction

from banso.core.models import Role, Workspace
from banso.core.scope import current_workspace_id, open_workspace
from banso.core.tests.builders import a_member
from banso.insight.metrics import services
from banso.insight.metrics.boards import kept
from bench.kpi_parts import book
from bench.measure import Claim, percentile, seconds, side_by_side
from bench.pages_parts import asked
from bench.pages_parts.signed_in import cookie_of

SIZE = 100_000
ASKED, P95, MOST = 40, 1.0, 3.0
_LINES = """
SELECT contract_id, customer_id, product_id, kind, effective_on, covers_until, mrr, currency,
    is_trial, id FROM customers_contractchange WHERE workspace_id = '{workspace}'
"""


def measure(workspace: Workspace, *, size: int, runs: int) -> Iterator[Claim]:
    """Books of a tenth and of all `size` customers, ten lines each, four years long."""
    for part in sorted({max(1, size // 10), size}):
        with open_workspace(book.make(part)):
            yield _recompute(part, runs)
            yield _dashboard(part, runs)


def _recompute(size: int, runs: int) -> Claim:
    claim = side_by_side(
        "full recompute of the dashboard",
        lambda: services.work_out(kept.usual()),
        peer="the same lines read one after another",
        theirs=_read_one_by_one,
        size=f"{size:,} customers, {size * book.CHANGES:,} lines",
        runs=runs,
    )
    copied = statistics.median(seconds(_copy) for _run in range(runs))
    over = "  OVER" if claim.ratio > MOST else ""
    return replace(
        claim, more=f"{MOST:g} times allowed; {claim.ours / copied:.1f} times COPY{over}"
    )


def _dashboard(size: int, runs: int) -> Claim:
    reader = asked.Asker(cookie_of(a_member(f"reader@{size}.example", role=Role.VIEWER)))
    spent = reader.seconds(asked.Kind("dashboard", ["/metrics/"]), ASKED * runs)
    p95 = percentile(spent, 95)
    ratios = [one / P95 for one in spent]
    return Claim(
        "the dashboard's page, from warm",
        "the limit of 1 s",
        f"{size:,} customers",
        len(spent),
        statistics.median(spent),
        P95,
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        more=f"p95 {1000 * p95:.0f} ms of {1000 * P95:.0f}" + ("  OVER" if p95 > P95 else ""),
    )


def _read_one_by_one() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LINES.format(workspace=current_workspace_id()))
        for _row in cursor:
            pass


def _copy() -> None:
    statement = (
        f"COPY ({_LINES.format(workspace=current_workspace_id())}) TO STDOUT (FORMAT BINARY)"
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copied:
        for _part in copied:
            pass
