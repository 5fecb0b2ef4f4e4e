from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from banso.core.declarations import Words
from banso.customers.fields import known_field
from banso.customers.models import Customer
from banso.insight.health.models import Judgement, Score, ScoreRun
from banso.insight.health.scorecards import SCORECARDS
from banso.insight.health.services import score_on

COMPARED_DAYS = 7


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure of a score. `contribution` of `most` points came from it; None: no data.

    `stored` and `stored_before` are worded by `wording.measure_value`; `counts` is False for
    what the workspace never had data for; `rows_url` opens what the value is made of.
    """

    key: str
    label: Words
    weight: int
    score: float | None
    contribution: float | None
    most: float | None
    counts: bool
    stored: dict[str, Any]
    stored_before: dict[str, Any] | None
    score_before: float | None
    rows_url: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a customer has the score of a day. `score` None: there is none on that day."""

    customer: Customer
    day: date
    score: Score | None
    before: Score | None
    card_label: Words
    lines: tuple[MeasureLine, ...]
    judgement: Judgement | None


@dataclass(frozen=True, slots=True)
class Point:
    """A day's score in a history; None when withheld."""

    day: date
    score: Decimal | None
    band: str


def explain(customer_id: UUID, on: date) -> Explanation:
    """The score of the local day `on` with every measure beside its value a week before.

    Raises Customer.DoesNotExist outside this workspace, Refused for a day to come.
    5 queries beside scoring.
    """
    customer = Customer.objects.select_related("main_owner").get(pk=customer_id)
    score = score_on(customer.pk, on)
    before = _week_before(customer, on, score)
    held = Judgement.objects.filter(customer=customer, made_on__lte=on, expires_on__gt=on)
    card = SCORECARDS.get(score.scorecard) if score else None
    return Explanation(
        customer=customer,
        day=on,
        score=score,
        before=before,
        card_label=card.label if card else "",
        lines=_lines(score, before) if score else (),
        judgement=held.select_related("by").order_by("-made_on", "-id").first(),
    )


def history(customer_id: UUID, on: date, days: int = 180) -> list[Point]:
    """A score a day up to `on`, oldest first; days without a score are left out. 1 query."""
    since = on - timedelta(days=days)
    rows = Score.objects.filter(customer_id=customer_id, day__gt=since, day__lte=on)
    values = rows.order_by("day").values_list("day", "score", "band")
    return [Point(day, score, band) for day, score, band in values]


def _week_before(customer: Customer, on: date, score: Score | None) -> Score | None:
    if score is None:
        return None
    then = on - timedelta(days=COMPARED_DAYS)
    rows = Score.objects.filter(customer=customer, day__lte=then, day__gte=on - timedelta(days=14))
    found: Score | None = rows.filter(scorecard=score.scorecard).order_by("-day").first()
    return found


def _lines(score: Score, before: Score | None) -> tuple[MeasureLine, ...]:
    run = ScoreRun.objects.filter(day__lte=score.day).order_by("-day").first()
    known = set(run.known) if run else {stored["key"] for stored in score.measures}
    counting = [one for one in score.measures if one["key"] in known and one["score"] is not None]
    whole = sum(one["weight"] for one in counting)
    labels = {measure.key: measure.label for measure in SCORECARDS[score.scorecard].measures}
    earlier = {stored["key"]: stored for stored in before.measures} if before else {}
    return tuple(
        _line(stored, labels, known, whole, earlier, score.customer_id) for stored in score.measures
    )


def _line(
    stored: dict[str, Any],
    labels: Mapping[str, Words],
    known: set[str],
    whole: int,
    earlier: Mapping[str, dict[str, Any]],
    customer_id: UUID,
) -> MeasureLine:
    key, weight, points = stored["key"], stored["weight"], stored["score"]
    counted = points is not None and key in known
    field = known_field(key)
    before = earlier.get(key)
    return MeasureLine(
        key=key,
        label=labels.get(key, key),
        weight=weight,
        score=points,
        contribution=round(weight * points / whole, 1) if counted else None,
        most=round(100 * weight / whole, 1) if counted else None,
        counts=key in known,
        stored=stored,
        stored_before=before,
        score_before=before["score"] if before else None,
        rows_url=field.rows(customer_id) if field and field.rows else "",
    )
