from banso.insight.metrics.services.checks import LAST_DAY
from banso.insight.metrics.services.closings import close_month, reopen_month, tell_touched
from banso.insight.metrics.services.costs import set_costs, set_fte
from banso.insight.metrics.services.kept import (
    WORK_OUT,
    WORK_OUT_BUYERS,
    begin_day,
    work_out,
    work_out_buyers,
    work_out_buyers_soon,
    work_out_soon,
)
from banso.insight.metrics.services.rates import (
    NewRate,
    add_rate,
    correct_rate,
    record_rates,
    take_back_rates,
    void_rate,
)
from banso.insight.metrics.services.rules import set_rules

__all__ = [
    "LAST_DAY",
    "WORK_OUT",
    "WORK_OUT_BUYERS",
    "NewRate",
    "add_rate",
    "begin_day",
    "close_month",
    "correct_rate",
    "record_rates",
    "reopen_month",
    "set_costs",
    "set_fte",
    "set_rules",
    "take_back_rates",
    "tell_touched",
    "void_rate",
    "work_out",
    "work_out_buyers",
    "work_out_buyers_soon",
    "work_out_soon",
]
