"""From facts to scores: what each of some customers has on a day."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from banso.core.models import Workspace
from banso.core.scope import current_workspace
from banso.customers.fields import Those
from banso.customers.sheets import next_customers
from banso.insight.health import reasons
from banso.insight.health.bands import band_of
from banso.insight.health.facts import Facts, Setting, read_facts, setting_of
from banso.insight.health.measures import Mark
from banso.insight.health.models import ScoreRun
from banso.insight.health.scorecards import Scorecard, applicable, card_for, ceiling, mark, sum_up
from banso.insight.health.services.opportunities import seize
from banso.insight.health.services.writing import Row, write_scores
from banso.lib.memory import rarely_collecting
from banso.lib.priority import priority

# Usage measures that any usage at all feeds; the others need people, seats or more.
AT_ONCE = 8000  # customers in memory together, between which others may score
BASIC_USAGE = frozenset({"usage.trend_28", "usage.features_28"})


class Marked(NamedTuple):
    """A customer's facts with the marks of the scorecard that fits."""

    facts: Facts
    card: Scorecard
    marks: list[Mark]


class Scored(NamedTuple):
    """Facts and Score rows of some customers, and the measures that anybody has data for."""

    facts: list[Facts]
    rows: list[Row]
    known: set[str]


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


@rarely_collecting()
def score_some(on: date, those: Those) -> int:
    """Those customers have a Score row for the local day `on` where they count; how many do.

    Inside the caller's transaction, alone in the workspace. What all customers share is read as
    the day's run has fixed it; raises News when that no longer holds. Only rows that say
    something new are written. Of today, opportunities follow at once: they are no matter of
    what else is known. About 20 queries.
    """
    setting, run = setting_of(on), ScoreRun.objects.filter(day=on).first()
    scored = score_of(setting, those, set(run.known) if run else None)
    if run and (setting.stale_since != run.stale_since or not scored.known <= set(run.known)):
        raise News(scored.known)
    write_scores(on, scored.rows, those)
    if on == current_workspace().today():
        seize(on, scored.facts, those)
    return len(scored.rows)


def score_of(setting: Setting, those: Those, known: set[str] | None) -> Scored:
    """What those customers score on the day, by id; nothing is written.

    `known`: the measures that the day's run knows of. Rows are made as facts come in: while the
    server looks for the next ones. Without a run they must wait until all facts have told.
    """
    facts: list[Facts] = []
    marks: list[list[Mark]] = []
    rows: list[Row] = []
    with closing(read_facts(setting, those)) as told:
        for one in map(_marked, filter(_is_scored, told)):
            facts.append(one.facts)
            marks.append(one.marks)
            if known is not None:
                rows.append(row_of(one, known))
    found = _known_measures(setting, marks)
    if known is None:
        rows = [row_of(_marked(one), found) for one in facts]
    return Scored(facts, rows, found)


def known_of_everybody(on: date) -> set[str]:
    """Measures the workspace has data for, by asking every customer."""
    setting, known, some = setting_of(on), set[str](), next_customers(None, AT_ONCE)
    while some.ids:
        with closing(read_facts(setting, some)) as told:
            known |= _known_measures(setting, [_marked(facts).marks for facts in told])
        some = next_customers(some.last, AT_ONCE)
    return known


def _is_scored(facts: Facts) -> bool:
    return facts.is_scored


def _marked(facts: Facts) -> Marked:
    card = card_for(facts)
    return Marked(facts, card, mark(card, facts))


def _known_measures(setting: Setting, marks: Iterable[list[Mark]]) -> set[str]:
    """Measures the workspace has ever had data for: in an earlier run, or now."""
    earlier = ScoreRun.objects.filter(day__lte=setting.on).order_by("-day").first()
    known = set(earlier.known if earlier else ())
    known.update(_with_data(marks))
    return known | BASIC_USAGE if setting.usage_is_stale else known


def _with_data(marks: Iterable[list[Mark]]) -> Iterator[str]:
    """Keys of the measures that any of these customers has data for."""
    told = {mark.measure for theirs in marks for mark in theirs if mark.score is not None}
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
