"""How often customers are met: the rhythm of each touch tier, as a number and in SQL."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import BaseExpression, CombinedExpression
from django.db.models.functions import Coalesce, NullIf, TruncDate

from banso.core.scope import current_workspace
from banso.customers.fields import Sheet, Those
from banso.customers.models import Stage, Tier
from banso.customers.sheets import among
from banso.work.models import MEETINGS, Activity, Cadence

USUAL = {Tier.HIGH: 30, Tier.LOW: 90, Tier.TECH: 0}
MOST_DAYS = 730


def night_after(on: date) -> datetime:
    """When the local day `on` is over (aware)."""
    return datetime.combine(on + timedelta(days=1), time(), current_workspace().tz)


def meetings(on: date) -> "QuerySet[Activity]":
    """Calls, visits and web meetings up to the end of the local day `on`."""
    return _by(on).filter(kind__in=MEETINGS)


def local_day(column: str) -> TruncDate:
    """The workspace's calendar day of a moment."""
    return TruncDate(column, tzinfo=current_workspace().tz)


def last_activity_on(on: date) -> BaseExpression:
    """The day of the customer's latest activity of any kind by the day `on`."""
    return _latest_day(_by(on))


def last_meeting_on(on: date) -> BaseExpression:
    """The day of the customer's latest meeting by the day `on`; null where none is noted."""
    return _latest_day(meetings(on))


def last_mood(on: date) -> BaseExpression:
    """The mood that was noted last by the day `on`; null where none ever was."""
    latest = _by(on).exclude(mood="").filter(customer=OuterRef("pk")).order_by("-happened_at")
    return Subquery(latest.values("mood")[:1])


def _by(on: date) -> "QuerySet[Activity]":
    found: QuerySet[Activity] = Activity.objects.filter(happened_at__lt=night_after(on))
    return found


def _latest_day(rows: "QuerySet[Activity]") -> BaseExpression:
    latest = rows.filter(customer=OuterRef("pk")).order_by("-happened_at")
    return Subquery(latest.annotate(day=local_day("happened_at")).values("day")[:1])


def _latest(on: date, those: Those) -> dict[UUID, tuple[Any, ...]]:
    met = Max("happened_at", filter=Q(kind__in=MEETINGS))
    rows = _by(on).filter(among(those)).values("customer_id").order_by()
    told = rows.annotate(any=Max("happened_at"), met=met).values_list("customer_id", "any", "met")
    day_of = current_workspace().day_of
    return {pk: (day_of(last), day_of(talk) if talk else None) for pk, last, talk in told}


LATEST = Sheet(("work.last_activity_on", "work.last_meeting_on"), (None, None), read=_latest)


def days_between_meetings() -> NullIf:
    """The rhythm of the customer's tier in days; null where there is none."""
    told = Cadence.objects.filter(tier=OuterRef("tier")).values("days")[:1]
    usual = Case(
        *(When(tier=tier, then=Value(days)) for tier, days in USUAL.items()),
        output_field=IntegerField(),
    )
    return NullIf(Coalesce(Subquery(told, output_field=IntegerField()), usual), Value(0))


def meeting_due_on(on: date) -> BaseExpression:
    """By when the customer is to be met, as of the day `on`.

    Counted from the last meeting; where none is noted, from the last contact, else from when the
    customer came. Null where the tier has no rhythm, and for customers who have left.
    """
    earlier = Case(When(last_contact_on__lte=on, then=F("last_contact_on")))
    since = Coalesce(last_meeting_on(on), earlier, F("since"), local_day("created_at"))
    due = CombinedExpression(since, "+", days_between_meetings(), output_field=DateField())
    return Case(When(stage=Stage.CHURNED, then=None), default=due, output_field=DateField())


def meeting_overdue(on: date) -> BaseExpression:
    """Whether the customer should have been met before the day `on`."""
    late = When(f_work_meeting_due_on__lt=on, then=True)
    return Case(late, default=False, output_field=BooleanField())
