from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from banso.core.models import Person
from banso.customers.fields import annotate, known_field
from banso.customers.models import Customer
from banso.insight.health.models import Alert, Band, Score
from banso.insight.health.services import ensure_scores

RENEWAL = "customers.renewal_on"


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A customer's place on Today. `mrr` is minor units of `currency`, None without a contract.

    `measures_known` of `measures_all` measures had data; `reason` is worded by
    `wording.reason_text`; `deadline_kind` is "notice", "renewal" or "".
    """

    customer_id: UUID
    external_id: str
    name: str
    tier: str
    main_owner_id: UUID | None
    mrr: Decimal | None
    currency: str
    score: Decimal | None
    band: str
    coverage: Decimal
    measures_known: int
    measures_all: int
    reason: dict[str, Any]
    deadline_on: date | None
    deadline_kind: str
    days_to_deadline: int | None
    renewal_on: date | None
    priority: float


@dataclass(frozen=True, slots=True)
class Move:
    """How far a customer's score went between two days."""

    customer_id: UUID
    name: str
    before: Decimal
    now: Decimal
    change: Decimal
    band_before: str
    band: str
    reason: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BandShare:
    """One band in one currency: how many customers, and their MRR (minor units)."""

    band: str
    currency: str
    customers: int
    mrr: Decimal


def watchlist(
    on: date, owner: Person | None = None, limit: int | None = 50, *, band: str = ""
) -> list[WatchRow]:
    """Whom to run beside on the local day `on`: by risk × MRR × nearness (lib/priority.py).

    Of all owners, or of one who is the main or sub owner. The day is scored first where
    needed. Refused for a day to come. 2 queries beside that.
    """
    ensure_scores(on)
    rows = _of_owner(_scores(on), owner).select_related("customer")
    if band:
        rows = rows.filter(band=band)
    page = list(rows.order_by("-priority", "customer_id")[:limit])
    renewals = _renewals([score.customer_id for score in page], on)
    return [_row(score, on, renewals.get(score.customer_id)) for score in page]


def score_moves(
    on: date, days: int = 7, *, owner: Person | None = None, at_least: int = 5, limit: int = 20
) -> list[Move]:
    """Scores that moved by `at_least` points or more within `days`, falls first, greatest first.

    Compared with the latest score of the week before that day, by the same scorecard. 2 queries.
    """
    ensure_scores(on)
    then = on - timedelta(days=days)
    earlier = _scores_within(then).filter(
        customer=OuterRef("customer"),
        scorecard=OuterRef("scorecard"),
        version=OuterRef("version"),
        score__isnull=False,
    )
    before = earlier.order_by("-day")
    moved = (
        _of_owner(_scores(on), owner)
        .filter(score__isnull=False)
        .annotate(
            before=Subquery(before.values("score")[:1]),
            band_before=Subquery(before.values("band")[:1]),
        )
        .annotate(change=F("score") - F("before"))
        .filter(Q(change__gte=at_least) | Q(change__lte=-at_least))
    )
    return [_move(score) for score in moved.select_related("customer").order_by("change")[:limit]]


def bands(on: date, owner: Person | None = None) -> list[BandShare]:
    """Customers and MRR by band and currency, worst band first. 1 query beside scoring."""
    ensure_scores(on)
    counted = (
        _of_owner(_scores(on), owner)
        .values("band", currency=F("customer__currency"))
        .annotate(customers=Count("pk"), sum=Sum("mrr"))
    )
    order = [Band.DANGER, Band.WATCH, Band.WITHHELD, Band.HEALTHY]
    shares = [
        BandShare(row["band"], row["currency"], row["customers"], row["sum"] or Decimal(0))
        for row in counted
    ]
    return sorted(shares, key=lambda share: (order.index(Band(share.band)), share.currency))


def open_alerts(*, limit: int = 200) -> list[Alert]:
    """Alerts that stand open, latest first. 1 query."""
    alerts = Alert.objects.filter(closed_on=None, customer__deleted_at=None)
    return list(alerts.select_related("customer").order_by("-opened_on", "-id")[:limit])


def _scores(on: date) -> "QuerySet[Score]":
    scores: QuerySet[Score] = Score.objects.filter(day=on, customer__deleted_at=None)
    return scores


def _scores_within(then: date, days: int = 7) -> "QuerySet[Score]":
    scores: QuerySet[Score] = Score.objects.filter(
        day__lte=then, day__gte=then - timedelta(days=days)
    )
    return scores


def _of_owner(scores: "QuerySet[Score]", owner: Person | None) -> "QuerySet[Score]":
    if owner is None:
        return scores
    return scores.filter(Q(customer__main_owner=owner) | Q(customer__sub_owner=owner))


def _renewals(customer_ids: Iterable[UUID], on: date) -> dict[UUID, date | None]:
    field = known_field(RENEWAL)
    if field is None:
        return {}
    customers = Customer.objects.filter(pk__in=list(customer_ids))
    return dict(annotate(customers, [RENEWAL], on=on).values_list("pk", field.alias))


def _row(score: Score, on: date, renewal_on: date | None) -> WatchRow:
    customer, deadline = score.customer, score.deadline_on
    return WatchRow(
        customer_id=score.customer_id,
        external_id=customer.external_id,
        name=customer.name,
        tier=customer.tier,
        main_owner_id=customer.main_owner_id,
        mrr=score.mrr,
        currency=customer.currency,
        score=score.score,
        band=score.band,
        coverage=score.coverage,
        measures_known=score.measures_known,
        measures_all=score.measures_all,
        reason=score.reason,
        deadline_on=deadline,
        deadline_kind=score.deadline_kind,
        days_to_deadline=(deadline - on).days if deadline else None,
        renewal_on=renewal_on,
        priority=score.priority,
    )


def _move(score: Any) -> Move:
    return Move(
        customer_id=score.customer_id,
        name=score.customer.name,
        before=score.before,
        now=score.score,
        change=score.change,
        band_before=score.band_before,
        band=score.band,
        reason=score.reason,
    )
