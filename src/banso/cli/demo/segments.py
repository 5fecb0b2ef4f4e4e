"""Segments the team saved, with who came and left in the last weeks, and a proposal that waits."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from banso.cli.demo.dates import moment
from banso.cli.demo.ground import begins_on
from banso.core.models import Person
from banso.customers import services
from banso.customers.models import (
    CurrentState,
    Segment,
    SegmentMember,
    SegmentMove,
    Stage,
    StageChange,
    Tier,
    TierProposal,
)
from banso.insight.health.models import Score

SHOWN_DAYS, NEAR, LATELY = 60, 90, 7
SHAKY_BELOW = 70
DUE, SHAKY, BEGINNING, LARGE = (
    "更新90日以内のハイタッチ", "要フォロー（注意・危険）", "オンボーディング中", "月額20万円以上",
)  # fmt: skip
SEGMENTS: tuple[tuple[str, list[dict[str, object]], str], ...] = (
    (
        DUE,
        [
            {"field": "customers.tier", "op": "is", "value": "high"},
            {"field": "customers.days_to_deadline", "op": "lte", "value": 90},
        ],
        "customers.days_to_deadline",
    ),
    (
        SHAKY,
        [{"field": "health.score", "op": "lt", "value": 70}],
        "health.score",
    ),
    (
        "推進者が不在",
        [{"field": "customers.champion", "op": "is", "value": "gone"}],
        "-customers.mrr",
    ),
    (
        BEGINNING,
        [{"field": "customers.stage", "op": "is", "value": "onboarding"}],
        "-customers.stage_days",
    ),
    (
        LARGE,
        [{"field": "customers.mrr", "op": "gte", "value": "200000"}],
        "-customers.mrr",
    ),
    (
        "ライセンス超過（拡大の相談）",
        [{"field": "usage.seat_share_28", "op": "gte", "value": 1}],
        "-usage.seat_share_28",
    ),
)


class Step(NamedTuple):
    """A customer came into a segment or left it on a day."""

    customer_id: UUID
    on: date
    entered: bool


def write_segments(head: Person, today: date) -> None:
    """The filters the team saved, their members of today, and how these came to be."""
    at = moment(begins_on(today), 15)
    Segment.objects.bulk_create(
        Segment(
            name=name,
            conditions=conditions,
            sort=sort,
            by=head,
            created_at=at,
            tier=Tier.HIGH if name == LARGE else "",
        )
        for name, conditions, sort in SEGMENTS
    )
    services.retest_everybody()
    Segment.objects.update(filled_at=at)
    SegmentMember.objects.update(since=today - timedelta(days=SHOWN_DAYS))
    for name, steps in ((DUE, _due(today)), (SHAKY, _shaky(today)), (BEGINNING, _stages(today))):
        _tell(Segment.objects.get(name=name), sorted(steps, key=itemgetter(1)))
    TierProposal.objects.update(proposed_at=moment(today - timedelta(days=2), 6))


def _tell(segment: Segment, steps: Iterable[Step]) -> None:
    """Nobody is told of who is a member today without having come, or left without being one."""
    listed = list(steps)
    members = set(segment.members.values_list("customer_id", flat=True))
    latest = {one.customer_id: one for one in listed}
    true = {pk for pk, one in latest.items() if one.entered == (pk in members)}
    told = [one for one in listed if one.customer_id in true]
    SegmentMove.objects.bulk_create(
        SegmentMove(
            segment=segment,
            **one._asdict(),
            cause=SegmentMove.Cause.VALUES,
            changed=segment.conditions[-1:],
            at=moment(one.on, 0),
        )
        for one in told
    )
    for day, these in groupby(sorted(told, key=itemgetter(1)), key=itemgetter(1)):
        ids = [one.customer_id for one in these if one.entered]
        SegmentMember.objects.filter(segment=segment, customer__in=ids).update(since=day)


def _due(today: date) -> Iterator[Step]:
    """Deadlines came near."""
    for pk, day in CurrentState.objects.exclude(deadline_on=None).values_list("pk", "deadline_on"):
        on = day - timedelta(days=NEAR)
        if today - timedelta(days=SHOWN_DAYS) < on <= today:
            yield Step(pk, on, entered=True)


def _shaky(today: date) -> Iterator[Step]:
    """Scores crossed the edge, as far back as everybody is scored every day."""
    since = today - timedelta(days=LATELY)
    rows = Score.objects.filter(day__gt=since).order_by("customer_id", "day")
    known = rows.exclude(score=None).values_list("customer_id", "day", "score")
    yield from _crossings((pk, day, score < SHAKY_BELOW) for pk, day, score in known)


def _stages(today: date) -> Iterator[Step]:
    """Onboarding began or ended."""
    rows = StageChange.objects.order_by("customer_id", "entered_on", "pk")
    known = rows.values_list("customer_id", "entered_on", "stage")
    steps = _crossings((pk, day, stage == Stage.ONBOARDING) for pk, day, stage in known)
    return (one for one in steps if one.on > today - timedelta(days=SHOWN_DAYS))


def _crossings(rows: Iterable[tuple[UUID, date, bool]]) -> Iterator[Step]:
    """Where what is told of a customer changes from one row to the next."""
    for pk, theirs in groupby(rows, key=itemgetter(0)):
        before: Any = None
        for _pk, day, fits in theirs:
            if before is not None and fits != before:
                yield Step(pk, day, entered=fits)
            before = fits
