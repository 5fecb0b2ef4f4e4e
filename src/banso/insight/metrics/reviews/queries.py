"""What the pages of targets and reviews show."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.insight.metrics.models import Decision, Review, ReviewClosing, Target
from banso.insight.metrics.reviews.answers import (
    Answers,
    Line,
    Mover,
    answers_now,
)
from banso.insight.metrics.reviews.frozen import from_json
from banso.lib.periods import Period, period_of

OFFERED = 4  # quarters that a review may be begun of, besides those that have one


@dataclass(frozen=True, slots=True)
class Row:
    """A KPI of a review. `now`: what the ledger says today, where that is something else."""

    line: Line
    now: Line | None
    note: str


@dataclass(frozen=True, slots=True)
class NamedMover:
    """`name` is empty for a customer who is gone."""

    mover: Mover
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A review as its page shows it: frozen where it is closed."""

    review: Review
    closing: ReviewClosing | None
    answers: Answers
    rows: list[Row]
    movers: list[NamedMover]
    summary: str
    decisions: list[Decision]
    following: Period
    closed_before: list[ReviewClosing]

    @property
    def period(self) -> Period:
        return self.review.period

    @property
    def is_over(self) -> bool:
        return self.period.last_day < current_workspace().today()

    @property
    def has_words(self) -> bool:
        return bool(self.summary) or any(row.note for row in self.rows)

    @property
    def has_moved(self) -> bool:
        """Whether the ledger says something else now than when the review was closed."""
        return any(row.now for row in self.rows)


def shown(review_id: UUID) -> Shown:
    """Everything of one review. Raises Review.DoesNotExist outside this workspace.

    8 queries and those of the figures.
    """
    review: Review = Review.objects.get(pk=review_id)
    closings = list(review.closings.select_related("by", "reopened_by").order_by("-pk"))
    standing = next((one for one in closings if one.reopened_at is None), None)
    live = answers_now(review.period)
    answers = from_json(standing.frozen) if standing else live
    notes = {one.kpi: one.text for one in review.notes.all()}
    following = period_of(review.period.end, "quarter", review.fiscal_start)
    return Shown(
        review=review,
        closing=standing,
        answers=answers,
        rows=_rows(answers, live, notes) if standing else _rows(answers, None, notes),
        movers=named(answers.moves.movers),
        summary=notes.get("", ""),
        decisions=decisions_of(review),
        following=following,
        closed_before=[one for one in closings if one.reopened_at is not None],
    )


def _rows(answers: Answers, live: Answers | None, notes: dict[str, str]) -> list[Row]:
    now = {one.kpi: one for one in live.lines} if live else {}
    return [
        Row(one, _moved(one, now.get(one.kpi)), notes.get(one.kpi, "")) for one in answers.lines
    ]


def _moved(line: Line, now: Line | None) -> Line | None:
    """What stands now, where it is no more what was said."""
    same = now is None or (now.value, now.currency) == (line.value, line.currency)
    return None if same else now


def named(movers: Iterable[Mover]) -> list[NamedMover]:
    """With the names that customers have now. 1 query."""
    listed = list(movers)
    rows = Customer.objects.filter(pk__in=[one.entity for one in listed], deleted_at=None)
    names = {str(pk): name for pk, name in rows.values_list("pk", "name")}
    return [NamedMover(one, names.get(one.entity, "")) for one in listed]


def decisions_of(review: Review) -> list[Decision]:
    """What stands of it, in the order in which it was decided. 1 query."""
    rows = review.decisions.filter(voided_at=None).select_related("owner", "task")
    return list(rows.order_by("pk"))


def reviews() -> "QuerySet[Any]":
    """Every review with whether it `is_closed`, the latest quarter first. 1 query."""
    standing = ReviewClosing.objects.filter(review=OuterRef("pk"), reopened_at=None)
    rows: QuerySet[Any] = Review.objects.annotate(is_closed=Exists(standing))
    return rows.order_by("-starts_on")


def to_begin(on: date) -> list[Period]:
    """The latest quarters that have no review yet, the latest that is over first. 1 query."""
    quarter = period_of(on, "quarter", current_workspace().fiscal_start_month)
    found = [quarter.before, quarter]
    while len(found) < OFFERED:
        found.append(min(found).before)
    begun = set(Review.objects.values_list("starts_on", flat=True))
    return [one for one in found if one.start not in begun]


def every_target(kpis: Collection[str] = ()) -> "QuerySet[Target]":
    """The targets that stand, the latest period first. 1 query."""
    rows: QuerySet[Target] = Target.objects.filter(voided_at=None).select_related("by")
    return (rows.filter(kpi__in=kpis) if kpis else rows).order_by("-starts_on", "kind", "kpi")


def as_given(value: Decimal, unit: str) -> str:
    """A target as people write it in a form: 93.5 for a share of 0.935, 1,200,000."""
    shown = value * 100 if unit == "share" else value
    text = f"{shown:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
