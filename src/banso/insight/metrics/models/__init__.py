from banso.insight.metrics.models.closings import ClosedFigure, Closing
from banso.insight.metrics.models.costs import SalesCost, TeamTime
from banso.insight.metrics.models.rates import ExchangeRate
from banso.insight.metrics.models.rules import KpiRules

__all__ = ["ClosedFigure", "Closing", "ExchangeRate", "KpiRules", "SalesCost", "TeamTime"]
