"""What Fields of the health room compute: one customer's values as of a day."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    ExpressionWrapper,
    F,
    Field,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import BaseExpression

from banso.insight.health.models import Judgement, Score

FRESH_DAYS = 7
POINTS: "Field[Any, Any]" = DecimalField(max_digits=5, decimal_places=1, null=True)


def score(on: date) -> BaseExpression:
    """The score of the day, or the latest of the seven days before."""
    return _latest(on, "score")


def band(on: date) -> BaseExpression:
    return _latest(on, "band")


def risk(on: date) -> BaseExpression:
    """What Today is ordered by, on the very day: risk × MRR × nearness (lib/priority.py)."""
    rows: QuerySet[Score] = Score.objects.filter(customer=OuterRef("pk"), day=on)
    return Subquery(rows.values("priority")[:1])


def reason(on: date) -> BaseExpression:
    """The coded reason of the score, to be worded for the reader."""
    return _latest(on, "reason")


def coverage(on: date) -> BaseExpression:
    return _latest(on, "coverage")


def change_7(on: date) -> BaseExpression:
    """Points gained against a week before; null where either score is missing."""
    earlier = score(on - timedelta(days=FRESH_DAYS))
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
