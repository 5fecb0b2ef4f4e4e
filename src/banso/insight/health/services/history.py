"""Which days' scores are kept: each of the last 100 days, before that the ends of months."""

from datetime import date, timedelta
from uuid import UUID

from banso.core.scope import current_workspace
from banso.insight.health.facts import setting_of
from banso.insight.health.models import Score, ScoreRun
from banso.insight.health.services.scoring import known_of_everybody, score_of
from banso.insight.health.services.writing import Row

DAILY_DAYS = 100  # lines are drawn of 90 days, and compared with the week before
ASKED_DAYS = 2  # other days that somebody looks at may be there together, until the night
BATCH = 5000


def is_kept(day: date) -> bool:
    """Whether the scores of the local day stay: it is one of the last 100, or ends a month."""
    return day > _last_thinned() or (day + timedelta(days=1)).day == 1


def work_out(customer_id: UUID, on: date) -> Row | None:
    """What scoring everybody would say of the customer on that day; nothing is stored.

    None where the customer has no score then. About 20 queries; all customers are asked where the
    runs before and after the day differ in the measures that they know of.
    """
    setting = setting_of(on)
    rows = score_of(setting, [customer_id], _known_on(on)).rows
    return rows[0] if rows else None


def make_room(on: date) -> None:
    """Before a day that is not kept is scored for a look at it, older such days go.

    Lists sort and filter by scores in SQL, so that they must stand somewhere; whoever asks for
    day after day finds at most two there at a time.
    """
    asked = [
        run.day
        for run in ScoreRun.objects.exclude(day=on).filter(day__lte=_last_thinned()).order_by("-pk")
        if not is_kept(run.day)
    ]
    for day in asked[ASKED_DAYS - 1 :]:
        _forget(day)


def thin_scores() -> int:
    """Only days that are kept have scores; how many rows went. In small steps, each committed."""
    gone, day = 0, _next_day(date.min)
    while day is not None:
        if not is_kept(day):
            gone += _forget(day)
        day = _next_day(day)
    ScoreRun.objects.filter(day__in=_days_of_runs()).delete()
    return gone


def _forget(day: date) -> int:
    ScoreRun.objects.filter(day=day).delete()
    gone = 0
    while ids := list(Score.objects.filter(day=day).values_list("pk", flat=True)[:BATCH]):
        gone += Score.objects.filter(pk__in=ids).delete()[0]
    return gone


def _next_day(after: date) -> date | None:
    """The next day with scores that may have to go; found in the index, whatever lies between."""
    rows = Score.objects.filter(day__gt=after, day__lte=_last_thinned()).order_by("day")
    found: date | None = rows.values_list("day", flat=True).first()
    return found


def _days_of_runs() -> list[date]:
    days = ScoreRun.objects.filter(day__lte=_last_thinned()).values_list("day", flat=True)
    return [day for day in days if not is_kept(day)]


def _last_thinned() -> date:
    return current_workspace().today() - timedelta(days=DAILY_DAYS)


def _known_on(on: date) -> set[str]:
    """Measures known on a day between two runs: what is known once stays known."""
    runs = ScoreRun.objects.order_by("day")
    before, after = runs.filter(day__lte=on).last(), runs.filter(day__gt=on).first()
    if before and after and before.known == after.known:
        return set(before.known)
    return known_of_everybody(on).union(before.known if before else ())
