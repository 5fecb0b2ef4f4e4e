"""The charts and tables of the dashboard: what they draw, and where each part opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from banso.insight.metrics.asking import Figure
from banso.insight.metrics.boards.dashboard import Board, CohortLine
from banso.insight.metrics.boards.links import rows_url, shown_url
from banso.insight.metrics.figure_words import KINDS, OUTCOMES, period_name, short_name
from banso.lib.charts import Cell, Cohort, Series, Stack, Step
from banso.lib.periods import add_months, period_of

NOTHING = Decimal(0)
CURVES = 4  # cohorts beside the curve of all


def steps(board: Board) -> list[Step]:
    """From the MRR of the opening by each kind of movement to that of the close."""
    moved, close, opening = board.movements, board.figure("mrr"), board.opening
    stood = NOTHING if opening.denominator is None else opening.denominator
    if close.value is None:
        return []
    kinds = [kind for kind in KINDS if moved.parts.get(kind)]
    return [
        Step(_("At the opening"), stood, shown_url(board, opening), is_total=True),
        *(
            Step(str(KINDS[kind]), moved.parts[kind], shown_url(board, moved, part=kind))
            for kind in kinds
        ),
        Step(_("At the close"), close.value, shown_url(board, close), is_total=True),
    ]


def cohorts(board: Board, of: str) -> list[Cohort]:
    """The rows of the heat map, of customers or of their MRR."""
    lines = board.cohorts_mrr if of == "mrr" else board.cohorts
    return [_cohort(board, _kpi_of(of), line) for line in lines]


def _kpi_of(of: str) -> str:
    return "cohort_mrr" if of == "mrr" else "cohort"


def _cohort(board: Board, kpi: str, line: CohortLine) -> Cohort:
    cells = [_cell(board, kpi, line, n, share) for n, share in enumerate(line.shares)]
    return Cohort(f"{line.month:%Y/%m}", line.n, cells, cells[0].href if cells else "")


def _cell(board: Board, kpi: str, line: CohortLine, n: int, share: Decimal | None) -> Cell:
    if share is None:
        return Cell(None)
    month = period_of(add_months(line.month, n), "month")
    cut = f"{line.month:%Y-%m}"
    return Cell(share, rows_url(kpi, month, "cohort", cut, chosen=board.chosen))


def together(lines: Sequence[CohortLine]) -> list[Decimal | None]:
    """The share of all cohorts that had come so far, weighed by their sizes."""
    longest = max((len(line.shares) for line in lines), default=0)
    return [_weighed(lines, n) for n in range(longest)]


def _weighed(lines: Sequence[CohortLine], n: int) -> Decimal | None:
    told = [(one.size, one.shares[n]) for one in lines if n < len(one.shares)]
    known = [(size, share) for size, share in told if share is not None]
    whole = sum((size for size, _share in known), Decimal(0))
    return sum((size * share for size, share in known), Decimal(0)) / whole if whole else None


def whole(board: Board, of: str) -> Cohort | None:
    """All cohorts as one row; None where there are not several."""
    lines = board.cohorts_mrr if of == "mrr" else board.cohorts
    if len(lines) < 2:
        return None
    return Cohort(_("All"), sum(one.n for one in lines), [Cell(one) for one in together(lines)])


def curves(board: Board, of: str) -> tuple[list[str], list[Series]]:
    """The months of a life, and how much of some cohorts and of all was there in each."""
    lines = board.cohorts_mrr if of == "mrr" else board.cohorts
    every = together(lines)
    long = [one for one in lines if len(one.shares) > 2]
    some = long[:: max(1, -(-len(long) // CURVES))] if len(lines) > 1 else []
    grey = [_curve(board, of, one, len(every)) for one in some]
    names = [str(n) for n in range(len(every))]
    return names, [*grey, Series(_("All"), every, highlighted=True)] if len(every) > 1 else []


def _curve(board: Board, of: str, line: CohortLine, length: int) -> Series:
    cells = _cohort(board, _kpi_of(of), line).cells
    cells = [*cells, *[Cell(None)] * (length - len(cells))]
    hrefs = [one.href for one in cells]
    return Series(
        f"{line.month:%Y/%m}", [*line.shares, *[None] * (length - len(line.shares))], hrefs=hrefs
    )


def is_flat(some: Sequence[Series]) -> bool:
    """Whether nothing was ever lost, so that curves have no height of their own."""
    return len({value for one in some for value in one.values if value is not None}) < 2


def _outcomes(board: Board) -> list[str]:
    """Those that came up, and the three that are always told."""
    seen = {part for one in board.renewals for part, amount in one.parts.items() if amount}
    return [one for one in OUTCOMES if one != "followed" or one in seen]


def renewal_parts(board: Board) -> list[tuple[str, str]]:
    """Renewed, undecided, lost: what means opposite things does not touch."""
    tones = {"renewed": "good", "followed": "info", "open": "neutral", "lost": "bad"}
    return [(str(OUTCOMES[one]), tones[one]) for one in _outcomes(board)]


def renewals(board: Board) -> list[Stack]:
    """The months around today with what became of the terms that end in them; none where a rate is
    missing for them.
    """
    if any(one.lacks_rate for one in board.renewals):
        return []
    outcomes = _outcomes(board)
    return [_stack(board, one, outcomes) for one in board.renewals]


def _stack(board: Board, one: Figure, outcomes: Sequence[str]) -> Stack:
    def opens(part: str) -> str:
        return rows_url("renewals_due", one.period, part=part, chosen=board.chosen)

    return Stack(
        period_name(one.period),
        [one.parts.get(part, Decimal(0)) for part in outcomes],
        opens(""),
        [opens(part) if one.parts.get(part) else "" for part in outcomes],
        one.n,
    )


def churns(board: Board) -> tuple[list[str], list[Series]]:
    """The two rates of churn, period by period."""
    logo, terms = board.courses["logo_churn"], board.renewal_churn
    return [short_name(one.period) for one in logo], [
        _line(board, _("Logo churn rate"), logo, is_first=True),
        _line(board, _("Renewal-based churn rate"), terms),
    ]


def _line(board: Board, label: str, course: Sequence[Figure], *, is_first: bool = False) -> Series:
    hrefs = [shown_url(board, one) for one in course]
    return Series(label, [one.value for one in course], highlighted=is_first, hrefs=hrefs)


@dataclass(frozen=True, slots=True)
class Load:
    """A tier with what each full-time post looks after in it."""

    accounts: Figure
    arr: Figure | None
    accounts_href: str
    arr_href: str


def loads(board: Board) -> list[Load]:
    arr = {one.cut: one for one in board.arr_per_csm}
    return [
        Load(
            one,
            arr.get(one.cut),
            shown_url(board, one, "tier"),
            shown_url(board, arr[one.cut], "tier") if one.cut in arr else "",
        )
        for one in board.accounts_per_csm
    ]


@dataclass(frozen=True, slots=True)
class Losses:
    """Of whom the lost customers were, by one cut."""

    title: str
    rows: list[tuple[Figure, str]]


def losses(board: Board) -> list[Losses]:
    titles = {
        "reason": _("Reason"),
        "tenure": _("Tenure"),
        "stage": _("Lifecycle stage"),
    }
    return [Losses(titles[by], _opened(board, by, rows)) for by, rows in board.losses.items()]


def _opened(board: Board, by: str, rows: Sequence[Figure]) -> list[tuple[Figure, str]]:
    return [(one, shown_url(board, one, by)) for one in rows]
