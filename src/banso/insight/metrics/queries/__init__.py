from banso.insight.metrics.queries.closings import (
    Touch,
    closed_months,
    closing_page,
    next_to_close,
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
from banso.insight.metrics.queries.reported import (
    CUT_BY,
    HEADLINE,
    KEPT,
    OF_A_YEAR,
    Closed,
    Kept,
    closed_figures,
    closed_parts,
    closings_of,
    figures_kept,
    kpis_kept,
    month_of,
    period_kept,
)
from banso.insight.metrics.queries.rules import rules, rules_differ
from banso.insight.metrics.queries.segments import segments_since
from banso.insight.metrics.queries.voiding import voided_by

__all__ = [
    "CUT_BY",
    "FULL_TIME",
    "HEADLINE",
    "KEPT",
    "OF_A_YEAR",
    "Closed",
    "Kept",
    "NoRate",
    "Touch",
    "closed_figures",
    "closed_months",
    "closed_parts",
    "closing_page",
    "closings_of",
    "cost_of_months",
    "currencies_without_rate",
    "figures_kept",
    "fte",
    "is_small_ledger",
    "kpis_kept",
    "latest_rates",
    "month_of",
    "next_to_close",
    "period_kept",
    "rate_page",
    "rates_for",
    "rates_where_known",
    "rules",
    "rules_differ",
    "sales_costs",
    "segments_since",
    "team_times",
    "touches",
    "voided_by",
]
