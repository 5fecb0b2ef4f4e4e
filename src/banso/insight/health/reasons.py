"""Why a customer stands where they stand: the most telling reason, by damage × urgency.

A reason is {"code", "params"} with ids, enums and numbers only; `wording` makes it a sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.functional import cached_property

from banso.insight.health.facts import CADENCE_DAYS, Facts
from banso.insight.health.measures import Mark, as_jsonb
from banso.insight.health.models import Band
from banso.lib.priority import nearness
from banso.lib.scoring import Total

NEAR_DAYS = 180
SILENT_WINDOW_DAYS = 60
# How grave each reason is beyond the points it costs (0-1); see lib/priority.py, `signal`.
GRAVITY = {
    "notice_given": 0.9,
    "silent_before_deadline": 0.5,
    "usage_stopped": 0.5,
    "complaint": 0.45,
    "invoice_overdue": 0.45,
    "champion_gone": 0.45,
    "onboarding_stuck": 0.4,
    "people_fell": 0.35,
    "judged_bad": 0.3,
    "trial_ending": 0.3,
    "seats_over": 0.3,
    "call_open": 0.25,
    "usage_fell": 0.25,
    "deadline_near": 0.2,
    "contact_overdue": 0.15,
    "onboarding_long": 0.15,
    "few_seats": 0.1,
    "judgement_expired": 0.1,
    "few_features": 0.05,
}


@dataclass(frozen=True, eq=False)
class Case:
    """A customer as the reasons see it: facts, the points each measure costs, and the outcome."""

    facts: Facts
    loss: dict[str, float]
    total: Total
    band: Band

    @cached_property
    def near(self) -> dict[str, Any]:
        """Params of the deadline when it is near enough to be said: kind and days."""
        days, deadline = self.facts.days_to_deadline, self.facts.deadline
        if deadline is None or days is None or days > NEAR_DAYS:
            return {}
        return {"deadline": deadline[0], "days": days}

    @cached_property
    def haste(self) -> float:
        """1 without a deadline in sight, up to 2 on its day."""
        return 1 + nearness(self.facts.days_to_deadline) if self.near else 1.0


class Candidate(NamedTuple):
    """A reason that could be given; the greatest damage × urgency is."""

    code: str
    params: dict[str, Any]
    damage: float
    urgency: float = 1.0

    @property
    def text(self) -> str:
        """What is stored of it, as PostgreSQL writes jsonb."""
        return _text(self.code, tuple(self.params.items()))


@lru_cache(maxsize=20_000)
def _text(code: str, params: tuple[tuple[str, Any], ...]) -> str:
    return as_jsonb({"code": code, "params": dict(params)})


Teller = Callable[[Case], Candidate | None]


def case_of(facts: Facts, marks: list[Mark], total: Total, band: Band) -> Case:
    """The points each known measure takes from 100."""
    known = [(one.measure.key, one.weight, one.score) for one in marks if one.score is not None]
    weights = sum([weight for _key, weight, _score in known])
    loss = {key: weight * (100 - score) / weights for key, weight, score in known}
    return Case(facts, loss, total, band)


def most_telling(case: Case) -> Candidate:
    """The candidate with the greatest damage × urgency; ties go to the first in TELLERS."""
    return max(candidates(case), key=_weight)


def candidates(case: Case) -> list[Candidate]:
    """Everything that could be said of this customer; at least one."""
    return [found for teller in TELLERS if (found := teller(case))]


def _weight(one: Candidate) -> float:
    return one.damage * one.urgency


def gravity(reason: Candidate) -> float:
    """0-1; what the reason adds to the risk beyond the score."""
    return GRAVITY.get(reason.code, 0.0)


def notice_given(case: Case) -> Candidate | None:
    if case.facts["customers.contract_state"] != "noticed":
        return None
    end = case.facts["customers.renewal_on"]
    days = (end - case.facts.on).days if end else None
    return Candidate("notice_given", {"days": days}, 100, 2)


def usage_stopped(case: Case) -> Candidate | None:
    facts = case.facts
    if not facts.has_usage or facts.setting.usage_is_stale or facts["usage.events_28"] != 0:
        return None
    days = facts.days_since(facts["usage.last_seen_on"])
    if days is None:
        return None
    lost = sum(points for key, points in case.loss.items() if key.startswith("usage."))
    return Candidate("usage_stopped", {"silent": days, **case.near}, lost, case.haste)


def people_fell(case: Case) -> Candidate | None:
    facts = case.facts
    now, was = facts["usage.active_people_28"], facts["usage.active_people_prev_28"]
    lost = case.loss.get("usage.active_people_28")
    if not lost or not now or not was or was < 3 or now > 0.8 * was:
        return None
    return Candidate("people_fell", {"was": was, "now": now, **case.near}, lost, 1.5 * case.haste)


def usage_fell(case: Case) -> Candidate | None:
    trend, lost = case.facts["usage.trend_28"], case.loss.get("usage.trend_28")
    if not lost or trend is None or trend > 0.8:
        return None
    percent = round(100 * (1 - float(trend)))
    return Candidate("usage_fell", {"percent": percent, **case.near}, lost, 1.3 * case.haste)


def champion_gone(case: Case) -> Candidate | None:
    gone_on = case.facts["customers.champion_gone_on"]
    if case.facts["customers.champion"] != "gone":
        return None
    params = {"on": gone_on.isoformat() if gone_on else None}
    return Candidate("champion_gone", params, case.loss.get("customers.champion", 0), 1.8)


def call_open(case: Case) -> Candidate | None:
    kind, lost = case.facts["work.worst_call"], case.loss.get("work.worst_call", 0)
    if kind is None:
        return None
    code = kind if kind in GRAVITY else "call_open"
    return Candidate(code, {"open_days": case.facts.call_days or 0}, lost, 2)


def onboarding_long(case: Case) -> Candidate | None:
    days = case.facts["customers.stage_days"]
    if case.facts["customers.stage"] != "onboarding" or not days or days <= 90:
        return None
    return Candidate("onboarding_long", {"stage_days": days}, 4)


def silent_before_deadline(case: Case) -> Candidate | None:
    facts, near = case.facts, case.near
    used, silent = facts.cadence_used, facts.days_silent
    if not near or near["days"] > SILENT_WINDOW_DAYS or used is None or silent is None:
        return None
    if used <= 1 or silent < SILENT_WINDOW_DAYS:
        return None
    params = {**near, "silent": silent, "band": str(case.band)}
    return Candidate("silent_before_deadline", params, 12, case.haste)


def contact_overdue(case: Case) -> Candidate | None:
    used, silent = case.facts.cadence_used, case.facts.days_silent
    if used is None or used <= 1.2 or silent is None:
        return None
    lost = case.loss.get("customers.days_since_contact", 3)
    cadence = CADENCE_DAYS.get(case.facts["customers.tier"], CADENCE_DAYS["tech"])
    return Candidate("contact_overdue", {"silent": silent, "cadence": cadence}, lost)


def judged(case: Case) -> Candidate | None:
    mood, days = case.facts["health.judgement"], case.facts.days_since(case.facts["h_judged_on"])
    if mood not in ("good", "bad") or days is None:
        return None
    if mood == "good":
        return Candidate("judged_good", {"ago": days}, 0.45)
    return Candidate("judged_bad", {"ago": days}, case.loss.get("health.judgement", 6), 1.5)


def judgement_expired(case: Case) -> Candidate | None:
    expired = case.facts.days_since(case.facts["h_judgement_expires_on"])
    if case.facts["health.judgement"] is not None or expired is None or case.facts.has_usage:
        return None
    return Candidate("judgement_expired", {"ago": max(expired, 0)}, 4)


def few_seats(case: Case) -> Candidate | None:
    share, lost = case.facts["usage.seat_share_28"], case.loss.get("usage.seat_share_28")
    if not lost or not share or share >= 0.4:
        return None
    return Candidate("few_seats", {"percent": round(100 * float(share))}, lost, 0.6)


def few_features(case: Case) -> Candidate | None:
    used, broad = case.facts["usage.features_28"], case.facts["usage.features_broad"]
    lost = case.loss.get("usage.features_28")
    if not lost or not used or used / broad >= 0.34:
        return None
    return Candidate("few_features", {"used": used, "of": broad}, lost, 0.6)


def deadline_near(case: Case) -> Candidate | None:
    near = case.near
    if not near or near["days"] > 30 or case.facts["customers.contract_state"] == "trial":
        return None
    return Candidate("deadline_near", near, 5, case.haste)


def trial(case: Case) -> Candidate | None:
    if case.facts["customers.contract_state"] != "trial":
        return None
    days = case.facts.days_to_deadline
    if days is None or days > 14:
        return Candidate("trial_running", {"days": days}, 0.5)
    return Candidate("trial_ending", {"days": days}, 6)


def seats_over(case: Case) -> Candidate | None:
    share = case.facts["usage.seat_share_28"]
    if case.facts.setting.usage_is_stale or not share or share <= 1.05:
        return None
    return Candidate("seats_over", {"percent": round(100 * float(share))}, 6)


def usage_stale(case: Case) -> Candidate | None:
    setting = case.facts.setting
    if not case.facts.has_usage or not setting.usage_is_stale or setting.usage_until is None:
        return None
    return Candidate("usage_stale", {"on": setting.usage_until.isoformat()}, 8)


def too_little_data(case: Case) -> Candidate | None:
    if case.band != Band.WITHHELD:
        return None
    known = case.total.known
    if known == 0:
        return Candidate("no_data", {}, 7)
    return Candidate("too_little_data", {"known": known, "all": case.total.all}, 7)


def usage_grew(case: Case) -> Candidate | None:
    trend = case.facts["usage.trend_28"]
    if case.facts.setting.usage_is_stale or trend is None or trend < 1.2:
        return None
    return Candidate("usage_grew", {"percent": round(100 * (float(trend) - 1))}, 1)


def people_grew(case: Case) -> Candidate | None:
    now, was = case.facts["usage.active_people_28"], case.facts["usage.active_people_prev_28"]
    if case.facts.setting.usage_is_stale or not was or not now or now < 1.25 * was or now < was + 2:
        return None
    return Candidate("people_grew", {"was": was, "now": now}, 1.2)


def usage_steady(case: Case) -> Candidate | None:
    trend, people = case.facts["usage.trend_28"], case.facts["usage.active_people_28"]
    if case.facts.setting.usage_is_stale or not people:
        return None
    if trend is None:
        return Candidate("usage_new", {"people": people}, 0.6)
    return Candidate("usage_steady", {"people": people}, 0.5) if trend > 0.8 else None


def contact_fresh(case: Case) -> Candidate | None:
    used, silent = case.facts.cadence_used, case.facts.days_silent
    if used is None or used > 1 or silent is None:
        return None
    return Candidate("contact_fresh", {"silent": silent}, 0.4)


def contract_quiet(case: Case) -> Candidate | None:
    if case.facts["customers.contract_state"] != "active":
        return None
    deadline, days = case.facts.deadline, case.facts.days_to_deadline
    params = {"deadline": deadline[0], "days": days} if deadline else {}
    return Candidate("contract_quiet", params, 0.3)


def all_quiet(case: Case) -> Candidate | None:
    return Candidate("all_quiet", {}, 0)


TELLERS: tuple[Teller, ...] = (
    notice_given,
    usage_stopped,
    people_fell,
    usage_fell,
    champion_gone,
    call_open,
    silent_before_deadline,
    judged,
    contact_overdue,
    seats_over,
    trial,
    deadline_near,
    onboarding_long,
    judgement_expired,
    few_seats,
    few_features,
    usage_stale,
    too_little_data,
    people_grew,
    usage_grew,
    usage_steady,
    contact_fresh,
    contract_quiet,
    all_quiet,
)
