"""A review as slides: the same figures and words as its page, their definitions last."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from banso.core.ui.wording import moment, number, short_day
from banso.insight.metrics.figure_words import (
    at_least,
    label,
    part_words,
    signed_amount,
    value_words,
)
from banso.insight.metrics.reviews.answers import Line, Mover, Moves
from banso.insight.metrics.reviews.deck import Deck, Grid
from banso.insight.metrics.reviews.deck_chart import add_waterfall
from banso.insight.metrics.reviews.queries import Row, Shown
from banso.insight.metrics.reviews.waterfall import steps
from banso.insight.metrics.reviews.wording import (
    difference_words,
    formula_of,
    label_of,
    line_words,
    months_of,
    period_name,
    promise_words,
)


def review_slides(shown: Shown, workspace: str) -> Deck:
    """All of a review. Nothing of it is a picture."""
    deck = Deck(get_language() or "ja")
    title = _("Review of %(quarter)s") % {"quarter": period_name(shown.period)}
    deck.cover(title, [workspace, months_of(shown.period), _state(shown)])
    deck.table(_("What did we promise, and what happened?"), _kpis(shown))
    moves = shown.answers.moves
    if drawn := steps(moves):
        add_waterfall(deck, _("What moved MRR?"), drawn, moves.currency)
    if shown.movers:
        deck.table(_("Customers that moved MRR most"), _movers(shown))
    if told := _reasons(shown):
        deck.texts(_("Why?"), told)
    if shown.decisions:
        deck.table(_("What do we do next?"), _decisions(shown))
    if shown.answers.promised:
        quarter = period_name(shown.following)
        deck.table(_("Targets of %(quarter)s") % {"quarter": quarter}, _next_targets(shown))
    deck.table(_("How these figures are defined"), _definitions([row.line for row in shown.rows]))
    return deck


def _state(shown: Shown) -> str:
    if shown.closing is None:
        return _("Draft as of %(when)s") % {"when": moment(timezone.now())}
    return _("Closed on %(when)s") % {"when": moment(shown.closing.closed_at)}


def _kpis(shown: Shown) -> Grid:
    headings = [
        "KPI",
        pgettext("of a KPI", "Result"),
        "n",
        _("Target"),
        _("Against target"),
        _("Met?"),
    ]
    headings += [_("Quarter before"), pgettext("of a figure", "Change")]
    shares = [2.4, 1.6, 0.7, 1.6, 1.4, 1, 1.6, 1.4]
    if shown.closing and shown.has_moved:
        headings, shares = [*headings, _("Now")], [*shares, 1.6]
    rows = [_kpi(row, len(headings)) for row in shown.rows]
    return Grid(headings, rows, shares, frozenset({1, 2, 3, 4, 6, 7, 8}))


def _kpi(row: Row, columns: int) -> list[str]:
    line = row.line
    cells = [
        label_of(line),
        line_words(line),
        number(line.n),
        "—" if line.target is None else value_words(line.target, line.unit, line.currency),
        difference_words(line.against_target, line.unit),
        _met(line),
        at_least(
            value_words(line.before, line.unit, line.currency), line.before, line.before_notes
        ),
        difference_words(line.change, line.unit),
    ]
    now = row.now
    cells.append(line_words(now) if now else _("the same"))
    return cells[:columns]


def _met(line: Line) -> str:
    if line.is_met is None:
        return "—"
    return _("Met") if line.is_met else _("Not met")


def _movers(shown: Shown) -> Grid:
    moves = shown.answers.moves
    rows = [
        [
            one.name or _("A customer who is gone"),
            _kinds(one.mover, moves),
            signed_amount(one.mover.amount, moves.currency),
        ]
        for one in shown.movers
    ]
    headings = [
        _("Customer"),
        pgettext("to the MRR of a customer", "What happened"),
        _("Change of MRR"),
    ]
    return Grid(headings, rows, (4, 4, 2), frozenset({2}))


def _kinds(mover: Mover, moves: Moves) -> str:
    moved = {kind: amount for kind, amount in mover.kinds.items() if amount}
    if len(moved) == 1:
        return part_words(next(iter(moved)))
    told = (f"{part_words(kind)} {signed_amount(n, moves.currency)}" for kind, n in moved.items())
    return " / ".join(told)


def _reasons(shown: Shown) -> Sequence[tuple[str, str]]:
    notes = [(label_of(row.line), row.note) for row in shown.rows if row.note]
    return [(_("The quarter"), shown.summary), *notes] if shown.summary else notes


def _decisions(shown: Shown) -> Grid:
    headings = [_("What is decided"), _("Who does it"), pgettext("a day", "By")]
    rows = [
        [
            one.text,
            one.owner.name if one.owner else "—",
            short_day(one.due_on) if one.due_on else "—",
        ]
        for one in shown.decisions
    ]
    return Grid(headings, rows, (7, 3, 2))


def _next_targets(shown: Shown) -> Grid:
    rows = [[label(one.kpi), promise_words(one)] for one in shown.answers.promised]
    return Grid(["KPI", _("Target")], rows, (6, 3), frozenset({1}))


def _definitions(lines: Sequence[Line]) -> Grid:
    rows = [[label_of(line), formula_of(line)] for line in lines]
    return Grid(["KPI", _("Definition")], rows, (3, 9))
