"""Scores that moved within a week or so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.cache import cache

from banso.core import sql
from banso.core.scope import current_workspace_id
from banso.customers.queries import Owned
from banso.insight.health.models import ScoreRun
from banso.insight.health.services import ensure_scores

MANY = 10_000  # scores of a day: to compare all of them takes a twentieth of a second from here on
LOOKED_AT = 60  # seconds for which it is remembered who moved most, where there are many
CANDIDATES = 50

# The same day of the earlier week first, for nearly all have a score there; else the last before.
_MOST_MOVED = """
WITH now AS (
    SELECT customer_id, scorecard, version, score FROM health_score
    WHERE workspace_id = %(workspace)s AND day = %(on)s AND score IS NOT NULL
), earlier AS (
    SELECT customer_id, scorecard, version, score FROM health_score
    WHERE workspace_id = %(workspace)s AND day = %(then)s AND score IS NOT NULL
)
SELECT customer_id FROM (
    SELECT customer_id, now.score - coalesce(earlier.score, (
        SELECT one.score FROM health_score one
        WHERE one.workspace_id = %(workspace)s AND one.customer_id = now.customer_id
            AND one.day BETWEEN %(since)s AND %(then)s AND one.scorecard = now.scorecard
            AND one.version = now.version AND one.score IS NOT NULL
        ORDER BY one.day DESC LIMIT 1
    )) AS change
    FROM now LEFT JOIN earlier USING (customer_id, scorecard, version)
) AS moved
WHERE abs(change) >= %(at_least)s ORDER BY change LIMIT %(limit)s
"""


_MOVES = """
SELECT customer.id, customer.name, before.score, now.score, now.score - before.score, now.reason
FROM health_score now
JOIN customers_customer customer ON customer.id = now.customer_id AND customer.deleted_at IS NULL
CROSS JOIN LATERAL (
    SELECT one.score FROM health_score one
    WHERE one.workspace_id = %(workspace)s AND one.customer_id = now.customer_id
        AND one.day BETWEEN %(since)s AND %(then)s AND one.scorecard = now.scorecard
        AND one.version = now.version AND one.score IS NOT NULL
    ORDER BY one.day DESC LIMIT 1
) AS before
WHERE now.workspace_id = %(workspace)s AND now.day = %(on)s AND {whose}
    AND abs(now.score - before.score) >= %(at_least)s
ORDER BY 5, 1 LIMIT %(limit)s
"""
_EVERYBODYS = "TRUE"
_OF_THESE = "now.customer_id = ANY(%(ids)s)"
_OF_OWNER = "(customer.main_owner_id = %(owner)s OR customer.sub_owner_id = %(owner)s)"


@dataclass(frozen=True, slots=True)
class Move:
    """How far a customer's score went between two days."""

    customer_id: UUID
    name: str
    before: Decimal
    now: Decimal
    change: Decimal
    reason: dict[str, Any]


def score_moves(
    on: date,
    days: int = 7,
    *,
    owner: Owned | None = None,
    at_least: int = 5,
    limit: int = 20,
    is_scored: bool = False,
) -> list[Move]:
    """Scores that moved by `at_least` points or more within `days`, falls first, greatest first.

    Compared with the latest score of the week before that day, by the same scorecard. Of everybody
    in a large book, who moved most is looked for once a minute; what is said of them is of now.
    `is_scored`: the caller has had the day scored. 1 query, or 3, beside scoring.
    """
    if not is_scored:
        ensure_scores(on)
    then = on - timedelta(days=days)
    asked: dict[str, Any] = {"on": on, "then": then, "since": then - timedelta(days=7)}
    asked |= {"at_least": at_least, "limit": limit}
    whose, those = _whose(owner, asked)
    found = sql.rows(_MOVES.format(whose=whose), asked | those)
    return [
        Move(pk, name, before, now, change, json.loads(reason))
        for pk, name, before, now, change, reason in found
    ]


def _whose(owner: Owned | None, asked: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Of whom it is asked, in SQL, and its values."""
    if owner is None and _are_many(asked["on"]):
        return _OF_THESE, {"ids": _most_moved(asked)}
    if owner is None:
        return _EVERYBODYS, {}
    if owner.few is None:
        return _OF_OWNER, {"owner": owner.person_id}
    return _OF_THESE, {"ids": list(owner.few)}


def _are_many(on: date) -> bool:
    return bool(ScoreRun.objects.filter(day=on, customers__gte=MANY).exists())


def _most_moved(asked: dict[str, Any]) -> Sequence[UUID]:
    """More than are asked for, since some may be in the bin or have moved back in the meantime."""
    day, then, at_least = asked["on"], asked["then"], asked["at_least"]
    key = f"health.moved:{current_workspace_id()}:{day}:{then}:{at_least}"
    found: Sequence[UUID] | None = cache.get(key)
    if found is None:
        more = asked | {"limit": max(CANDIDATES, 2 * asked["limit"])}
        found = [row[0] for row in sql.rows(_MOST_MOVED, more)]
        cache.set(key, found, LOOKED_AT)
    return found
