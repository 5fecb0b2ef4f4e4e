"""Today's values of contracts are written beside the customers: see CurrentState."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from banso.core.scope import current_workspace
from banso.customers import expressions
from banso.customers.current import has_stale_rows
from banso.customers.filter_sql import minor_per_major
from banso.customers.models import CurrentState, Customer

AT_ONCE = 1000  # customers that a page may wait for: a fifth of a second

# A line counts differently from each of these days on. What has no end runs to its anniversary,
# and is heard of by the renewal date itself.
_WRITE = """
UPDATE customers_currentstate AS now SET mrr = known.mrr, worth = known.mrr / known.minor,
    seats = known.seats, renewal_on = known.renewal_on, notice_on = known.notice_on,
    deadline_on = least(known.notice_on, known.renewal_on - 1), contract_state = known.state,
    since = %s, until = least(known.renewal_on, (
        SELECT min(day) FROM (
            SELECT unnest(ARRAY[line.effective_on, line.covers_until, line.notice_on + 1,
                contract.start_on, (line.recorded_at AT TIME ZONE %s)::date])
            FROM customers_contractchange line
            JOIN customers_contract contract ON contract.id = line.contract_id
            WHERE line.workspace_id = now.workspace_id AND line.customer_id = now.customer_id
                AND line.voided_at IS NULL
            UNION ALL
            SELECT unnest(ARRAY[noticed_on, effective_on]) FROM customers_cancellationnotice
            WHERE workspace_id = now.workspace_id AND customer_id = now.customer_id
                AND voided_at IS NULL
        ) AS days(day) WHERE day > %s
    ), '9999-12-31')
FROM ({answers}) AS known(id, mrr, minor, seats, renewal_on, notice_on, state)
WHERE now.customer_id = known.id
"""


def ensure_current(on: date) -> bool:
    """Whether every row is true of `on`: made so where that is today. 1 query when all are.

    Many (after an import) are left to `keep_current`, and rows somebody is changing just now to
    whoever reads next: pages read the ledger meanwhile.
    """
    if on != current_workspace().today():
        return False
    if not has_stale_rows(on):
        return True
    if _stale(on)[AT_ONCE : AT_ONCE + 1].exists():
        return False
    refresh_some(on)
    return not has_stale_rows(on)


def keep_current() -> int:
    """Every row of the open workspace is true as of today; how many were not. 1,000 at a time."""
    on, done = current_workspace().today(), 0
    while refreshed := refresh_some(on):
        done += refreshed
    return done


@transaction.atomic
def refresh_some(on: date) -> int:
    """Up to 1,000 stale rows say what the ledger says of today, `on`; how many. 2 statements.

    They are locked before the ledger is read: what is committed after that makes them stale again.
    """
    stale = _stale(on).select_for_update(skip_locked=True).order_by("pk")
    ids = list(stale.values_list("pk", flat=True)[:AT_ONCE])
    if ids:
        _write(on, ids)
    return len(ids)


def _stale(on: date) -> QuerySet[CurrentState]:
    rows: QuerySet[CurrentState] = CurrentState.objects.filter(
        Q(until=None) | Q(until__lte=on) | Q(since__gt=on)
    )
    return rows


def _write(on: date, ids: Sequence[UUID]) -> None:
    answers, known = _answers(on, ids).query.sql_with_params()
    facts = [on, current_workspace().zone, on, *known]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(answers=answers), facts)


def _answers(on: date, ids: Sequence[UUID]) -> QuerySet[Any]:
    """What the ledger says, also of customers in the bin: they may come back."""
    customers: QuerySet[Customer] = Customer.with_deleted.filter(pk__in=ids)
    answers: QuerySet[Any] = customers.annotate(
        l_mrr=expressions.mrr(on),
        l_minor=minor_per_major(),
        l_seats=expressions.seats(on),
        l_renewal_on=expressions.renewal_on(on),
        l_notice_on=expressions.notice_on(on),
        l_state=expressions.contract_state(on),
    ).values_list("pk", "l_mrr", "l_minor", "l_seats", "l_renewal_on", "l_notice_on", "l_state")
    return answers
