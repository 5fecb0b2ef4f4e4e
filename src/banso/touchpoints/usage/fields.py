"""The values of a customer that come from usage, as of a day. No usage ever is None, never 0."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from banso.customers.fields import Expression
from banso.lib.usage_windows import Window
from banso.touchpoints.usage import windows
from banso.touchpoints.usage.models import DailyUsage
from banso.touchpoints.usage.windows import Compared, compared

FIRST_WEEK = timedelta(days=7)
PERSON = ~Q(person_key="")
Expressing = Callable[[date], Expression]


def ever(on: date) -> Expression:
    """Whether the customer had sent any usage by then."""
    return ExpressionWrapper(Exists(_theirs(day__lte=on)), output_field=BooleanField())


def last_seen_on(on: date) -> Expression:
    used = _theirs(day__lte=on, events__gt=0).order_by("-day").values("day")[:1]
    return Subquery(used, DateField())


def events_in(days: int, *, back: int = 0) -> Expressing:
    """Events in the last `days` local days up to and with `on`; `back` 1: in as many before."""

    def expression(on: date) -> Expression:
        counted = _one(_within(on, days, back), Cast(Sum("events"), BigIntegerField()))
        return _known(_theirs(day__lte=on), Subquery(counted, BigIntegerField()))

    return expression


def people_in(days: int, *, back: int = 0) -> Expressing:
    """Different people with any event; None where the source never tells people apart."""

    def expression(on: date) -> Expression:
        active = _within(on, days, back).filter(PERSON, events__gt=0)
        counted = Subquery(_one(active, Count("person_key", distinct=True)), IntegerField())
        return _known(_theirs(day__lte=on).filter(PERSON), counted)

    return expression


def features_in(days: int) -> Expressing:
    """Different features with any event."""

    def expression(on: date) -> Expression:
        used = _within(on, days, 0).filter(events__gt=0)
        counted = Subquery(_one(used, Count("feature", distinct=True)), IntegerField())
        return _known(_theirs(day__lte=on), counted)

    return expression


def features_known(on: date) -> Expression:
    """Features that one in twenty or more of the workspace's active customers used in 90 days.

    1 query or 3 when built: every customer is compared with the same number.
    """
    known = Value(windows.features_known(on))
    return Case(When(Exists(_theirs(day__lte=on)), then=known), default=None)


def features_broad(on: date) -> Expression:
    """Features that the broadest tenth of the workspace's active customers used in 28 days.

    What breadth can be expected here: 1 or 2 queries when built, one number for every customer.
    """
    broad = Value(windows.features_broad(on))
    return Case(When(Exists(_theirs(day__lte=on)), then=broad), default=None)


def trend(days: int = 28) -> Expressing:
    """Events a telling day in the window ÷ the same in the window before (see `windows.compared`).

    None where that would compare with too little: three telling days on each side are needed, a
    use within the first week of the window before or earlier, and any event on its telling days.
    """

    def expression(on: date) -> Expression:
        known = compared(on, days)
        if not known.comparable:
            return Value(None, FloatField())
        start = known.window.previous.start
        whole = Exists(_theirs(day__lt=start + FIRST_WEEK))
        return Case(When(whole, then=Subquery(_ratio(known), FloatField())), default=None)

    return expression


def seat_share(on: date) -> Expression:
    """Active people in 28 days ÷ contracted seats; reads both by their annotations."""
    people, seats = F("f_usage_active_people_28"), F("f_customers_seats")
    return Cast(people, FloatField()) / NullIf(Cast(seats, FloatField()), 0.0)


def _theirs(**facts: Any) -> QuerySet[DailyUsage]:
    rows: QuerySet[DailyUsage] = DailyUsage.objects.filter(customer=OuterRef("pk"), **facts)
    return rows


def _within(on: date, days: int, back: int) -> QuerySet[DailyUsage]:
    window = Window(on - timedelta(days=days * back), days)
    return _theirs(day__gte=window.start, day__lt=window.end)


def _one(rows: QuerySet[DailyUsage], aggregate: Any) -> QuerySet[Any]:
    """One aggregate over a customer's rows; no row when there are none."""
    return rows.order_by().values("customer").annotate(one=aggregate).values("one")


def _known(rows: QuerySet[DailyUsage], then: Subquery) -> Case:
    """`then`, or 0 where it found nothing, for customers that have `rows`; None for the others."""
    return Case(When(Exists(rows), then=Coalesce(then, Value(0))), default=None)


def _ratio(known: Compared) -> QuerySet[Any]:
    days = [*known.recent, *known.previous]
    now = Coalesce(Sum("events", filter=Q(day__in=known.recent)), Value(0))
    before = NullIf(Coalesce(Sum("events", filter=Q(day__in=known.previous)), Value(0)), Value(0))
    pace = Value(len(known.previous) / len(known.recent))
    return _one(_theirs(day__in=days), Cast(now, FloatField()) / Cast(before, FloatField()) * pace)
