"""Alerts: a fall of the score opens one, a recovery closes it, and whoever owns the customer has a task."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from banso.core.events import publish_many
from banso.core.models import Membership
from banso.core.scope import current_workspace
from banso.customers.models import Customer
from banso.insight.health.bands import HEALTHY_FROM, ORDER, RECOVERED_BY, WATCH_FROM
from banso.insight.health.calendar import workspace_calendar
from banso.insight.health.models import Alert, Band, Opportunity, Score
from banso.work import services as work

DUE_IN_BUSINESS_DAYS = 2
AT_ONCE = 2000
FALLEN = (Band.WATCH, Band.DANGER)  # a healthy score opens no alert
A_HANDFUL = 50
TASK_CODE = "health.alert"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A customer's last score of an earlier day."""

    score: Decimal
    band: str
    method: tuple[str, int]  # scorecard and version: only scores of one method compare


def previous_scores(on: date, customer_ids: Sequence[UUID]) -> dict[UUID, Earlier]:
    """The latest score before `on` of each of the customers that has one. 1 query."""
    before = Score.objects.filter(customer=OuterRef("pk"), day__lt=on, score__isnull=False)
    latest = Subquery(before.order_by("-day").values("pk")[:1])
    customers = Customer.objects.filter(pk__in=customer_ids)
    rows = Score.objects.filter(pk__in=customers.annotate(last=latest).values("last"))
    values = rows.values_list("customer_id", "score", "band", "scorecard", "version")
    return {row[0]: Earlier(row[1], row[2], (row[3], row[4])) for row in values}


def follow_some(on: date, customer_ids: Sequence[UUID]) -> None:
    """The alerts of these customers are as today's scores say. 4 queries and what `follow` needs."""
    scores = list(_scores(on).filter(customer_id__in=customer_ids))
    follow(scores, previous_scores(on, customer_ids), owned=_owned(customer_ids))
    close_for(customer_ids, on=on)


