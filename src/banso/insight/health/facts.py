"""What is known of customers on a day, read through Fields in bulk."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.functional import cached_property

from banso.customers.fields import Those
from banso.customers.sheets import among, values_of
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
)
OWN = ("health.judgement", "h_judged_on", "h_judgement_expires_on")
UNJUDGED = dict.fromkeys(OWN)


@dataclass(frozen=True)
class Setting:
    """What all customers of the workspace share on the day `on`.

    `usage_until`: the last day any customer used anything; `calls_known`: whether the
    workspace has ever raised a call to action, so that "none open" says something.
    """

    on: date
    calendar: BusinessCalendar
    usage_until: date | None
    calls_known: bool
    _worked: dict[date, int] = field(default_factory=dict, repr=False, compare=False)

    def business_days_since(self, day: date) -> int:
        """Business days from `day` to the day asked for; worked out once for each day."""
        if (known := self._worked.get(day)) is None:
            known = self._worked[day] = self.calendar.business_days(day, self.on)
        return known

    @cached_property
    def usage_is_stale(self) -> bool:
        """Usage has stopped arriving: silence then says nothing about any one customer."""
        limit = self.on - timedelta(days=STALE_AFTER_DAYS)
        return self.usage_until is not None and self.usage_until < limit

    @property
    def stale_since(self) -> date | None:
        """The last day of usage, where usage has stopped arriving."""
        return self.usage_until if self.usage_is_stale else None


class Facts(dict[str, Any]):
    """One customer on one day: Field values by key, None where there is no data."""

    def __init__(self, setting: Setting, customer_id: UUID, said: Mapping[str, Any]) -> None:
        super().__init__(said)
        self.setting = setting
        self.on = setting.on
        self.customer_id = customer_id

    def __missing__(self, key: str) -> None:
        """A Field that no room declares has no data."""

    @property
    def has_usage(self) -> bool:
        """Whether this customer has ever sent usage: which scorecard fits."""
        return bool(self["usage.ever"])

    @cached_property
    def deadline(self) -> tuple[str, date] | None:
        """The sooner of the notice deadline and the renewal that is still to come, and which."""
        on, notice = self.on, self["customers.notice_on"]
        renewal = self["customers.renewal_on"]
        if notice is not None and notice >= on and not (renewal and on <= renewal < notice):
            return "notice", notice
        return ("renewal", renewal) if renewal is not None and renewal >= on else None

    @cached_property
    def days_to_deadline(self) -> int | None:
        return (self.deadline[1] - self.on).days if self.deadline else None

    @cached_property
    def days_silent(self) -> int | None:
        """Calendar days since the last contact; None when none is recorded."""
        return self._days_since("customers.last_contact_on")

    @cached_property
    def cadence_used(self) -> float | None:
        """How much of the tier's rhythm has passed without contact; 1 = it is time.

        Counted in business days (×7/5), so that holidays make nobody late.
        """
        last = self["customers.last_contact_on"]
        if last is None:
            return None
        passed = self.setting.business_days_since(last) * CALENDAR_DAYS_PER_BUSINESS_DAY
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


def read_facts(setting: Setting, those: Those) -> Generator[Facts, None, None]:
    """Facts of those live customers, by id. Set by set: about ten queries.

    No other query may be made between customers (the server is ahead by 1,000), nor before the
    generator is closed where its end is not reached.
    """
    judged = _judgements(setting.on, those)
    for pk, said in values_of(READ, those, on=setting.on):
        said.update(judged.get(pk, UNJUDGED))
        yield Facts(setting, pk, said)


def _judgements(on: date, those: Those) -> dict[UUID, dict[str, Any]]:
    """The latest judgement of each customer who was ever judged; its mood while it holds."""
    made = Judgement.objects.filter(among(those), made_on__lte=on)
    latest = made.order_by("customer_id", "-made_on", "-id").distinct("customer_id")
    rows = latest.values_list("customer_id", "mood", "made_on", "expires_on")
    return {
        pk: dict(zip(OWN, (mood if ends > on else None, judged_on, ends), strict=True))
        for pk, mood, judged_on, ends in rows
    }
