"""The nightly run, against one INSERT ... SELECT that aggregates the same usage by customer."""

import resource
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from banso.core.models import Workspace
from banso.core.scope import current_workspace_id, open_workspace
from banso.core.workspaces import create_workspace
from banso.customers.models import Customer
from banso.customers.services import (
    NewContract,
    NewCustomer,
    create_customers,
    ensure_product,
    keep_current,
    sign_contracts,
)
from banso.insight.health.models import Score, ScoreRun
from banso.insight.health.services import ensure_scores, score_customers
from banso.touchpoints.usage.models import DayFigures
from bench.ground import TODAY
from bench.measure import Claim, side_by_side

DAYS, AT_ONCE = 90, 5000
PEER = """
    INSERT INTO bench_peer
    SELECT customer_id, sum(events), count(DISTINCT feature), max(day)
    FROM usage_dailyusage WHERE workspace_id = %s AND day > %s GROUP BY customer_id
"""
USAGE = """
    INSERT INTO usage_dailyusage (workspace_id, customer_id, day, feature, person_key,
        events, seconds, errors)
    SELECT workspace_id, id, %s::date - d, 'feature_' || (d %% 5), '', 10 + d %% 7, 0, 0
    FROM customers_customer, generate_series(0, %s) d WHERE workspace_id = %s
"""


def measure(workspace: Workspace, *, size: int, runs: int) -> Iterator[Claim]:
    """The nightly run over `size` customers with 90 days of rollups each, and over 1/10 and 1/100.

    Each run begins the day: what all are compared with is taken anew, everybody has a row of the
    day before, none of today, and each gets one.
    """
    sql("CREATE TABLE bench_peer (customer uuid, events int8, features int, last date)")
    for part in sorted({max(1, size // 100), max(1, size // 10), size}):
        with open_workspace(_ground(f"{part} customers", part)):
            score_customers(TODAY - timedelta(days=1))
            yield _claim(part, runs)


def _claim(size: int, runs: int) -> Claim:
    claim = side_by_side(
        "ensure_scores",
        lambda: ensure_scores(TODAY),
        before=_forget_today,
        peer="one INSERT ... SELECT per customer of the same rollups",
        theirs=_peer,
        size=f"{size} customers, {size * DAYS} rollups",
        runs=runs,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return replace(claim, more=f"this process held {peak} MB at most so far")


def _ground(name: str, size: int) -> Workspace:
    workspace = create_workspace(name)
    workspace.fixed_today = TODAY
    workspace.save()
    with open_workspace(workspace):
        _book(size)
        sql(USAGE, [TODAY, DAYS - 1, workspace.pk])
        keep_current()
    sql("VACUUM ANALYZE")  # as the clock above and autovacuum have done by the night
    return workspace


def _forget_today() -> None:
    for model in (Score, ScoreRun, DayFigures):
        model.objects.filter(day=TODAY).delete()
    sql("VACUUM health_score")


def sql(statement: str, params: Sequence[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _book(size: int) -> None:
    product = ensure_product("Banso")
    for start in range(0, size, AT_ONCE):
        some = range(start, min(size, start + AT_ONCE))
        made = create_customers([customer(n) for n in some], by=None)
        ids = [one.pk for one in made if isinstance(one, Customer)]
        sign_contracts([contract(pk, product.pk) for pk in ids], by=None)


def _peer() -> None:
    sql("TRUNCATE bench_peer")
    sql(PEER, [current_workspace_id(), TODAY - timedelta(days=DAYS)])


def customer(n: int) -> NewCustomer:
    return NewCustomer(name=f"会社{n}", external_id=f"C{n}", since=TODAY - timedelta(days=400))


def contract(customer_id: UUID, product_id: UUID) -> NewContract:
    start = TODAY - timedelta(days=400)
    return NewContract(
        customer_id=customer_id, product_id=product_id, start_on=start, amount=1_200_000, seats=10
    )
