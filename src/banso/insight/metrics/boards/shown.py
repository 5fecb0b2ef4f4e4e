"""A board as it is shown: closed months as they were reported, parts in the reader's language."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from banso.insight.metrics import queries
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.boards.dashboard import Board, Reported
from banso.insight.metrics.making.cut_words import part_words


def for_reader(board: Board) -> Board:
    """What the board says, to whoever reads it now. 2 queries for closings, 1 for reasons."""
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
    figures = [*_courses(board), board.opening, board.movements]
    asked = board.chosen.asked("", {one.period for one in figures})
    board = replace(board, closed=tuple(queries.closings_of(asked)))
    if not board.closed:
        return board
    closed = queries.closed_figures(asked, {one.kpi for one in figures})
    reported: dict[str, tuple[Reported, ...]] = {}
    for now in figures:
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


def _courses(board: Board) -> Iterator[Figure]:
    for row in (*board.courses.values(), board.renewal_churn):
        yield from row


def _said(board: Board, row: Iterable[Figure]) -> tuple[Figure, ...]:
    pairs = ((one, board.reported_of(one.kpi, one.period)) for one in row)
    return tuple(then.figure if then else one for one, then in pairs)
