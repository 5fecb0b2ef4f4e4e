"""Scores that moved within a week or so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from banso.core import sql
from banso.core.models import Person
from banso.core.scope import current_workspace_id
from banso.insight.health.models import Score, ScoreRun
from banso.insight.health.queries.lists import scores_of
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


@dataclass(frozen=True, slots=True)
class Move:
    """How far a customer's score went between two days."""

    customer_id: UUID
    name: str
    before: Decimal
    now: Decimal
    change: Decimal
    band_before: str
    band: str
    reason: dict[str, Any]


def score_moves(
    on: date, days: int = 7, *, owner: Person | None = None, at_least: int = 5, limit: int = 20
) -> list[Move]:
    """Scores that moved by `at_least` points or more within `days`, falls first, greatest first.

    Compared with the latest score of the week before that day, by the same scorecard. Of everybody
    in a large book, who moved most is looked for once a minute; what is said of them is of now.
    2 queries, or 3.
    """
    ensure_scores(on)
    scores = scores_of(on, owner)
    if owner is None and _are_many(on):
        scores = scores.filter(customer__in=_most_moved(on, days, at_least, limit))
    moved = _moved(scores, on - timedelta(days=days)).filter(
        Q(change__gte=at_least) | Q(change__lte=-at_least)
    )
    ordered = moved.select_related("customer").defer("measures").order_by("change")
    return [_move(score) for score in ordered[:limit]]


def _moved(scores: "QuerySet[Score]", then: date) -> "QuerySet[Any]":
    earlier = Score.objects.filter(
        day__lte=then,
        day__gte=then - timedelta(days=7),
        customer=OuterRef("customer"),
        scorecard=OuterRef("scorecard"),
        version=OuterRef("version"),
        score__isnull=False,
    )
    before = earlier.order_by("-day")
    return (
        scores.filter(score__isnull=False)
        .annotate(
            before=Subquery(before.values("score")[:1]),
            band_before=Subquery(before.values("band")[:1]),
        )
        .annotate(change=F("score") - F("before"))
    )


def _are_many(on: date) -> bool:
    return bool(ScoreRun.objects.filter(day=on, customers__gte=MANY).exists())


def _most_moved(on: date, days: int, at_least: int, limit: int) -> Sequence[UUID]:
    """More than are asked for, since some may be in the bin or have moved back in the meantime."""
    key = f"health.moved:{current_workspace_id()}:{on}:{days}:{at_least}"
    found: Sequence[UUID] | None = cache.get(key)
    if found is None:
        then = on - timedelta(days=days)
        asked: dict[str, Any] = {"on": on, "then": then, "since": then - timedelta(days=7)}
        asked |= {"at_least": at_least, "limit": max(CANDIDATES, 2 * limit)}
        found = [row[0] for row in sql.rows(_MOST_MOVED, asked)]
        cache.set(key, found, LOOKED_AT)
    return found


def _move(score: Any) -> Move:
    return Move(
        customer_id=score.customer_id,
        name=score.customer.name,
        before=score.before,
        now=score.score,
        change=score.change,
        band_before=score.band_before,
        band=score.band,
        reason=score.reason,
    )
