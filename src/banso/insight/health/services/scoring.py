"""From facts to scores: what each of some customers has on a day."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from banso.core.models import Workspace
from banso.core.scope import current_workspace
from banso.insight.health import reasons
from banso.insight.health.bands import band_of
from banso.insight.health.facts import Facts, Setting, read_facts, setting_of
from banso.insight.health.measures import Mark
from banso.insight.health.models import ScoreRun
from banso.insight.health.scorecards import Scorecard, applicable, card_for, ceiling, mark, sum_up
from banso.insight.health.services.opportunities import seize
from banso.insight.health.services.writing import Row, write_scores
from banso.lib.priority import priority

# Usage measures that any usage at all feeds; the others need people, seats or more.
BASIC_USAGE = frozenset({"usage.trend_28", "usage.features_28"})


class Marked(NamedTuple):
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


def score_some(on: date, customer_ids: Sequence[UUID]) -> int:
    """These customers have a Score row for the local day `on` where they count; how many do.

    Inside the caller's transaction, alone in the workspace. What all customers share is read as
    the day's run has fixed it; raises News when that no longer holds. Only rows that say
    something new are written. Of today, opportunities follow at once: they are no matter of
    what else is known. About 20 queries.
    """
    setting = setting_of(on)
    marked = marks_of(setting, customer_ids)
    known = _known_measures(setting, marked)
    run = ScoreRun.objects.filter(day=on).first()
    if run and (setting.stale_since != run.stale_since or not known <= set(run.known)):
        raise News(known)
    write_scores(on, [row_of(one, known) for one in marked], customer_ids)
    if on == current_workspace().today():
        seize(on, [one.facts for one in marked], customer_ids)
    return len(marked)


def known_of_everybody(on: date) -> set[str]:
    """Measures the workspace has data for, by asking every customer."""
    setting = setting_of(on)
    return _known_measures(setting, map(_marked, read_facts(setting)))


def marks_of(setting: Setting, customer_ids: Sequence[UUID]) -> list[Marked]:
    """Those of the customers that are scored on the day, by id, with their facts and marks."""
    return [_marked(facts) for facts in read_facts(setting, customer_ids) if facts.is_scored]


def _marked(facts: Facts) -> Marked:
    card = card_for(facts)
    return Marked(facts, card, mark(card, facts))


def _known_measures(setting: Setting, marked: Iterable[Marked]) -> set[str]:
    """Measures the workspace has ever had data for: in an earlier run, or now."""
    earlier = ScoreRun.objects.filter(day__lte=setting.on).order_by("-day").first()
    known = set(earlier.known if earlier else ())
    known.update(_with_data(marked))
    return known | BASIC_USAGE if setting.usage_is_stale else known


def _with_data(marked: Iterable[Marked]) -> Iterator[str]:
    """Keys of the measures that any of these customers has data for."""
    told = {mark.measure for one in marked for mark in one.marks if mark.score is not None}
    return (measure.key for measure in told)


def row_of(one: Marked, known: Collection[str]) -> Row:
    """The Score row of a customer, where the workspace has data for the measures `known`."""
    facts, marks = one.facts, applicable(one.marks, known)
    total = sum_up(marks, facts)
    points = None if total.score is None else round(total.score, 1)
    band = band_of(points)
    reason = reasons.most_telling(reasons.case_of(facts, marks, total, band))
    mrr = facts["customers.mrr"]
    kind, deadline_on = facts.deadline or ("", None)
    return Row(
        customer_id=facts.customer_id,
        day=facts.on,
        scorecard=one.card.key,
        version=one.card.version,
        score=_decimal(points),
        band=str(band),
        measures_known=total.known,
        measures_all=total.all,
        coverage=_decimal(round(total.coverage, 3)) or Decimal(0),
        ceiling=ceiling(facts),
        measures="[" + ", ".join([mark.text for mark in one.marks]) + "]",
        reason=reason.text,
        mrr=mrr,
        deadline_on=deadline_on,
        deadline_kind=kind,
        priority=priority(
            points,
            mrr=None if mrr is None else float(mrr),
            days_to_deadline=facts.days_to_deadline,
            signal=reasons.gravity(reason),
        ),
    )


@lru_cache(maxsize=4096)
def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