def follow_everybody(on: date) -> None:
    """Everybody's alerts are as today's scores say, 2,000 at a time.

    Only scores that may change something are read: of customers with an alert, and those that
    are not healthy.
    """
    standing = Q(customer__in=Alert.objects.filter(closed_on=None).values("customer"))
    telling = _scores(on).filter(standing | Q(band__in=FALLEN)).order_by("customer_id")
    ids = list(telling.values_list("customer_id", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        scores = list(_scores(on).filter(customer_id__in=some))
        follow(scores, previous_scores(on, some), owned=_owned(some))
    close_for(None, on=on)


def _scores(on: date) -> "QuerySet[Score]":
    scores: QuerySet[Score] = Score.objects.filter(day=on, score__isnull=False).defer("measures")
    return scores


def follow(
    scores: Iterable[Score], earlier: Mapping[UUID, Earlier], *, owned: Collection[UUID]
) -> None:
    """Open, worsen and close alerts after today's scores: one per customer and episode.

    A withheld score changes nothing. Publishes health.alert_raised, alert_worsened,
    alert_closed. 1 query, and 3 more for each of the three that happens.
    """
    scored = [score for score in scores if score.score is not None]
    standing = _standing([score.customer_id for score in scored])
    raised, worsened, closed = [], [], []
    for score in scored:
        alert = standing.get(score.customer_id)
        if alert is None:
            before = earlier.get(score.customer_id)
            if _is_fall(score, before) or _starts_badly(score, before, owned):
                raised.append(_alert(score, before))
        elif _has_recovered(alert, score):
            closed.append(alert)
        elif ORDER[Band(score.band)] < ORDER[Band(alert.band)]:
            alert.band, alert.reason = score.band, score.reason
            alert.to_score = score.score or 0
            worsened.append(alert)
    _write(raised, worsened)
    _close(closed, current_workspace().today())


def close_for(customer_ids: Sequence[UUID] | None, *, on: date) -> None:
    """Close alerts of customers that are not scored any more (their contract ended)."""
    alerts = Alert.objects.filter(closed_on=None)
    if customer_ids is not None:
        alerts = alerts.filter(customer_id__in=customer_ids)
    # As a difference of sets, which no wrong estimate of the day's scores makes a loop in a loop.
    scored = Score.objects.filter(day=on).values("customer")
    gone = alerts.values("customer").difference(scored).values_list("customer", flat=True)
    alerts = alerts.filter(customer_id__in=list(gone))
    _close(list(alerts), on)


@transaction.atomic
def open_alert_tasks(alert_ids: Iterable[str]) -> None:
    """Each alert's owner (the sub owner where there is no main one) has a task for it.

    Due in two business days. Nobody's customer gets none. Twice is once.
    """
    tell, due = owner_to_tell(), due_soon()
    alerts = Alert.objects.filter(pk__in=list(alert_ids)).select_related("customer")
    for alert in alerts.order_by("pk"):
        params = {"band": alert.band, "reason": alert.reason}
        give_task(alert, tell(alert.customer), due, TASK_CODE, params, f"alert:{alert.pk}")


def due_soon() -> date:
    """Two business days from today. 1 query."""
    today = current_workspace().today()
    return workspace_calendar().add_business_days(today, DUE_IN_BUSINESS_DAYS)


def owner_to_tell() -> Callable[[Customer], UUID | None]:
    """Who hears of a customer: the main owner, else the sub owner, of those still with us."""
    members = set(Membership.objects.values_list("person_id", flat=True))

    def owner_of(customer: Customer) -> UUID | None:
        owners = (customer.main_owner_id, customer.sub_owner_id)
        return next((one for one in owners if one in members), None)

    return owner_of


def give_task(
    cause: Alert | Opportunity,
    owner_id: UUID | None,
    due: date,
    code: str,
    params: dict[str, Any],
    origin: str,
) -> None:
    """The owner has one task for the cause; nobody's customer gets none."""
    if owner_id is not None:
        work.open_task(
            customer_id=cause.customer_id,
            owner_id=owner_id,
            due_on=due,
            code=code,
            params=params,
            origin=origin,
        )


def _owned(customer_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the customers whom somebody owns."""
    customers = Customer.objects.exclude(main_owner=None, sub_owner=None)
    customers = customers.filter(pk__in=customer_ids)
    return set(customers.values_list("pk", flat=True))


def _standing(customer_ids: list[UUID]) -> dict[UUID, Alert]:
    alerts: QuerySet[Alert] = Alert.objects.filter(closed_on=None, customer_id__in=customer_ids)
    return {alert.customer_id: alert for alert in alerts}


def _is_fall(score: Score, before: Earlier | None) -> bool:
    """Whether the band is worse than on the last scored day, by the same method."""
    if before is None or before.method != (score.scorecard, score.version):
        return False
    return ORDER[Band(score.band)] < ORDER[Band(before.band)]


def _starts_badly(score: Score, before: Earlier | None, owned: Collection[UUID]) -> bool:
    """A first score in danger opens an alert where money and an owner are there to act."""
    is_first = before is None or before.method != (score.scorecard, score.version)
    counts = bool(score.mrr) and score.customer_id in owned
    return is_first and score.band == Band.DANGER and counts


def _alert(score: Score, before: Earlier | None) -> Alert:
    same = before is not None and before.method == (score.scorecard, score.version)
    return Alert(
        customer_id=score.customer_id,
        opened_on=score.day,
        from_score=before.score if before and same else None,
        to_score=score.score or 0,
        band=score.band,
        reason=score.reason,
    )


def _has_recovered(alert: Alert, score: Score) -> bool:
    """Five points above the edge it fell from: scores that flicker at an edge stay one episode."""
    started_healthy = alert.from_score is not None and alert.from_score >= HEALTHY_FROM
    edge = HEALTHY_FROM if started_healthy else WATCH_FROM
    return score.score is not None and score.score >= edge + RECOVERED_BY


def _write(raised: list[Alert], worsened: list[Alert]) -> None:
    if raised:
        Alert.objects.bulk_create(raised, batch_size=1000)
        _publish("health.alert_raised", [(alert, _facts(alert)) for alert in raised])
    if worsened:
        Alert.objects.bulk_update(worsened, ["band", "to_score", "reason"], batch_size=1000)
        _publish("health.alert_worsened", [(alert, _facts(alert)) for alert in worsened])


def _close(alerts: list[Alert], on: date) -> None:
    if alerts:
        Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(closed_on=on)
        _publish("health.alert_closed", [(alert, {}) for alert in alerts])


def _publish(name: str, told: list[tuple[Alert, dict[str, Any]]]) -> None:
    """An alert of this minute does not wait behind an import; those of a whole night may."""
    publish_many(name, told, queue="live" if len(told) <= A_HANDFUL else "bulk")


def _facts(alert: Alert) -> dict[str, Any]:
    was = None if alert.from_score is None else float(alert.from_score)
    return {"band": str(alert.band), "was": was, "score": float(alert.to_score)}
