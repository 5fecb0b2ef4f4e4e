"""REST of targets and reviews."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.core.idempotency import creates
from banso.insight.metrics.models import Decision, Review, Target
from banso.insight.metrics.reviews import queries, services
from banso.insight.metrics.reviews.answers import Line
from banso.insight.metrics.reviews.queries import Row, Shown
from banso.insight.metrics.reviews.wording import formula_of, label_of

router = Router(tags=["metrics"])
Kind = Literal["month", "quarter", "half", "year"]
Code = Annotated[Text, Field(max_length=40)]


class AskedTargetsIn(Schema):
    """`kpi`: of this one alone."""

    kpi: Code = ""


class TargetIn(Body):
    """`starts_on` is the period's first day; `value` a fraction of 1, or major units of money."""

    kpi: Code
    kind: Kind
    starts_on: date
    value: Decimal = Field(max_digits=24, decimal_places=8)


class TargetOut(Schema):
    """`value` as a figure's: a fraction of 1, or major units of `currency`."""

    id: UUID
    kpi: str
    kind: str
    starts_on: date
    value: float
    currency: str
    set_at: datetime
    by_id: UUID | None


class LineOut(Schema):
    """A KPI of a review; null is no data. `now`: what the ledger says today, where it has moved."""

    kpi: str
    label: str
    formula: str
    unit: str
    value: float | None
    numerator: float | None
    denominator: float | None
    n: int
    currency: str
    before: float | None
    target: float | None
    met: bool | None
    note: str
    now: float | None


class DecisionOut(Schema):
    id: UUID
    text: str
    owner_id: UUID | None
    due_on: date | None
    task_id: UUID | None


class ReviewOut(Schema):
    """`state` is draft or closed; `period` as in FY2026-Q1."""

    id: UUID
    period: str
    starts_on: date
    state: str


class WholeReviewOut(ReviewOut):
    closed_at: datetime | None
    summary: str
    lines: list[LineOut]
    decisions: list[DecisionOut]


class ReviewIn(Body):
    """`day`: any day of the quarter."""

    day: date


@router.get("/metrics/targets", response=list[TargetOut], summary=_("List targets"))
@requires("metrics.read")
def targets(request: Request, asked: Query[AskedTargetsIn]) -> list[Target]:
    """Targets that stand, the latest period first."""
    return list(queries.every_target([asked.kpi] if asked.kpi else ()))


@router.put("/metrics/targets", response=TargetOut, summary=_("Set a target"))
@requires("metrics.manage")
def set_target(request: Request, body: TargetIn) -> Target:
    """The KPI has this target for the period; one that stood gives way. Repeating is harmless."""
    return services.set_target(**body.dict(), by=request.person)


@router.delete(
    "/metrics/targets/{uuid:target_id}", response={204: None}, summary=_("Take a target away")
)
@requires("metrics.manage")
def void_target(request: Request, target_id: UUID) -> Status[None]:
    """The target counts no more."""
    services.void_target(target_id, by=request.person)
    return Status(204, None)


@router.get("/metrics/reviews", response=list[ReviewOut], summary=_("List quarterly reviews"))
@requires("metrics.read")
def reviews(request: Request) -> list[dict[str, Any]]:
    """Every review, the latest quarter first."""
    return [_brief(one, is_closed=one.is_closed) for one in queries.reviews()]


@router.post(
    "/metrics/reviews", response={201: WholeReviewOut}, summary=_("Begin a quarterly review")
)
@requires("metrics.manage")
@creates
def begin_review(request: Request, body: ReviewIn) -> Status[dict[str, Any]]:
    """The quarter has a review; the one that stands already, if there is one."""
    return Status(201, _whole(services.begin_review(body.day, by=request.person).pk))


@router.get(
    "/metrics/reviews/{uuid:review_id}",
    response=WholeReviewOut,
    summary=_("Get a quarterly review"),
)
@requires("metrics.read")
def review(request: Request, review_id: UUID) -> dict[str, Any]:
    """Frozen figures where it is closed, else what the ledger says now."""
    return _whole(review_id)


@router.put(
    "/metrics/reviews/{uuid:review_id}/closed",
    response=WholeReviewOut,
    summary=_("Close a quarterly review"),
)
@requires("metrics.manage")
def close_review(request: Request, review_id: UUID) -> dict[str, Any]:
    """Its figures stay as they are now."""
    services.close_review(review_id, by=request.person)
    return _whole(review_id)


@router.delete(
    "/metrics/reviews/{uuid:review_id}/closed",
    response=WholeReviewOut,
    summary=_("Open a closed quarterly review again"),
)
@requires("metrics.manage")
def reopen_review(request: Request, review_id: UUID) -> dict[str, Any]:
    """It can be changed again. Repeating is harmless."""
    services.reopen_review(review_id, by=request.person)
    return _whole(review_id)


def _whole(review_id: UUID) -> dict[str, Any]:
    found: Shown = queries.shown(review_id)
    return {
        **_brief(found.review, is_closed=found.closing is not None),
        "closed_at": found.closing.closed_at if found.closing else None,
        "summary": found.summary,
        "lines": [_line(row) for row in found.rows],
        "decisions": [_decision(one) for one in found.decisions],
    }


def _brief(review: Review, *, is_closed: bool) -> dict[str, Any]:
    state = "closed" if is_closed else "draft"
    told = {"period": review.period.code, "starts_on": review.starts_on}
    return {"id": review.pk, **told, "state": state}


def _line(row: Row) -> dict[str, Any]:
    line: Line = row.line
    names = (
        "kpi",
        "unit",
        "value",
        "numerator",
        "denominator",
        "n",
        "currency",
        "before",
        "target",
    )
    return {
        **{name: getattr(line, name) for name in names},
        "label": label_of(line),
        "formula": formula_of(line),
        "met": line.is_met,
        "note": row.note,
        "now": row.now.value if row.now else None,
    }


def _decision(one: Decision) -> dict[str, Any]:
    names = ("text", "owner_id", "due_on", "task_id")
    return {"id": one.pk, **{name: getattr(one, name) for name in names}}
