from banso.insight.metrics.queries.costs import (
    FULL_TIME,
    cost_of_months,
    fte,
    sales_costs,
    team_times,
)
from banso.insight.metrics.queries.rates import (
    NoRate,
    currencies_without_rate,
    latest_rates,
    rate_page,
    rates_for,
)
from banso.insight.metrics.queries.rules import rules

__all__ = [
    "FULL_TIME",
    "NoRate",
    "cost_of_months",
    "currencies_without_rate",
    "fte",
    "latest_rates",
    "rate_page",
    "rates_for",
    "rules",
    "sales_costs",
    "team_times",
]
