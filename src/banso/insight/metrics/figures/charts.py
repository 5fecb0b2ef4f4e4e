"""What the page of a KPI draws and lists of its course, and where each value opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from banso.insight.metrics.asking import Figure
from banso.insight.metrics.boards.corrections import Correction, corrected, correction
from banso.insight.metrics.boards.dashboard import Chosen
from banso.insight.metrics.boards.links import rows_url
from banso.insight.metrics.figure_words import change, in_months, short_name, signed_amount, span
from banso.insight.metrics.figures.course import Course, Part
from banso.lib.charts import Cell, Cohort, Series
from banso.lib.periods import Period

LINES = 5  # parts that a chart draws: more cannot be told apart
MOST_PARTS = 60  # that a page lists; the file has all of them


@dataclass(frozen=True, slots=True)
class Row:
    """One period of the whole: its figure, where it opens, how it changed, by how much the ledger
    says otherwise now than was reported, and what exchange rates alone made of it. `is_ledger`: it
    is closed, and did not keep the figure.
    """

    label: str
    figure: Figure
    href: str
    change: str
    correction: Correction | None
    exchanged: str
    is_ledger: bool


def opens(course: Course, figure: Figure | None, by: str = "") -> str:
    """The rows of a figure; "" for none, and where there is nothing to open."""
    if figure is None or figure.numerator is None:
        return ""
    asked = course.asked
    return rows_url(
        figure.kpi,
        figure.period,
        by,
        figure.cut,
        chosen=Chosen(figure.period, asked.unit, asked.attributes, asked.known_at),
        closing=course.closed[figure.period] if _is_reported(course, figure) else None,
    )


def _is_reported(course: Course, figure: Figure) -> bool:
    """Whether the very figure is one that was reported: the ledger's opens to what is known now."""
    pair = course.pair_of(figure)
    return pair is not None and pair.reported is figure


def movers_open(course: Course) -> str:
    """The rows of all who moved the latest figure."""
    if course.movers is None:
        return ""
    asked = course.asked
    chosen = Chosen(course.movers.period, asked.unit, asked.attributes, asked.known_at)
    return rows_url(course.movers.kpi, course.movers.period, chosen=chosen)


def rows(course: Course) -> list[Row]:
    """Every period, the latest first."""
    pairs = zip(course.whole, course.befores, strict=True)
    return [_period_row(course, one, before) for one, before in pairs][::-1]


def _period_row(course: Course, figure: Figure, before: Figure | None) -> Row:
    return Row(
        _name(course, figure.period),
        figure,
        opens(course, figure),
        change(figure, figure.since(before)),
        correction(course.reported.get(figure.period)),
        _exchanged(course, figure),
        course.is_ledger(figure.period),
    )


def _exchanged(course: Course, figure: Figure) -> str:
    amount = course.exchanged.get(figure.period)
    return signed_amount(amount, figure.currency) if amount else ""


def marks(course: Course) -> list[str]:
    """What stands below a chart: short, for a telephone is narrow."""
    named = in_months if course.overlaps else short_name
    return [named(one) for one in course.asked.periods]


def labels(course: Course) -> list[tuple[str, bool]]:
    """What each period is called, and whether it still runs."""
    return [(_name(course, one), one == course.running) for one in course.asked.periods]


def _name(course: Course, period: Period) -> str:
    """Of years that overlap none is called a fiscal year, not even the one that is."""
    return in_months(period) if course.overlaps else span(period)


def lines(course: Course) -> list[Series]:
    """The whole as one line, or the greatest parts."""
    if not course.parts and course.whole:
        return [_line(course, str(course.measure.label), course.whole, "")]
    return [
        _line(course, one.label, one.figures, course.by, is_first=not place)
        for place, one in enumerate(course.parts[:LINES])
    ]


def _line(
    course: Course,
    label: str,
    figures: tuple[Figure | None, ...],
    by: str,
    *,
    is_first: bool = True,
) -> Series:
    values = [one.value if one else None for one in figures]
    hrefs = [opens(course, one, by) for one in figures]
    return Series(label, values, highlighted=is_first, hrefs=hrefs)


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part through the periods, the latest first: its figures, where each opens, and by how much
    the ledger says otherwise now than was reported.
    """

    label: str
    cells: list[tuple[Figure | None, str]]
    corrections: list[Correction | None]

    @property
    def told(self) -> list[tuple[Figure | None, str, Correction | None]]:
        """Each cell with its correction."""
        pairs = zip(self.cells, self.corrections, strict=True)
        return [(figure, href, correction) for (figure, href), correction in pairs]


def heads(course: Course) -> list[tuple[str, bool, bool]]:
    """What periods are called, the latest first, whether it runs, and whether it is closed and did not
    keep the parts.
    """
    pairs = zip(labels(course), course.asked.periods, strict=True)
    return [(*told, course.parts_are_ledger(period)) for told, period in pairs][::-1]


def part_rows(course: Course) -> list[PartRow]:
    return [_part_row(course, one) for one in course.parts[:MOST_PARTS]]


def _part_row(course: Course, part: Part) -> PartRow:
    found = [
        corrected(course.beside.get((period, part.cut)), course.closed[period], course.by)
        if period in course.closed
        else None
        for period in course.asked.periods
    ]
    return _row(course, part.label, part.figures, course.by, found)


def _row(
    course: Course,
    label: str,
    figures: Iterable[Figure | None],
    by: str,
    found: Iterable[Correction | None],
) -> PartRow:
    cells = [(one, opens(course, one, by)) for one in figures]
    return PartRow(label, cells[::-1], list(found)[::-1])


def total_row(course: Course) -> PartRow:
    """The whole below its parts, of closed months as it was reported; of shares of a whole, all of it."""
    periods = course.asked.periods
    if course.whole:
        found = [correction(course.reported.get(one)) for one in periods]
        return _row(course, _("All"), course.whole, "", found)
    together = map(_together, zip(*(one.figures for one in course.parts), strict=True))
    return _row(course, _("All"), together, course.by, [None] * len(periods))


def _together(parts: tuple[Figure | None, ...]) -> Figure | None:
    """All that parts are shares of."""
    one = next(filter(None, parts), None)
    if one is None or not one.denominator:
        return None
    whole = one.denominator
    return Figure(one.kpi, one.period, whole, whole, Decimal(1), int(whole), notes=one.notes)


def cohorts(course: Course) -> list[Cohort]:
    """Cohorts down, months since across: a triangle. The oldest first."""
    firsts = {f"{one.start:%Y-%m}": place for place, one in enumerate(course.asked.periods)}
    told = sorted((one for one in course.parts if one.cut in firsts), key=lambda one: one.cut)
    return [_cohort(course, one, firsts[one.cut]) for one in told]


def _cohort(course: Course, part: Part, first: int) -> Cohort:
    """Months that still run, and those to come, are not over: they have no share."""
    cells = [
        Cell(one.value, opens(course, one, "cohort"))
        if one and "running" not in one.notes
        else Cell(None)
        for one in part.figures[first:]
    ]
    size = part.figures[first]
    label = f"{course.asked.periods[first].start:%Y/%m}"
    return Cohort(label, size.n if size else 0, cells, opens(course, size, course.by))
