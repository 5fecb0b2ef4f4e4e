"""Who does what the rest of a transaction does, told to the triggers that write it down."""

from datetime import date
from uuid import UUID

from banso.core import sql
from banso.core.scope import current_workspace

_SIGN = "SELECT set_config('banso.by', %(by)s, true), set_config('banso.on', %(on)s, true)"


def sign(by: UUID | None, *, on: date | None = None) -> None:
    """What triggers note until this transaction ends is `by`'s, and takes effect on the local day
    `on` (today). None: the program's own. 1 query, which must run inside a transaction.
    """
    day = on or current_workspace().today()
    facts = {"by": str(by or ""), "on": day.isoformat()}
    sql.run_for_all(_SIGN, facts, reason="it is about this transaction, not about rows")
