"""Scoring every customer against one INSERT ... SELECT that aggregates the same usage rows."""

from datetime import timedelta
from uuid import UUID

from django.db import connection

from banso.core.models import Workspace
from banso.core.scope import current_workspace_id
from banso.customers.models import Customer
from banso.customers.services import (
    NewContract,
    NewCustomer,
    create_customers,
    ensure_product,
    sign_contracts,
)
from banso.insight.health.services import score_customers
from bench.ground import TODAY
from bench.measure import Claim, side_by_side

DAYS = 90
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


def measure(workspace: Workspace, *, size: int, runs: int) -> Claim:
    """`size` customers with 90 days of rollups each."""
    _book(size)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_peer (customer uuid, events int8, features int, last date)"
        )
        cursor.execute(USAGE, [TODAY, DAYS - 1, workspace.pk])
        cursor.execute("ANALYZE")
    return side_by_side(
        "score_customers",
        lambda: score_customers(TODAY),
        peer="one INSERT ... SELECT per customer of the same rollups",
        theirs=_peer,
        size=f"{size} customers, {size * DAYS} rollups",
        runs=runs,
    )


def _book(size: int) -> None:
    product = ensure_product("Banso")
    made = create_customers([customer(n) for n in range(size)], by=None)
    ids = [one.pk for one in made if isinstance(one, Customer)]
    sign_contracts([contract(pk, product.pk) for pk in ids], by=None)


def _peer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench_peer")
        cursor.execute(PEER, [current_workspace_id(), TODAY - timedelta(days=DAYS)])


def customer(n: int) -> NewCustomer:
    return NewCustomer(name=f"会社{n}", external_id=f"C{n}", since=TODAY - timedelta(days=400))


def contract(customer_id: UUID, product_id: UUID) -> NewContract:
    start = TODAY - timedelta(days=400)
    return NewContract(
        customer_id=customer_id, product_id=product_id, start_on=start, amount=1_200_000, seats=10
    )
