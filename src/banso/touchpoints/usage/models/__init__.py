"""The nouns of usage: what was done, who sends it, and what they call our customers' people."""

from banso.touchpoints.usage.models.arrival import Arrival
from banso.touchpoints.usage.models.identity import Account, Belonging, MatchedBy, Visitor
from banso.touchpoints.usage.models.rollups import DailyUsage, DayFigures, ImportedUsage
from banso.touchpoints.usage.models.source import Source, SourceKind

__all__ = [
    "Account",
    "Arrival",
    "Belonging",
    "DailyUsage",
    "DayFigures",
    "ImportedUsage",
    "MatchedBy",
    "Source",
    "SourceKind",
    "Visitor",
]
