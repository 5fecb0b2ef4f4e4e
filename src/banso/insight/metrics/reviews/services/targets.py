"""Targets: what a KPI is to be in a period."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.core.as_of import FIRST_DAY
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.core.scope import current_workspace
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.models import Target, TargetKind, known_kind
from banso.insight.metrics.reviews.answers import told_currency
from banso.insight.metrics.reviews.known import may_have_target
from banso.lib.periods import Period, period_of

MOST = Decimal(10) ** 15
LAST_DAY = date(2999, 12, 31)


def set_target(
    kpi: str, *, kind: str, starts_on: date, value: Decimal, by: Person | None = None
) -> Target:
    """The KPI is to be `value` in the period of that kind that begins on `starts_on`.

    A fraction of 1, or major units of the currency in which figures are told. The same value again changes
    nothing; another takes its place. Raises Refused for KPIs that can have no target, days on
    which no such period begins, and values that cannot be. Publishes metrics.target_set.
    """
    period = target_period(kind, starts_on)
    return set_targets(period, {kpi: value}, by=by)[0]


@transaction.atomic
def set_targets(
    period: Period, values: Mapping[str, Decimal | None], *, by: Person | None = None
) -> list[Target]:
    """As `set_target`, for several KPIs of a period; None takes the target away.

    The targets that stand afterwards, by KPI.
    """
    for kpi, value in values.items():
        _must_fit(kpi, value)
    standing = {one.kpi: one for one in _live(period).select_for_update().order_by("pk")}
    told = {kpi: value for kpi, value in values.items() if value is not None}
    currency = told_currency() if any(MEASURES[kpi].unit == "money" for kpi in told) else ""
    made = (
        _put(kpi, period, values[kpi], standing.get(kpi), currency, by) for kpi in sorted(values)
    )
    return [one for one in made if one is not None]


@transaction.atomic
def void_target(target_id: UUID, *, by: Person | None = None) -> Target:
    """The target counts no more; harmless when it does not already.

    Raises Target.DoesNotExist outside this workspace. Publishes metrics.target_voided.
    """
    target: Target = Target.objects.select_for_update().get(pk=target_id)
    if target.voided_at is None:
        _void(target, by)
    return target


def standing_target(kpi: str, *, kind: str, starts_on: date) -> Target | None:
    """What is promised for the period that begins on that day. Raises Refused where none does."""
    found: Target | None = _live(target_period(kind, starts_on)).filter(kpi=kpi).first()
    return found


def target_period(kind: str, starts_on: date) -> Period:
    """The period of that kind that begins on `starts_on`. Refused in words where none does."""
    if kind not in TargetKind.values:
        raise Refused(_("A target is for a month, a quarter, a half-year or a year."), field="kind")
    if not FIRST_DAY <= starts_on <= LAST_DAY:
        raise Refused(_("Choose a day from 2000 to 2999."), code="bad_day", field="starts_on")
    period = period_of(starts_on, known_kind(kind), current_workspace().fiscal_start_month)
    if period.start != starts_on:
        words = _("No such period begins on this day. The one it falls in begins on %(day)s.")
        told = words % {"day": period.start.isoformat()}
        raise Refused(told, code="no_period", field="starts_on")
    return period


def _must_fit(kpi: str, value: Decimal | None) -> None:
    if not may_have_target(kpi):
        raise Refused(_("There is no KPI of this name that can have a target."), field="kpi")
    if value is None:
        return
    if not value.is_finite() or abs(value) >= MOST or value < 0:
        raise Refused(_("Give a number from 0 on."), code="out_of_range", field="value")
    if MEASURES[kpi].unit == "share" and value > 10:
        raise Refused(_("A rate is at most 1,000%."), code="out_of_range", field="value")


def _put(
    kpi: str,
    period: Period,
    value: Decimal | None,
    standing: Target | None,
    currency: str,
    by: Person | None,
) -> Target | None:
    """What stands afterwards."""
    if standing and value is not None and standing.value == _kept(value):
        return standing
    if standing:
        _void(standing, by)
    if value is None:
        return None
    where = {"kpi": kpi, "kind": period.kind, "starts_on": period.start}
    counted = currency if MEASURES[kpi].unit == "money" else ""
    try:
        with transaction.atomic():
            target: Target = Target.objects.create(
                **where, value=_kept(value), currency=counted, by=by
            )
    except IntegrityError as error:
        words = _("Somebody else is setting this target right now. Look at it again.")
        raise Refused(words, code="overtaken", field=kpi) from error
    _tell("metrics.target_set", target, by)
    return target


def _void(target: Target, by: Person | None) -> None:
    target.voided_at, target.voided_by = timezone.now(), by
    target.save(update_fields=["voided_at", "voided_by"])
    _tell("metrics.target_voided", target, by)


def _tell(name: str, target: Target, by: Person | None) -> None:
    facts: dict[str, Any] = {
        "kpi": target.kpi,
        "kind": target.kind,
        "starts_on": target.starts_on.isoformat(),
        "value": f"{target.value:f}",
        "currency": target.currency,
    }
    publish(name, target, by=by.pk if by else None, **facts)


def _live(period: Period) -> "QuerySet[Target]":
    rows: QuerySet[Target] = Target.objects.filter(
        kind=period.kind, starts_on=period.start, voided_at=None
    )
    return rows


def _kept(value: Decimal) -> Decimal:
    """As the column keeps it."""
    return value.quantize(Decimal("1e-8"))
