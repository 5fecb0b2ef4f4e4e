"""Reads of the health room."""

from banso.insight.health.queries.explanation import (
    Explanation,
    MeasureLine,
    Point,
    explain,
    history,
)
from banso.insight.health.queries.lists import (
    BandShare,
    WatchRow,
    bands,
    every_watched,
    open_alerts,
    watched,
    watchlist,
)
from banso.insight.health.queries.moves import Move, score_moves

__all__ = [
    "BandShare",
    "Explanation",
    "MeasureLine",
    "Move",
    "Point",
    "WatchRow",
    "bands",
    "every_watched",
    "explain",
    "history",
    "open_alerts",
    "score_moves",
    "watched",
    "watchlist",
]
