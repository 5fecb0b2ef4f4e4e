from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banso.core.models import Workspace
from banso.core.scope import current_workspace
from banso.insight.health import reasons
from banso.insight.health.bands import band_of
from banso.insight.health.facts import Facts, Setting, read_facts, setting_of
from banso.insight.health.models import Score, ScoreRun
from banso.insight.health.scorecards import (
    Mark,
    Scorecard,
    applicable,
    card_for,
    ceiling,
    mark,
    sum_up,
)
from banso.insight.health.services.alerts import close_for, follow, previous_scores
from banso.insight.health.services.stamps import stamp_now
from banso.lib.priority import priority

BATCH = 1000
KEYS = ["workspace", "customer", "day"]
VALUES = [
    field.attname
    for field in Score._meta.concrete_fields
    if field.name not in {"id", "workspace", "customer", "day"}
]
# Usage measures that any usage at all feeds; the others need people, seats or more.
BASIC_USAGE = frozenset({"usage.trend_28", "usage.features_28"})


@dataclass(frozen=True, slots=True)
class Marked:
    """A customer's facts with the marks of the scorecard that fits."""

    facts: Facts
    card: Scorecard
    marks: list[Mark]


@transaction.atomic
def score_customers(on: date, customer_ids: Sequence[UUID] | None = None) -> int:
    """Every customer of the local day `on` (or of the given ones) has a Score row; how many.

    Customers whose contract has ended, or who had not signed up yet, have none. Twice is
    once. Alerts open and close only when `on` is the workspace's today. One scorer at a time
    in a workspace. Publishes health.alert_raised, alert_worsened and alert_closed.
    Cost: about 15 queries, and one insert per 1,000 customers.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace().pk)
    stamp, setting = stamp_now(), setting_of(on)
    marked = [_marked(facts) for facts in read_facts(setting, customer_ids) if facts.is_scored]
    known = _known_measures(setting, marked)
    if customer_ids is not None and _is_news(on, known):
        return score_customers(on)
    scores = [_score(one, known) for one in marked]
    _store(on, scores, customer_ids)
    if on == current_workspace().today():
        owned = {m.facts.customer_id for m in marked if _has_owner(m.facts)}
        follow(scores, previous_scores(on, customer_ids), owned=owned)
        close_for(customer_ids, keep=[score.customer_id for score in scores], on=on)
    if customer_ids is None:
        _note_run(on, stamp, known, len(scores))
    return len(scores)


def _marked(facts: Facts) -> Marked:
    card = card_for(facts)
    return Marked(facts, card, mark(card, facts))


def _known_measures(setting: Setting, marked: Iterable[Marked]) -> set[str]:
    """Measures the workspace has ever had data for: in an earlier run, or now."""
    earlier = ScoreRun.objects.filter(day__lte=setting.on).order_by("-day").first()
    known = set(earlier.known if earlier else ())
    for one in marked:
        known.update(mark.measure.key for mark in one.marks if mark.score is not None)
    return known | BASIC_USAGE if setting.usage_is_stale else known


def _is_news(on: date, known: set[str]) -> bool:
    """Data of a kind the workspace never had: everybody's coverage changes."""
    run = ScoreRun.objects.filter(day=on).first()
    return run is not None and not known <= set(run.known)


def _score(one: Marked, known: set[str]) -> Score:
    facts, marks = one.facts, applicable(one.marks, known)
    total = sum_up(marks, facts)
    points = None if total.score is None else round(total.score, 1)
    band = band_of(points)
    reason = reasons.most_telling(reasons.case_of(facts, marks, total, band))
    return Score(
        customer_id=facts.customer_id,
        day=facts.on,
        scorecard=one.card.key,
        version=one.card.version,
        score=None if points is None else Decimal(str(points)),
        band=band,
        measures_known=total.known,
        measures_all=total.all,
        coverage=Decimal(str(round(total.coverage, 3))),
        ceiling=ceiling(facts),
        measures=[mark.stored() for mark in one.marks],
        reason=reason.stored(),
        **_rank(facts, points, reasons.gravity(reason)),
    )


def _rank(facts: Facts, points: float | None, signal: float) -> dict[str, Any]:
    mrr = facts["customers.mrr"]
    kind, day = facts.deadline or ("", None)
    rank = priority(
        points,
        mrr=None if mrr is None else float(mrr),
        days_to_deadline=facts.days_to_deadline,
        signal=signal,
    )
    return {"mrr": mrr, "deadline_on": day, "deadline_kind": kind, "priority": rank}


def _store(on: date, scores: list[Score], customer_ids: Sequence[UUID] | None) -> None:
    scope = Score.objects.filter(day=on)
    if customer_ids is not None:
        scope = scope.filter(customer_id__in=customer_ids)
    scope.exclude(customer_id__in=[score.customer_id for score in scores]).delete()
    Score.objects.bulk_create(
        scores, batch_size=BATCH, update_conflicts=True, unique_fields=KEYS, update_fields=VALUES
    )


def _has_owner(facts: Facts) -> bool:
    return facts["main_owner_id"] is not None or facts["sub_owner_id"] is not None


def _note_run(on: date, stamp: str, known: set[str], customers: int) -> None:
    values = {"stamp": stamp, "known": sorted(known), "customers": customers}
    ScoreRun.objects.update_or_create(day=on, defaults={**values, "finished_at": timezone.now()})
