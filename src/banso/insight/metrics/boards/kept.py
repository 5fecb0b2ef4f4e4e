"""The dashboard as it was worked out last, and whether it is still true."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from banso.core.scope import current_workspace
from banso.core.snapshots import is_snapshot, written_since
from banso.core.sql import rows
from banso.insight.metrics.boards.dashboard import Board, Chosen, dashboard, from_json
from banso.insight.metrics.models import KeptBoard
from banso.insight.metrics.queries import is_small_ledger
from banso.lib.periods import Period, period_of

# What moves figures: contracts and their customers, files, and what the workspace tells the figures.
_MOVING = r"""
name LIKE 'customers.%%' AND name NOT LIKE 'customers.segment\_%%' AND name NOT LIKE 'customers.contact\_%%'
    AND name NOT IN ('customers.customer_contacted', 'customers.offer_made', 'customers.renewal_planned')
    OR name LIKE 'core.import\_%%' OR name LIKE 'metrics.rate\_%%' OR name LIKE 'metrics.rules\_%%'
    OR name LIKE 'metrics.cost\_%%' OR name LIKE 'metrics.fte\_%%'
"""
_MOVED = """
SELECT 1 FROM core_event WHERE workspace_id = %(workspace)s AND ({moving}) AND {written} LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A dashboard, None while it is worked out for the first time; and whether it is still true."""

    board: Board | None
    made_at: datetime
    is_current: bool


def board(chosen: Chosen) -> Shown:
    """The dashboard: as it was kept where that is still true, else from a small ledger at once.

    Of a large ledger that has moved since: as it was kept, `is_current` False, until a job that the
    caller asks for (`services.work_out_soon`) has worked it out anew. At most 3 queries, but for a
    small ledger's own.
    """
    kept = KeptBoard.objects.filter(asked=name_of(chosen)).first()
    if kept is not None and is_true(kept):
        return Shown(from_json(kept.board), kept.made_at, True)
    if is_small_ledger():
        return Shown(dashboard(chosen), timezone.now(), True)
    if kept is None:
        return Shown(None, timezone.now(), False)
    return Shown(from_json(kept.board), kept.made_at, False)


def is_true(kept: KeptBoard) -> bool:
    """Whether it is of today and nothing has moved figures since. At most 1 query."""
    if kept.on != current_workspace().today() or not is_snapshot(kept.stamp.partition("+")[0]):
        return False
    written, values = written_since(kept.stamp)
    return not rows(_MOVED.format(moving=_MOVING, written=written), values)


def usual() -> Chosen:
    """The dashboard that opens: of the month that runs."""
    workspace = current_workspace()
    return Chosen(period_of(workspace.today(), "month", workspace.fiscal_start_month))


def name_of(chosen: Chosen) -> str:
    """What the dashboard is kept under."""
    return hashlib.sha256(json.dumps(words_of(chosen), sort_keys=True).encode()).hexdigest()


def words_of(chosen: Chosen) -> dict[str, Any]:
    """What is chosen, as a job carries it."""
    period = chosen.period
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "kind": period.kind,
        "fiscal_start": period.fiscal_start,
        "unit": chosen.unit,
        "attributes": chosen.attributes,
        "known_at": chosen.known_at.isoformat() if chosen.known_at else None,
    }


def from_words(words: Mapping[str, Any]) -> Chosen:
    """`words_of` read back."""
    start, end = (date.fromisoformat(words[name]) for name in ("start", "end"))
    known_at = words["known_at"]
    return Chosen(
        Period(start, end, words["kind"], words["fiscal_start"]),
        unit=words["unit"],
        attributes=words["attributes"],
        known_at=datetime.fromisoformat(known_at) if known_at else None,
    )
