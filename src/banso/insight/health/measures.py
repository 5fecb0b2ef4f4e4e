"""The measures scorecards are made of: each reads one Field and says where it lies on a curve."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words
from banso.insight.health.facts import Facts
from banso.lib.scoring import Curve, on_curve

# Two imaginary people who always come: with few people, one more or less says little.
STEADY_PEOPLE = 2
REMEMBERED = 5000  # answers of one measure; a trend has as many as there are customers


class Seen(NamedTuple):
    """What a Field said (`value`, shown to people) and where that lies on the measure's curve."""

    value: Any
    at: float
    more: tuple[tuple[str, Any], ...] = ()


class Mark(NamedTuple):
    """One measure of one customer on one day; `score` None where there is no data.

    `text` is what is stored of it, as PostgreSQL writes jsonb.
    """

    measure: "Measure"
    weight: int
    score: float | None
    text: str


@dataclass(frozen=True, eq=False)
class Measure:
    """One question to a customer's facts: the Field that answers, its weight, and its curve.

    `see` gives None where there is no data, which is never a 0.
    """

    key: str  # of the Field
    label: Words
    weight: int
    see: Callable[[Facts], Seen | None]
    curve: Curve
    _marks: dict[Seen | None, Mark] = field(default_factory=dict, init=False, repr=False)

    def mark(self, facts: Facts) -> Mark:
        """Where the customer lies on the curve. Many customers say the same: it is remembered."""
        seen = self.see(facts)
        if (known := self._marks.get(seen)) is None:
            if len(self._marks) >= REMEMBERED:
                self._marks.clear()
            known = self._marks[seen] = self._mark(seen)
        return known

    def _mark(self, seen: Seen | None) -> Mark:
        """0 to 100, higher is healthier."""
        if seen is None:
            return Mark(self, self.weight, None, _text(self.key, self.weight, None, None, ()))
        points = round(float(on_curve(self.curve, seen.at)), 1)
        text = _text(self.key, self.weight, points, seen.value, seen.more)
        return Mark(self, self.weight, points, text)


@lru_cache(maxsize=20_000, typed=True)
def _text(
    key: str, weight: int, points: float | None, value: Any, more: tuple[tuple[str, Any], ...]
) -> str:
    stored = {"key": key, "score": points, "weight": weight, "value": value, **dict(more)}
    return as_jsonb(stored)


def as_jsonb(stored: Mapping[str, Any]) -> str:
    """JSON as PostgreSQL gives jsonb back (shorter keys first): equal texts are equal rows."""
    return json.dumps(_ordered(stored), ensure_ascii=False)


def _ordered(stored: Mapping[str, Any]) -> dict[str, Any]:
    items = sorted(stored.items(), key=lambda item: (len(item[0]), item[0]))
    return {key: _ordered(one) if isinstance(one, dict) else one for key, one in items}


AS_IS: Curve = ((0, 0), (100, 100))
PACE: Curve = ((0, 0), (0.3, 10), (0.5, 30), (0.7, 55), (0.85, 72), (1, 86), (1.2, 100))
PEOPLE: Curve = ((0, 0), (0.33, 10), (0.5, 25), (0.75, 55), (0.9, 76), (1, 88), (1.2, 100))
# Against the broadest tenth of the workspace's customers: what breadth can be expected here.
BREADTH: Curve = ((0, 0), (0.1, 35), (0.25, 62), (0.5, 85), (0.75, 100))
SEATS: Curve = ((0, 0), (0.2, 30), (0.5, 65), (0.8, 90), (1, 100))
# Nearness alone takes nobody out of healthy; it decides who comes first on Today.
DEADLINE: Curve = ((0, 70), (30, 76), (90, 86), (180, 100))
RHYTHM: Curve = ((0, 100), (1, 80), (1.5, 60), (2, 40), (3, 12), (4, 0))
CALL_CURVES: dict[str, Curve] = {
    "complaint": ((0, 40), (14, 10), (30, 0)),
    "invoice_overdue": ((0, 60), (30, 30), (60, 0)),
    "onboarding_stuck": ((0, 50), (30, 20), (60, 0)),
    "other": ((0, 70), (30, 45), (90, 20)),
}
MOODS = {"good": 92, "neutral": 62, "bad": 12}
CHAMPIONS = {"here": 100, "gone": 10}
STATES = {"trial": 75, "noticed": 0}
OPEN_ENDED = 92  # under contract, without a day by which it must be renewed


