from banso.insight.metrics.models.closings import ClosedFigure, Closing
from banso.insight.metrics.models.costs import SalesCost, TeamTime
from banso.insight.metrics.models.kept import KeptBoard
from banso.insight.metrics.models.rates import ExchangeRate
from banso.insight.metrics.models.reviews import Ask, Decision, Review, ReviewClosing, ReviewNote
from banso.insight.metrics.models.rules import KpiRules
from banso.insight.metrics.models.targets import Target, TargetKind, known_kind
from banso.insight.metrics.models.told import Put

__all__ = [
    "Ask",
    "ClosedFigure",
    "Closing",
    "Decision",
    "ExchangeRate",
    "KeptBoard",
    "KpiRules",
    "Put",
    "Review",
    "ReviewClosing",
    "ReviewNote",
    "SalesCost",
    "Target",
    "TargetKind",
    "TeamTime",
    "known_kind",
]
