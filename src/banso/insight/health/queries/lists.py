from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from banso.customers.fields import annotate, known_field
from banso.customers.models import Customer
from banso.customers.queries import Owned
from banso.insight.health.models import Alert, Band, Score
from banso.insight.health.services import ensure_scores

RENEWAL = "customers.renewal_on"
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A customer's place on Today. `mrr` is minor units of `currency`, None without a contract.

    `measures_known` of `measures_all` measures had data; `reason` is worded by
    `wording.reason_text`; `deadline_kind` is "notice", "renewal" or ""; `renewal_on` is None
    unless it was asked for.
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
class BandShare:
    """One band in one currency: how many customers, and their MRR (minor units)."""

    band: str
    currency: str
    customers: int
    mrr: Decimal


def watchlist(
    on: date,
    owner: Owned | None = None,
    limit: int | None = 50,
    *,
    band: str = "",
    renewals: bool = False,
) -> list[WatchRow]:
    """Whom to run beside on the local day `on`: by risk × MRR × nearness (lib/priority.py), ties as lists have them.

    Of all owners, or of one who is the main or sub owner. The day is scored first where
    needed. Refused for a day to come. 1 query beside that, 2 more for `renewals`.
    """
    page = list(_by_priority(on, owner, band)[:limit])
    known = _renewals([score.customer_id for score in page], on) if renewals else {}
    return [_row(score, on, known.get(score.customer_id)) for score in page]


def every_watched(on: date, owner: Owned | None = None, *, band: str = "") -> Iterator[WatchRow]:
    """All of the watchlist in its order, read as it goes, without renewals. 1 query."""
    rows = _by_priority(on, owner, band)
    return (_row(score, on, None) for score in rows.iterator(chunk_size=1000))


def _by_priority(on: date, owner: Owned | None, band: str) -> "QuerySet[Score]":
    ensure_scores(on)
    rows = scores_of(on, owner).select_related("customer").defer("measures")
    return (rows.filter(band=band) if band else rows).order_by("-priority", "-customer_id")


def watched(on: date, owner: Owned | None = None) -> int | None:
    """How many customers the watchlist holds; None for more than 1,000. 1 query."""
    some = scores_of(on, owner).order_by().values_list("pk", flat=True)[: COUNTED + 1]
    count = len(some)
    return None if count > COUNTED else count


def bands(on: date, owner: Owned | None = None) -> list[BandShare]:
    """Customers and MRR by band and currency, worst band first. 1 query beside scoring."""
    ensure_scores(on)
    counted = (
        scores_of(on, owner)
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


def scores_of(on: date, owner: Owned | None = None) -> "QuerySet[Score]":
    """The day's scores of customers out of the bin; `owner`: of theirs alone."""
    scores: QuerySet[Score] = Score.objects.filter(day=on, customer__deleted_at=None)
    if owner is None:
        return scores
    return scores.filter(owner.rows("customer_id"))


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