def _usage(see: Callable[[Facts], Seen | None]) -> Callable[[Facts], Seen | None]:
    """Usage that stopped arriving for the whole workspace is missing, not zero."""
    return lambda facts: None if facts.setting.usage_is_stale else see(facts)


def _pace(facts: Facts) -> Seen | None:
    trend = facts["usage.trend_28"]
    if trend is None:
        return Seen(0.0, 0.0) if _fell_silent(facts) else None
    return Seen(round(float(trend), 3), float(trend))


def _people(facts: Facts) -> Seen | None:
    now, before = facts["usage.active_people_28"], facts["usage.active_people_prev_28"]
    if now is None or not before:
        return None
    if _fell_silent(facts):
        return Seen(0, 0.0, (("was", before),))
    return Seen(now, (now + STEADY_PEOPLE) / (before + STEADY_PEOPLE), (("was", before),))


def _breadth(facts: Facts) -> Seen | None:
    used, broad = facts["usage.features_28"], facts["usage.features_broad"]
    if not broad or broad < 2 or used is None:
        return None
    return Seen(used, used / broad, (("of", broad),))


def _seats(facts: Facts) -> Seen | None:
    share = facts["usage.seat_share_28"]
    return None if share is None else Seen(round(float(share), 3), float(share))


def _fell_silent(facts: Facts) -> bool:
    return facts.has_usage and facts["usage.events_28"] == 0


def _contract(facts: Facts) -> Seen | None:
    state = facts["customers.contract_state"]
    if state in (None, "none", "ended"):
        return None
    if state in STATES:
        return Seen(state, STATES[state])
    days = facts.days_to_deadline
    return Seen(state, OPEN_ENDED if days is None else on_curve(DEADLINE, days))


def _champion(facts: Facts) -> Seen | None:
    champion = facts["customers.champion"]
    return Seen(champion, CHAMPIONS[champion]) if champion in CHAMPIONS else None


def _calls(facts: Facts) -> Seen | None:
    kind = facts["work.worst_call"]
    if kind is None:
        return Seen("", 100) if facts.setting.calls_known else None
    curve = CALL_CURVES.get(kind, CALL_CURVES["other"])
    return Seen(kind, on_curve(curve, facts.call_days or 0), (("days", facts.call_days or 0),))


def _judgement(facts: Facts) -> Seen | None:
    mood = facts["health.judgement"]
    return Seen(mood, MOODS[mood]) if mood in MOODS else None


def _rhythm(facts: Facts) -> Seen | None:
    used = facts.cadence_used
    return None if used is None else Seen(facts.days_silent, used)


def usage_pace(weight: int) -> Measure:
    label = _("Usage per business day")
    return Measure("usage.trend_28", label, weight, _usage(_pace), PACE)


def active_people(weight: int) -> Measure:
    label = _("Active people")
    return Measure("usage.active_people_28", label, weight, _usage(_people), PEOPLE)


def breadth(weight: int) -> Measure:
    return Measure("usage.features_28", _("Features used"), weight, _usage(_breadth), BREADTH)


def seats(weight: int) -> Measure:
    """Over 100 % is the best there is: a chance to grow, not harm."""
    return Measure("usage.seat_share_28", _("Share of seats used"), weight, _usage(_seats), SEATS)


def contract(weight: int) -> Measure:
    return Measure("customers.contract_state", _("Contract and notice"), weight, _contract, AS_IS)


def champion(weight: int) -> Measure:
    return Measure("customers.champion", _("Champion"), weight, _champion, AS_IS)


def open_calls(weight: int) -> Measure:
    return Measure("work.worst_call", _("Open calls to action"), weight, _calls, AS_IS)


def judgement(weight: int) -> Measure:
    return Measure("health.judgement", _("CSM's judgement"), weight, _judgement, AS_IS)


def contact_rhythm(weight: int) -> Measure:
    label = _("Days since contact")
    return Measure("customers.days_since_contact", label, weight, _rhythm, RHYTHM)
