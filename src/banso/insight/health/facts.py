"""What is known of customers on a day, read through Fields in bulk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, OuterRef, QuerySet, Subquery

from banso.customers.fields import annotate, known_field
from banso.customers.models import Customer
from banso.insight.health.calendar import workspace_calendar
from banso.insight.health.models import Judgement
from banso.lib.business_time import BusinessCalendar
from banso.touchpoints.usage.models import DailyUsage
from banso.work.models import CallToAction

STALE_AFTER_DAYS = 14
CADENCE_DAYS = {"high": 30, "low": 90, "tech": 180}
CALENDAR_DAYS_PER_BUSINESS_DAY = 7 / 5
READ = (
    "customers.tier",
    "customers.stage",
    "customers.stage_days",
    "customers.since",
    "customers.mrr",
    "customers.renewal_on",
    "customers.notice_on",
    "customers.last_contact_on",
    "customers.contract_state",
    "customers.champion",
    "customers.champion_gone_on",
    "usage.ever",
    "usage.last_seen_on",
    "usage.active_people_28",
    "usage.active_people_prev_28",
    "usage.events_28",
    "usage.trend_28",
    "usage.features_28",
    "usage.features_broad",
    "usage.seat_share_28",
    "work.worst_call",
    "work.worst_call_since",
    "health.judgement",
)
OWN = ("main_owner_id", "sub_owner_id", "h_judged_on", "h_judgement_expires_on")


@dataclass(frozen=True, slots=True)
class Setting:
    """What all customers of the workspace share on the day `on`.

    `usage_until`: the last day any customer used anything; `calls_known`: whether the
    workspace has ever raised a call to action, so that "none open" says something.
    """

    on: date
    calendar: BusinessCalendar
    usage_until: date | None
    calls_known: bool

    @property
    def usage_is_stale(self) -> bool:
        """Usage has stopped arriving: silence then says nothing about any one customer."""
        limit = self.on - timedelta(days=STALE_AFTER_DAYS)
        return self.usage_until is not None and self.usage_until < limit

    @property
    def stale_since(self) -> date | None:
        """The last day of usage, where usage has stopped arriving."""
        return self.usage_until if self.usage_is_stale else None


@dataclass(frozen=True, slots=True)
class Facts:
    """One customer on one day; `said` holds Field values by key, None where there is no data."""

    setting: Setting
    customer_id: UUID
    said: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.said.get(key)

    @property
    def on(self) -> date:
        return self.setting.on

    @property
    def has_usage(self) -> bool:
        """Whether this customer has ever sent usage: which scorecard fits."""
        return bool(self["usage.ever"])

    @property
    def deadline(self) -> tuple[str, date] | None:
        """The sooner of the notice deadline and the renewal that is still to come, and which."""
        days = [
            (day, kind)
            for kind, key in (
                ("notice", "customers.notice_on"),
                ("renewal", "customers.renewal_on"),
            )
            if (day := self[key]) is not None and day >= self.on
        ]
        return min(days)[::-1] if days else None

    @property
    def days_to_deadline(self) -> int | None:
        return (self.deadline[1] - self.on).days if self.deadline else None

    @property
    def days_silent(self) -> int | None:
        """Calendar days since the last contact; None when none is recorded."""
        return self._days_since("customers.last_contact_on")

    @property
    def cadence_used(self) -> float | None:
        """How much of the tier's rhythm has passed without contact; 1 = it is time.

        Counted in business days (×7/5), so that holidays make nobody late.
        """
        last = self["customers.last_contact_on"]
        if last is None:
            return None
        passed = self.setting.calendar.business_days(last, self.on) * CALENDAR_DAYS_PER_BUSINESS_DAY
        return passed / CADENCE_DAYS.get(self["customers.tier"], CADENCE_DAYS["tech"])

    @property
    def call_days(self) -> int | None:
        return self._days_since("work.worst_call_since")

    @property
    def is_scored(self) -> bool:
        """Customers of the day: not before they signed up, and not once their contract ended."""
        since = self["customers.since"]
        if since is not None and since > self.on:
            return False
        state = self["customers.contract_state"] or "none"
        if state == "none":
            return bool(self["customers.stage"] not in ("churned", None))
        return bool(state != "ended")

    def days_since(self, day: date | None) -> int | None:
        return None if day is None else (self.on - day).days

    def _days_since(self, key: str) -> int | None:
        return self.days_since(self[key])


def setting_of(on: date) -> Setting:
    """What all customers share on the day `on`. 3 queries."""
    used = DailyUsage.objects.filter(day__lte=on).aggregate(last=Max("day"))["last"]
    called = CallToAction.objects.filter(since__lte=on).exists()
    return Setting(on, workspace_calendar(), used, called)


def read_facts(setting: Setting, customer_ids: Sequence[UUID] | None = None) -> Iterator[Facts]:
    """Facts of all live customers, or of the given ones, by id, in one query.

    One query, because what Fields share (the median day, known features) is worked out once.
    """
    keys = [key for key in READ if known_field(key)]
    customers = Customer.objects.order_by("pk")
    if customer_ids is not None:
        customers = customers.filter(pk__in=customer_ids)
    for row in _rows(customers, keys, setting.on):
        yield Facts(setting, row[0], dict(zip((*keys, *OWN), row[1:], strict=True)))


def _rows(customers: QuerySet[Customer], keys: Sequence[str], on: date) -> Iterable[Any]:
    latest = Judgement.objects.filter(customer=OuterRef("pk"), made_on__lte=on).order_by(
        "-made_on", "-id"
    )
    aliases = [field.alias for key in keys if (field := known_field(key))]
    return (
        annotate(customers, keys, on=on)
        .annotate(
            h_judged_on=Subquery(latest.values("made_on")[:1]),
            h_judgement_expires_on=Subquery(latest.values("expires_on")[:1]),
        )
        .values_list("pk", *aliases, *OWN)
    )
