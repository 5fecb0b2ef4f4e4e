"""The tiles of the dashboard: each KPI with its course, its target and what a reader must know."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy, pgettext

from banso.core.declarations import Words
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.boards.corrections import reported_words
from banso.insight.metrics.boards.dashboard import Board
from banso.insight.metrics.boards.links import shown_url
from banso.insight.metrics.figure_words import notes, period_name
from banso.insight.metrics.models import Target
from banso.insight.metrics.reviews.answers import Key, target_of, targets_for
from banso.lib.periods import Period

TILES: dict[str, Words] = {
    "mrr": gettext_lazy("MRR"),
    "nrr": gettext_lazy("NRR (last 12 months)"),
    "grr": gettext_lazy("GRR (last 12 months)"),
    "logo_churn": gettext_lazy("Logo churn rate"),
    "renewal_rate": gettext_lazy("Renewal rate (by MRR)"),
    "expansion": gettext_lazy("Expansion"),
    "ltv": gettext_lazy("Lifetime value (LTV)"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """What `kpi_tile` is given."""

    figure: Figure
    label: str
    definition: str
    kind: str
    good: str
    period: str
    counted: str
    before: Decimal | None
    before_capped: bool
    against: str
    trend: list[Decimal | None]
    target: Decimal | None
    notes: list[str]
    href: str
    before_href: str
    steps: list[tuple[str, Decimal | None, str]]
    bounds: list[bool]

    @property
    def is_running(self) -> bool:
        return "running" in self.figure.notes

    @property
    def is_capped(self) -> bool:
        return self.figure.is_bound


def tiles(board: Board) -> list[Tile]:
    """At most seven, in the order in which they are read. 1 query, of targets."""
    promised = targets_for(TILES, {board.figure(kpi).period for kpi in TILES})
    return [_tile(board, kpi, promised) for kpi in TILES]


def _tile(board: Board, kpi: str, promised: dict[Key, Target]) -> Tile:
    course, measure = board.courses[kpi], MEASURES[kpi]
    figure, before = course[-1], course[-2]
    counts_contracts = kpi in ("renewal_rate", "expansion")
    return Tile(
        figure=figure,
        label=str(TILES[kpi]),
        definition=str(measure.formula),
        kind="rate" if measure.unit == "share" else "money",
        good=measure.good,
        period=span(figure.period),
        counted=pgettext("counted", "cases")
        if counts_contracts
        else pgettext("counted", "customers"),
        before=before.value,
        before_capped=before.is_bound,
        against=span(before.period),
        trend=[one.value for one in course],
        target=target_of(figure, promised),
        notes=list(note_words(figure, board)),
        href=shown_url(board, figure),
        before_href=shown_url(board, before),
        steps=[(span(one.period), one.value, shown_url(board, one)) for one in course],
        bounds=[one.is_bound for one in course],
    )


def span(period: Period) -> str:
    """2026/10, 2026年度; the months where they are no fiscal year: 2025/12–2026/11."""
    if period.kind != "year":
        return period_name(period)
    return f"{period.start:%Y/%m}–{period.last_day:%Y/%m}"


def note_words(figure: Figure, board: Board) -> Iterable[str]:
    """What a reader must know of the figure, in sentences."""
    yield from notes(figure, board.today)
    reported = board.reported_of(figure.kpi, figure.period)
    yield from reported_words(reported, is_closed=figure.period in board.closed)
