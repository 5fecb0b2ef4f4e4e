"""What Fields of the health room compute: one customer's values as of a day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    ExpressionWrapper,
    F,
    Field,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import BaseExpression

from banso.core.scope import current_workspace_id
from banso.insight.health.models import Judgement, Score

FRESH_DAYS = 7
POINTS: "Field[Any, Any]" = DecimalField(max_digits=5, decimal_places=1, null=True)


def scores(on: date) -> dict[str, FilteredRelation]:
    """The customers' scores of the day `on`, joined by an index that begins with the workspace."""
    of_the_day = Q(scores__workspace=current_workspace_id(), scores__day=on)
    return {_alias(on): FilteredRelation("scores", condition=of_the_day)}


def _alias(on: date) -> str:
    return f"health_{on:%Y%m%d}"


def _of_the_day(column: str) -> Callable[[date], F]:
    def expression(on: date) -> F:
        return F(f"{_alias(on)}__{column}")

    return expression


# Of the very day: read once the day is scored (Field.prepare), by the join of `scores`.
score, band, reason, coverage = map(_of_the_day, ("score", "band", "reason", "coverage"))
risk = _of_the_day("priority")  # what Today is ordered by: risk × MRR × nearness


def change_7(on: date) -> BaseExpression:
    """Points gained against a week before; null where either score is missing."""
    earlier = _latest(on - timedelta(days=FRESH_DAYS), "score")
    return ExpressionWrapper(score(on) - earlier, output_field=POINTS)  # type: ignore[operator]


def judgement(on: date) -> BaseExpression:
    """The mood of the latest judgement made by then, null once it has expired."""
    made = Judgement.objects.filter(customer=OuterRef("pk"), made_on__lte=on)
    still_held = Case(
        When(expires_on__gt=on, then=F("mood")),
        default=Value(None, output_field=CharField(null=True)),
    )
    return Subquery(
        made.order_by("-made_on", "-id").annotate(held=still_held).values("held")[:1],
        output_field=CharField(null=True),
    )


def _latest(on: date, column: str) -> BaseExpression:
    since = on - timedelta(days=FRESH_DAYS)
    rows: QuerySet[Score] = Score.objects.filter(
        customer=OuterRef("pk"), day__lte=on, day__gte=since
    )
    return Subquery(rows.order_by("-day").values(column)[:1])
