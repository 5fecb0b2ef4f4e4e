"""What pages and other rooms read of usage."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from banso.customers.fields import annotate
from banso.customers.models import Customer
from banso.lib.usage_windows import Window
from banso.touchpoints.usage.models import DailyUsage
from banso.touchpoints.usage.windows import Compared, compared

WEEKS = 13
DAYS = 28
LONG = 90
PEOPLE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """A customer's usage as of a day; None is no data. Windows end with that day."""

    last_seen_on: date | None
    people_28: int | None
    people_prev_28: int | None
    events_7: int | None
    events_28: int | None
    events_prev_28: int | None
    events_90: int | None
    trend_28: float | None
    features_28: int | None
    features_known: int | None
    seat_share_28: float | None
    seats: int | None


KEYS = {
    "last_seen_on": "usage.last_seen_on",
    "people_28": "usage.active_people_28",
    "people_prev_28": "usage.active_people_prev_28",
    "events_7": "usage.events_7",
    "events_28": "usage.events_28",
    "events_prev_28": "usage.events_prev_28",
    "events_90": "usage.events_90",
    "trend_28": "usage.trend_28",
    "features_28": "usage.features_28",
    "features_known": "usage.features_known",
    "seat_share_28": "usage.seat_share_28",
    "seats": "customers.seats",
}


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """One feature in the last 90 days; `people` and `events` are of the last 28."""

    feature: str
    people: int
    events: int
    last_used_on: date


@dataclass(frozen=True, slots=True)
class PersonUse:
    """One person in the last 28 days. `name` is the contact's, else the source's own id."""

    name: str
    is_contact: bool
    events: int
    features: int
    last_used_on: date


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days up to and with `last_day`."""

    last_day: date
    events: int


@dataclass(frozen=True, slots=True)
class UsageCard:
    """Everything a customer's usage page shows, as of `compared.window.on`."""

    customer: Customer
    figures: Figures
    compared: Compared
    weeks: list[Week]
    features: list[FeatureUse]
    people: list[PersonUse]

    @property
    def has_usage(self) -> bool:
        return self.figures.last_seen_on is not None

    @property
    def people_change(self) -> int | None:
        return _difference(self.figures.people_28, self.figures.people_prev_28)

    @property
    def events_change(self) -> int | None:
        return _difference(self.figures.events_28, self.figures.events_prev_28)

    @property
    def tells_people(self) -> bool:
        """Whether the source tells people apart."""
        return self.figures.people_28 is not None

    @property
    def people_cut(self) -> bool:
        """Whether more people were active than `people` lists."""
        return (self.figures.people_28 or 0) > len(self.people)


@dataclass(frozen=True, slots=True)
class UsageGlance:
    """The few figures that a customer's page shows, as of `window.on`; None is no data."""

    customer_id: UUID
    window: Window
    last_seen_on: date | None
    people_28: int | None
    people_prev_28: int | None
    features_28: int | None
    features_known: int | None
    seat_share_28: float | None
    seats: int | None
    weeks: list[Week]


GLANCE = (
    "last_seen_on", "people_28", "people_prev_28", "features_28", "features_known",
    "seat_share_28", "seats",
)  # fmt: skip


def windows(customer_ids: Collection[UUID], on: date) -> dict[UUID, Figures]:
    """Figures of these customers as of the local day `on`. 3 queries, however many customers."""
    customers = _with_figures(on).filter(pk__in=customer_ids)
    return {customer.pk: _figures(customer) for customer in customers}


def usage_card(customer_id: UUID, *, on: date) -> UsageCard:
    """A customer's usage as of the local day `on`. Raises Customer.DoesNotExist. 12 queries."""
    customer = _with_figures(on).get(pk=customer_id)
    return UsageCard(
        customer,
        _figures(customer),
        compared(on, DAYS),
        _weeks(customer_id, on),
        _features(customer_id, on),
        _people(customer_id, on),
    )


def usage_glance(customer_id: UUID, *, on: date) -> UsageGlance:
    """A few figures as of the local day `on`. Raises Customer.DoesNotExist. At most 5 queries."""
    customer = _with_figures(on, GLANCE).get(pk=customer_id)
    values = _values(customer, GLANCE)
    return UsageGlance(customer_id, Window(on, DAYS), **values, weeks=_weeks(customer_id, on))


def _with_figures(on: date, names: Iterable[str] = KEYS) -> QuerySet[Customer]:
    keys = [KEYS[name] for name in names]
    return annotate(Customer.objects.all(), keys, on=on, kept=False)


def _figures(customer: Any) -> Figures:
    return Figures(**_values(customer, KEYS))


def _values(customer: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(customer, f"f_{KEYS[name].replace('.', '_')}") for name in names}


def _rows(customer_id: UUID, window: Window) -> Any:
    return DailyUsage.objects.filter(
        customer=customer_id, day__gte=window.start, day__lt=window.end, events__gt=0
    ).order_by()


def _weeks(customer_id: UUID, on: date) -> list[Week]:
    window = Window(on, 7 * WEEKS)
    days = dict(_rows(customer_id, window).values_list("day").annotate(n=Sum("events")))
    sums = [0] * WEEKS
    for day, events in days.items():
        sums[(day - window.start).days // 7] += int(events)
    return [Week(window.start + timedelta(days=7 * i + 6), n) for i, n in enumerate(sums)]


def _features(customer_id: UUID, on: date) -> list[FeatureUse]:
    lately = Q(day__gte=Window(on, DAYS).start)
    found = (
        _rows(customer_id, Window(on, LONG))
        .values("feature")
        .annotate(
            people=Count("person_key", filter=lately & ~Q(person_key=""), distinct=True),
            lately=Sum("events", filter=lately),
            last=Max("day"),
        )
        .order_by(F("lately").desc(nulls_last=True), "feature")
    )
    return [FeatureUse(f["feature"], f["people"], int(f["lately"] or 0), f["last"]) for f in found]


def _people(customer_id: UUID, on: date) -> list[PersonUse]:
    found = (
        _rows(customer_id, Window(on, DAYS))
        .exclude(person_key="")
        .values("person_key")
        .annotate(
            name=Max("contact__name"),
            total=Sum("events"),
            used=Count("feature", distinct=True),
            last=Max("day"),
        )
        .order_by("-total", "person_key")[:PEOPLE_SHOWN]
    )
    return [
        PersonUse(
            p["name"] or p["person_key"], bool(p["name"]), int(p["total"]), p["used"], p["last"]
        )
        for p in found
    ]


def _difference(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before
