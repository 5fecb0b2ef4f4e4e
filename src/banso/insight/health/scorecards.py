"""The scorecards that ship: one for customers whose usage is known, one for those without."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words
from banso.insight.health import measures as m
from banso.insight.health.facts import Facts
from banso.insight.health.measures import Mark, Measure
from banso.lib.scoring import Total, total

NOTICED_CEILING = 30


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Measures with weights. A change of either is a new version: scores of two do not compare."""

    key: str
    version: int
    label: Words
    measures: tuple[Measure, ...]


WITH_USAGE = Scorecard(
    "with_usage",
    1,
    _("With usage data"),
    (
        m.usage_pace(20),
        m.active_people(20),
        m.breadth(10),
        m.seats(15),
        m.contract(15),
        m.champion(10),
        m.open_calls(10),
    ),
)
WITHOUT_USAGE = Scorecard(
    "without_usage",
    1,
    _("Without usage data"),
    (m.judgement(30), m.contact_rhythm(25), m.contract(20), m.champion(15), m.open_calls(10)),
)
SCORECARDS = {card.key: card for card in (WITH_USAGE, WITHOUT_USAGE)}
VERSIONS = ",".join(f"{card.key}{card.version}" for card in SCORECARDS.values())


def card_for(facts: Facts) -> Scorecard:
    """Chosen by itself: whoever has ever sent usage is scored by it."""
    return WITH_USAGE if facts.has_usage else WITHOUT_USAGE


def mark(card: Scorecard, facts: Facts) -> list[Mark]:
    """Every measure of the card asked once."""
    return [measure.mark(facts) for measure in card.measures]


def applicable(marks: list[Mark], known: Collection[str]) -> list[Mark]:
    """Marks that count: what the workspace never had data for does not lower coverage."""
    return [one for one in marks if one.measure.key in known]


def sum_up(marks: list[Mark], facts: Facts) -> Total:
    """The score of the applicable marks. Whoever gave notice scores 30 at most."""
    return total(marks, ceiling=ceiling(facts))


def ceiling(facts: Facts) -> int | None:
    return NOTICED_CEILING if facts["customers.contract_state"] == "noticed" else None
