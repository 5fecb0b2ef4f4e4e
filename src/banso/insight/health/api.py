"""REST of the health room: scores with their reasons, history, judgements, alerts."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.core.idempotency import creates
from banso.core.scope import current_workspace
from banso.insight.health import queries, services
from banso.insight.health.models import Alert, Judgement
from banso.insight.health.wording import measure_value, reason_text

router = Router(tags=["health"])


class Measure(Schema):
    """`contribution` of `most` points; both null where there is no data."""

    key: str
    label: str
    value: Any
    words: str
    weight: int
    score: float | None
    contribution: float | None
    most: float | None
    counts: bool
    score_before: float | None


class HealthOut(Schema):
    """`score` is 0 to 100, higher is healthier; null is withheld. `reason` in words."""

    customer_id: UUID
    day: date
    score: float | None
    band: str | None
    scorecard: str | None
    version: int | None
    coverage: float | None
    measures_known: int
    measures_all: int
    ceiling: int | None
    reason_code: str | None
    reason: str | None
    measures: list[Measure]


class PointOut(Schema):
    day: date
    score: float | None
    band: str


class JudgementIn(Body):
    """`expires_on` left out: 90 days."""

    mood: Text = Field(max_length=10)
    note: Text = Field("", max_length=4000)
    expires_on: date | None = None


class JudgementOut(Schema):
    mood: str
    note: str
    made_on: date
    expires_on: date


class AlertOut(Schema):
    id: UUID
    customer_id: UUID
    opened_on: date
    band: str
    from_score: Decimal | None
    to_score: Decimal
    reason: str

    @staticmethod
    def resolve_reason(alert: Alert) -> str:
        return reason_text(alert.reason)


At = Annotated[date | None, Query(description="The day as of which; left out: today.")]


@router.get(
    "/customers/{uuid:customer_id}/health",
    response=HealthOut,
    summary=_("Get the health score of a customer"),
)
@requires("health.read")
def health(request: Request, customer_id: UUID, at: At = None) -> dict[str, Any]:
    """A customer's score of a day and why; all null when the customer has none that day."""
    return _out(queries.explain(customer_id, at or current_workspace().today()))


@router.get(
    "/customers/{uuid:customer_id}/health/history",
    response=list[PointOut],
    summary=_("List the health scores of a customer"),
)
@requires("health.read")
def history(
    request: Request,
    customer_id: UUID,
    days: Annotated[int, Query(ge=1, le=1100)] = 180,
) -> list[queries.Point]:
    """A score a day up to today, oldest first."""
    on = current_workspace().today()
    return queries.history(queries.explain(customer_id, on).customer.pk, on, days)


@router.post(
    "/customers/{uuid:customer_id}/judgements",
    response={201: JudgementOut},
    summary=_("Judge the health of a customer"),
)
@requires("health.judge")
@creates
def judge(request: Request, customer_id: UUID, body: JudgementIn) -> Status[Judgement]:
    """What the caller thinks of the customer counts from today."""
    return Status(201, services.judge(customer_id, **body.dict(), by=request.person))


@router.get("/alerts", response=list[AlertOut], summary=_("List open alerts"))
@requires("health.read")
def alerts(request: Request) -> list[Alert]:
    """Alerts that stand open, latest first; at most 200."""
    return queries.open_alerts()


def _out(found: queries.Explanation) -> dict[str, Any]:
    score = found.score
    base = {
        "customer_id": found.customer.pk,
        "day": found.day,
        "measures": [_measure(line) for line in found.lines],
    }
    names = ("score", "band", "scorecard", "version", "coverage", "ceiling")
    if score is None:
        empty = dict.fromkeys((*names, "reason_code", "reason"))
        return {**base, **empty, "measures_known": 0, "measures_all": 0}
    return {
        **base,
        **{name: getattr(score, name) for name in names},
        "measures_known": score.measures_known,
        "measures_all": score.measures_all,
        "reason_code": score.reason.get("code"),
        "reason": reason_text(score.reason),
    }


def _measure(line: queries.MeasureLine) -> dict[str, Any]:
    names = ("key", "weight", "score", "contribution", "most", "counts", "score_before")
    return {
        **{name: getattr(line, name) for name in names},
        "label": str(line.label),
        "value": line.stored.get("value"),
        "words": measure_value(line.stored),
    }
