"""Whom to run beside today: risk × MRR × nearness of the deadline."""

from banso.lib.scoring import Curve, on_curve

# The bands' edges (70 and 50) are where worry starts and where it becomes the main matter.
HARM: Curve = ((0, 1.0), (50, 0.5), (70, 0.15), (100, 0.0))
MEDIUM_HARM = 0.35
NEARNESS: Curve = ((0, 1.0), (30, 0.85), (90, 0.5), (180, 0.3), (365, 0.25))
NO_DEADLINE = 0.25


def risk(score: float | None, *, signal: float = 0.0) -> float:
    """0-1: how likely this customer needs somebody, by the score or by a sign the score misses.

    1 − (1 − harm)(1 − signal): either alone can make a risk, both together make more.
    `harm` falls with the score; a withheld score (None) counts as medium. `signal` (0-1) is
    how grave the most telling reason is: a healthy customer whose champion left, or who has
    not been spoken to before a deadline, still ranks.
    """
    harm = MEDIUM_HARM if score is None else on_curve(HARM, score)
    return 1 - (1 - harm) * (1 - min(max(signal, 0.0), 1.0))


def nearness(days: int | None) -> float:
    """0.25-1: 1 on the day of the deadline, a half at 90 days, a quarter from a year or none."""
    return NO_DEADLINE if days is None else on_curve(NEARNESS, days)


def priority(
    score: float | None, *, mrr: float | None, days_to_deadline: int | None, signal: float = 0.0
) -> float:
    """risk × MRR × nearness; the greatest comes first.

    `mrr` in minor units of one currency. One unit is added so that customers who pay
    nothing yet (trials) keep their order, after everybody who pays.
    """
    money = max(mrr or 0.0, 0.0) + 1
    return risk(score, signal=signal) * money * nearness(days_to_deadline)
