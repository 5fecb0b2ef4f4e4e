from banso.insight.metrics.queries.closings import (
    CUT_BY,
    HEADLINE,
    Closed,
    Touch,
    closed_figures,
    closed_months,
    closing_page,
    figures_of,
    month_of,
    next_to_close,
    reported,
    touches,
)
from banso.insight.metrics.queries.costs import (
    FULL_TIME,
    cost_of_months,
    fte,
    sales_costs,
    team_times,
)
from banso.insight.metrics.queries.ledger import is_small_ledger
from banso.insight.metrics.queries.rates import (
    NoRate,
    currencies_without_rate,
    latest_rates,
    rate_page,
    rates_for,
    rates_where_known,
)
from banso.insight.metrics.queries.rules import rules, rules_differ
from banso.insight.metrics.queries.voiding import voided_by

__all__ = [
    "CUT_BY",
    "FULL_TIME",
    "HEADLINE",
    "Closed",
    "NoRate",
    "Touch",
    "closed_figures",
    "closed_months",
    "closing_page",
    "cost_of_months",
    "currencies_without_rate",
    "figures_of",
    "fte",
    "is_small_ledger",
    "latest_rates",
    "month_of",
    "next_to_close",
    "rate_page",
    "rates_for",
    "rates_where_known",
    "reported",
    "rules",
    "rules_differ",
    "sales_costs",
    "team_times",
    "touches",
    "voided_by",
]
