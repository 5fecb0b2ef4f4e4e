"""A board as it is shown: closed months as they were reported, parts in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from banso.insight.metrics import queries
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.boards.dashboard import Board, Reported
from banso.insight.metrics.making.cut_words import part_words
from banso.insight.metrics.queries import Closed
from banso.lib.periods import Period

ONE_EACH = ("mrr", "logo_churn", "renewal_rate", "renewal_churn", "nrr", "movements")
GROWTH = ("upsell", "cross_sell")  # whose sum is expansion
NOTHING = Decimal(0)
Closings = Mapping[tuple[str, Period], Closed]


def for_reader(board: Board) -> Board:
    """What the board says, to whoever reads it now. 1 query for closings, 1 for reasons."""
    return _with_reported(_worded(board))


def _worded(board: Board) -> Board:
    """Parts are kept by their codes: their words follow the reader's language."""
    return replace(
        board,
        accounts_per_csm=_named("tier", board.accounts_per_csm),
        arr_per_csm=_named("tier", board.arr_per_csm),
        losses={by: _named(by, rows) for by, rows in board.losses.items()},
    )


def _named(by: str, rows: Iterable[Figure]) -> tuple[Figure, ...]:
    told = list(rows)
    words = part_words(by) if told else {}
    return tuple(replace(one, cut_label=words.get(one.cut, one.cut_label)) for one in told)


def _with_reported(board: Board) -> Board:
    """Closed months say what was reported, with what the ledger says now kept beside."""
    figures = [*(one for row in board.courses.values() for one in row), *board.renewal_churn]
    closed = _closed(board, figures)
    if not closed:
        return board
    reported: dict[str, tuple[Reported, ...]] = {}
    for now in [*figures, *_of_period(board)]:
        if then := closed.get((now.kpi, now.period)):
            row = Reported(then.closing, then.figure, now)
            reported[now.kpi] = (*reported.get(now.kpi, ()), row)
    told = replace(board, reported=reported)
    return replace(
        told,
        courses={kpi: _said(told, row) for kpi, row in board.courses.items()},
        renewal_churn=_said(told, board.renewal_churn),
        opening=_said(told, [board.opening])[0],
        movements=_said(told, [board.movements])[0],
    )


def _of_period(board: Board) -> list[Figure]:
    return [board.opening, board.movements]


def _said(board: Board, row: Iterable[Figure]) -> tuple[Figure, ...]:
    pairs = ((one, board.reported_of(one.kpi, one.period)) for one in row)
    return tuple(then.figure if then else one for one, then in pairs)


def _closed(board: Board, figures: Iterable[Figure]) -> Closings:
    """What was reported of the board's months. Expansion is the sum of what was reported of it."""
    months = tuple({one.period for one in [*figures, *_of_period(board)]})
    asked = board.chosen.asked("", months)
    found = dict(queries.closed_figures(asked, (*ONE_EACH, *GROWTH)))
    for month in months:
        upsell, cross_sell = (found.get((kpi, month)) for kpi in GROWTH)
        if upsell and cross_sell:
            grown = _expansion(month, upsell.figure, cross_sell.figure)
            found["expansion", month] = Closed(upsell.closing, grown)
    return found


def _expansion(month: Period, upsell: Figure, cross_sell: Figure) -> Figure:
    parts = {one.kpi: one.numerator or NOTHING for one in (upsell, cross_sell)}
    total = sum(parts.values(), NOTHING)
    return replace(
        upsell,
        kpi="expansion",
        period=month,
        numerator=total,
        value=total,
        n=upsell.n + cross_sell.n,
        parts={kpi: amount for kpi, amount in parts.items() if amount},
    )
