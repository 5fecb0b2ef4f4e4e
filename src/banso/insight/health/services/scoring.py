from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from banso.core import live
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
from banso.insight.health.services.opportunities import seize
from banso.lib.priority import priority

BATCH = 1000
TOLD_ONE_BY_ONE = 250
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


class News(Exception):
    """Something that changes everybody's score, found while scoring some; nothing is written.

    `known`: the measures that the workspace is now known to have data for.
    """

    def __init__(self, known: set[str]) -> None:
        super().__init__(sorted(known))
        self.known = known


def one_scorer_at_a_time() -> None:
    """No other transaction scores in the workspace until this one ends."""
    Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace().pk)


def score_some(on: date, customer_ids: Sequence[UUID]) -> list[Score]:
    """These customers have a Score row for the local day `on` where they count; the rows.

    Inside the caller's transaction, alone in the workspace. What all customers share is read as
    the day's run has fixed it; raises News when that no longer holds. Only rows that say
    something new are written. Of today, opportunities follow at once: they are no matter of
    what else is known. About 10 queries.
    """
    setting = setting_of(on)
    marked = [_marked(facts) for facts in read_facts(setting, customer_ids) if facts.is_scored]
    known = _known_measures(setting, marked)
    run = ScoreRun.objects.filter(day=on).first()
    if run and (setting.stale_since != run.stale_since or not known <= set(run.known)):
        raise News(known)
    scores = [_score(one, known) for one in marked]
    _store(on, scores, customer_ids)
    if on == current_workspace().today():
        seize(on, [one.facts for one in marked], customer_ids)
    return scores


def known_of_everybody(on: date) -> set[str]:
    """Measures the workspace has data for, by asking every customer."""
    setting = setting_of(on)
    return _known_measures(setting, map(_marked, read_facts(setting)))


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


def _store(on: date, scores: list[Score], customer_ids: Sequence[UUID]) -> None:
    """The rows of the day are these, for these customers; who is not among them has none."""
    there = {row.customer_id: row for row in _rows(on, customer_ids)}
    news = [score for score in scores if not _says_the_same(score, there.get(score.customer_id))]
    gone = there.keys() - {score.customer_id for score in scores}
    if gone:
        _rows(on, gone).delete()
    Score.objects.bulk_create(
        news, batch_size=BATCH, update_conflicts=True, unique_fields=KEYS, update_fields=VALUES
    )
    _tell(on, gone.union(score.customer_id for score in news))


def _tell(on: date, changed: Collection[UUID]) -> None:
    """Open pages follow today's scores; of very many, only the lists do."""
    if not changed or on != current_workspace().today():
        return
    live.tell("today")
    live.tell("customers")
    if len(changed) <= TOLD_ONE_BY_ONE:
        live.tell("customer", *sorted(changed))


def _rows(on: date, customer_ids: Collection[UUID]) -> QuerySet[Score]:
    rows: QuerySet[Score] = Score.objects.filter(day=on, customer_id__in=customer_ids)
    return rows


def _says_the_same(score: Score, there: Score | None) -> bool:
    return there is not None and all(getattr(score, v) == getattr(there, v) for v in VALUES)
