"""Today's values of contracts as kept in a row per customer (CurrentState), for Fields to read.

Whoever finds that not every row can be relied upon reads the ledger: slower, and as right.
"""

from datetime import date

from django.db.models import FilteredRelation, Q

from banso.core import sql
from banso.core.scope import current_workspace, current_workspace_id

HERE = "now_here"

_STALE = """
SELECT EXISTS (SELECT FROM customers_currentstate
        WHERE workspace_id = %(workspace)s AND until IS NULL)
    OR EXISTS (SELECT FROM customers_currentstate
        WHERE workspace_id = %(workspace)s AND until <= %(on)s)
    OR EXISTS (SELECT FROM customers_currentstate
        WHERE workspace_id = %(workspace)s AND since > %(on)s)
"""


def is_kept(on: date) -> bool:
    """Whether every row says what the ledger says of the day `on`: never but of today. 1 query."""
    return on == current_workspace().today() and not has_stale_rows(on)


def has_stale_rows(on: date) -> bool:
    """Whether any row of the open workspace may differ from what the ledger says of `on`. 1 query."""
    return bool(sql.rows(_STALE, {"on": on})[0][0])


def join() -> FilteredRelation:
    """A customer's row, by an index that begins with the workspace."""
    return FilteredRelation("now", condition=Q(now__workspace=current_workspace_id()))
