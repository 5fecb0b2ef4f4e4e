"""Scoring a day: everybody in steps that begin where the last one ended, or those touched since."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.customers.queries.as_of import as_of
from banso.customers.services import retest_soon
from banso.customers.sheets import next_customers
from banso.insight.health.facts import setting_of
from banso.insight.health.models import Score, ScoreRun
from banso.insight.health.services.alerts import follow_everybody, follow_some
from banso.insight.health.services.history import is_kept, make_room, work_out
from banso.insight.health.services.scoring import (
    AT_ONCE,
    News,
    known_of_everybody,
    one_scorer_at_a_time,
    score_some,
)
from banso.insight.health.services.stamps import (
    is_continued,
    lately_touched,
    stamp_now,
    touched_since,
)
from banso.touchpoints.usage import services as usage


def score_customers(on: date, customer_ids: Sequence[UUID] | None = None) -> int:
    """Every customer of the local day `on` (or of the given ones) has a Score row; how many.

    Customers whose contract has ended, or who had not signed up yet, have none. Twice is
    once. Alerts open and close only when `on` is the workspace's today. What everybody is
    compared with stays as the day's first run has fixed it, so that scoring everybody says what
    scoring each when touched has said. Publishes health.alert_raised, alert_worsened and alert_closed.
    Cost: 5,000 customers 3 s, in steps between which others may score; one takes 30 ms.
    """
    if customer_ids is not None:
        return _score_given(on, customer_ids)
    begin_run(on, anew=False)
    return finish_run(on)


def ensure_scores(on: date) -> int:
    """The scores of the local day `on` are true to every fact recorded so far; how many changed.

    The first call for a day scores everybody; later calls only customers that events and touches
    have reached since. Of days whose scores are not kept, two at most are there at a time
    (`history.make_room`). Refused for a day to come. 2 queries when nothing happened.
    """
    must_have_come(on)
    if not is_kept(on):
        make_room(on)
    run = ScoreRun.objects.filter(day=on).first()
    touched = touched_since(run.stamp).customer_ids if run else None
    if run is None or touched is None:
        begin_run(on)
        return finish_run(on)
    if run.finished_at is None:
        finish_run(on)
    return rescore(on) if touched else 0


def are_scored(on: date) -> bool:
    """Whether everybody has been scored for the day, and nobody is waiting to be anew. 1 query."""
    return bool(ScoreRun.objects.filter(day=on, finished_at__isnull=False).exists())


def score_on(customer_id: UUID, on: date) -> Score | None:
    """The customer's score of the local day, true to every fact recorded so far; None without one.

    Stored where the day's scores are kept or there already, else worked out for this one alone:
    whoever leafs through a customer's past stores nothing. Refused for a day to come.
    """
    if is_kept(on) or are_scored(on):
        ensure_scores(on)
        found: Score | None = Score.objects.filter(customer_id=customer_id, day=on).first()
        return found
    must_have_come(on)
    row = work_out(customer_id, on)
    return row.unsaved() if row else None


def rescore_touched() -> bool:
    """Customers touched since today's run are scored again; False when the others are still to be.

    After an import that is everybody, and takes a while: those whose usage arrives just now are
    scored before the rest.

    Where the day has only begun its run does, and goes on from the last day's: whoever is
    touched at midnight waits for nobody else.
    """
    today = current_workspace().today()
    run = ScoreRun.objects.filter(day=today).first() or _follow_up_run(today)
    if run is None:
        return False
    if touched_since(run.stamp).customer_ids is None:
        _score_lately_touched(today)
        return False
    try:
        _rescore(today)
    except News as news:
        begin_run(today, known=news.known, stamp=run.stamp)
        with suppress(News):  # they do not wait for the others, whom this changes too
            _rescore(today)
    return are_scored(today)


def _score_lately_touched(on: date) -> None:
    """The run's stamp stays where it is: they are scored again with everybody else."""
    with suppress(News), transaction.atomic():
        one_scorer_at_a_time()
        if ids := lately_touched():
            _score_and_follow(on, ids)


