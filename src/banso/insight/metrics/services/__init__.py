from banso.insight.metrics.services.checks import LAST_DAY
from banso.insight.metrics.services.costs import set_costs, set_fte
from banso.insight.metrics.services.rates import (
    NewRate,
    Recorded,
    add_rate,
    correct_rate,
    record_rates,
    take_back_rates,
    void_rate,
)
from banso.insight.metrics.services.rules import set_rules

__all__ = [
    "LAST_DAY",
    "NewRate",
    "Recorded",
    "add_rate",
    "correct_rate",
    "record_rates",
    "set_costs",
    "set_fte",
    "set_rules",
    "take_back_rates",
    "void_rate",
]
