"""How large the ledger is."""

from banso.core.sql import rows

FEW_LINES = 20_000  # so many are read in a blink
_LINES = """
SELECT count(*) FROM (
    SELECT 1 FROM customers_contractchange WHERE workspace_id = %(workspace)s LIMIT %(limit)s
) lines
"""


def is_small_ledger() -> bool:
    """Whether its figures can be worked out while a page waits for them. 1 query."""
    ((lines,),) = rows(_LINES, {"limit": FEW_LINES + 1})
    return int(lines) <= FEW_LINES