def rescore(on: date) -> int:
    """Whoever was touched since the day's run is scored again; how many have a score."""
    try:
        return _rescore(on)
    except News as news:
        begin_run(on, known=news.known)
        return finish_run(on)


@transaction.atomic
def begin_run(
    on: date, *, known: Collection[str] = (), stamp: str = "", anew: bool = True
) -> ScoreRun:
    """Everybody is still to be scored for `on`, by what all share as of now (`anew`) or as fixed.

    `known`: measures with data that no run has seen. `stamp`: up to where everything is known to
    have been told; default now. The first run of a workspace asks everybody what is known.
    """
    one_scorer_at_a_time()
    usage.freeze_figures(on, anew=anew)
    earlier = ScoreRun.objects.filter(day__lte=on).order_by("-day").first()
    seen = set(earlier.known) if earlier else known_of_everybody(on)
    values = {
        "stamp": stamp or stamp_now(),
        "known": sorted(seen.union(known)),
        "stale_since": setting_of(on).stale_since,
        "reached": None,
        "finished_at": None,
    }
    run: ScoreRun = ScoreRun.objects.update_or_create(day=on, defaults=values)[0]
    return run


def finish_run(on: date) -> int:
    """Everybody is scored for `on`; how many have a score. Several may work on it at once."""
    while _score_next(on):
        pass
    run = ScoreRun.objects.filter(day=on).first()  # a day that is not kept may have gone again
    return int(run.customers) if run else 0


def must_have_come(on: date) -> None:
    """Refuse days to come, of which nothing is known, and days before anybody kept books."""
    if as_of(on) > current_workspace().today():
        raise Refused(_("Choose today or a day before."), code="in_future", field="on")


def _score_next(on: date) -> bool:
    """The next customers of the day's run are scored; False when there are no more."""
    try:
        with transaction.atomic():
            one_scorer_at_a_time()
            run = ScoreRun.objects.filter(day=on).first()
            return run is not None and run.finished_at is None and _step(run)
    except News as news:
        begin_run(on, known=news.known)
        return True


def _step(run: ScoreRun) -> bool:
    some = next_customers(run.reached, AT_ONCE)
    if some.ids:
        score_some(run.day, some)
        run.reached = some.last
        run.save(update_fields=["reached"])
        return True
    _end(run)
    return False


def _end(run: ScoreRun) -> None:
    """Nobody is left. Alerts follow only now, when all that is known of the workspace is."""
    scores = Score.objects.filter(day=run.day)
    gone = scores.values("customer").difference(Customer.objects.values("pk"))
    scores.filter(customer__in=list(gone.values_list("customer", flat=True))).delete()
    if run.day == current_workspace().today():
        follow_everybody(run.day)
        retest_soon()
    run.customers, run.finished_at = scores.count(), timezone.now()
    run.save(update_fields=["customers", "finished_at"])


def _score_given(on: date, customer_ids: Sequence[UUID]) -> int:
    try:
        with transaction.atomic():
            one_scorer_at_a_time()
            return _score_and_follow(on, customer_ids)
    except News as news:
        begin_run(on, known=news.known)
        return finish_run(on)


def _score_and_follow(on: date, customer_ids: Sequence[UUID]) -> int:
    scored = score_some(on, customer_ids)
    if on == current_workspace().today():
        follow_some(on, customer_ids)
    return scored


@transaction.atomic
def _rescore(on: date) -> int:
    """Who comes second finds what the first has left."""
    one_scorer_at_a_time()
    run = ScoreRun.objects.get(day=on)
    touched = touched_since(run.stamp)
    if touched.customer_ids is None:
        raise News(set(run.known))
    if not touched.customer_ids:
        return 0
    scored = _score_and_follow(on, touched.customer_ids)
    ScoreRun.objects.filter(pk=run.pk).update(stamp=touched.stamp)
    return scored


def _follow_up_run(on: date) -> ScoreRun | None:
    """Today's run, begun where the last day's left off; None for a workspace's first."""
    last = ScoreRun.objects.filter(day__lt=on).order_by("-day").first()
    if last is None or not is_continued(last.stamp):
        return None
    return begin_run(on, stamp=last.stamp)
