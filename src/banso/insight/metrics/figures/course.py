"""How a KPI went: period by period, whole and cut into parts, of one reading of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

from banso.insight.metrics import answers, queries
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.asking.registry import MEASURES, Measure
from banso.insight.metrics.boards.dashboard import Reported
from banso.insight.metrics.restatements.compared import Compared
from banso.insight.metrics.reviews.answers import target_of, targets_for
from banso.lib.periods import MONTHS, Period, add_months

if TYPE_CHECKING:
    from banso.insight.metrics.making.movers import Movers
    from banso.insight.metrics.making.notions import Notions
    from banso.insight.metrics.making.reading import Reading

Place = tuple[Period, str]  # a period and the part of a cut
OF_MRR = ("mrr", "movements")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a cut through the periods; None where nothing of it is told."""

    cut: str
    label: str
    figures: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """`whole`: a figure for each period; none where a KPI is only told by parts. `befores`: that of
    the period before each, None where it cannot be told. `latest`: the last one that is over.
    `closed`: of which periods something was reported, by which closing; `reported`: where the whole
    was, which then is told so, and `beside`: the parts, by period and cut, each with the ledger's.
    `exchanged`: of MRR, what rates alone made of it since the period before, which it follows upon.
    """

    asked: Asked
    measure: Measure
    whole: tuple[Figure, ...]
    befores: tuple[Figure | None, ...]
    parts: tuple[Part, ...]
    latest: int
    year_before: Figure | None
    target: Decimal | None
    notions: "Notions | None"
    movers: "Movers | None"
    closed: Mapping[Period, UUID]
    reported: Mapping[Period, Reported]
    beside: Mapping[Place, Compared]
    exchanged: Mapping[Period, Decimal | None]

    @property
    def figure(self) -> Figure | None:
        return self.whole[self.latest] if self.whole else None

    @property
    def overlaps(self) -> bool:
        """Whether these are twelve months up to each month."""
        return any(one.start < other.end for other, one in pairwise(self.asked.periods))

    @property
    def by(self) -> str:
        return self.asked.by or self.measure.always_by

    def pair_of(self, figure: Figure) -> Compared | None:
        """Of a figure that is told as it was reported: what the ledger says beside it."""
        if figure.cut:
            return self.beside.get((figure.period, figure.cut))
        whole = self.reported.get(figure.period)
        return Compared(whole.figure, whole.now) if whole else None

    def is_ledger(self, period: Period) -> bool:
        """Whether the whole of a closed month is told by the ledger, as it was not kept."""
        return period in self.closed and period not in self.reported

    def parts_are_ledger(self, period: Period) -> bool:
        """Whether parts of a closed month are told by the ledger, as they were not kept."""
        return period in self.closed and not _keeps_parts(self.asked, self.reported, period)

    @property
    def segments_since(self) -> date | None:
        """From which day on it is known who is in a segment; None where there is none. 3 queries."""
        return min(queries.segments_since().values(), default=None)

    @property
    def running(self) -> Period | None:
        """The period that is told as far as it has passed."""
        return next((one.period for one in self.every if "running" in one.notes), None)

    @property
    def every(self) -> list[Figure]:
        """The whole of each period, then the parts."""
        return [*self.whole, *(one for part in self.parts for one in part.figures if one)]

    @property
    def parts_overlap(self) -> bool:
        return self.by == "segment"


def course(asked: Asked, step: int) -> Course:
    """Everything the page of a KPI tells; each period begins `step` months after the one before.

    Reads the ledger once. Raises Refused as `figures`.
    """
    reading, measure = answers.read_for(asked), MEASURES[asked.kpi]
    latest = _last_over(asked.periods, reading.today)
    a_year_before = _earlier(asked.periods[latest], MONTHS["year"])
    befores = [_earlier(one, step) for one in asked.periods]
    now = {} if measure.always_by else _whole(asked, {*befores, a_year_before}, reading)
    reported = _reported(asked, now)
    closed = queries.closings_of(replace(asked, periods=(*asked.periods, *now)))
    whole = now | {period: one.figure for period, one in reported.items()}
    is_cut = asked.by or measure.always_by
    cut = answers.figures(asked, reading, without_rates=True) if is_cut else []
    told, beside = _parts(asked, cut, reported)
    figure = whole.get(asked.periods[latest])
    with_notions = asked.kpi == "logo_churn" and asked.unit == "user"
    return Course(
        asked=asked,
        measure=measure,
        whole=tuple(whole[one] for one in asked.periods) if whole else (),
        befores=tuple(map(whole.get, befores)) if whole else (),
        parts=tuple(parts_of(told, asked.periods, latest)),
        latest=latest,
        year_before=whole.get(a_year_before),
        target=target_of(figure, targets_for([asked.kpi], [figure.period])) if figure else None,
        notions=answers.churn_notions(asked.periods, reading) if with_notions else None,
        movers=answers.movers(asked, asked.periods[latest], reading),
        closed=closed,
        reported=reported,
        beside=beside,
        exchanged=_exchanged(asked, befores, reading),
    )


def _whole(asked: Asked, more: set[Period], reading: "Reading") -> dict[Period, Figure]:
    """The figure of every period, and of those before them."""
    every = replace(asked, by="", periods=tuple(sorted({*asked.periods, *more})))
    found = answers.figures(every, reading, without_rates=True)
    return {one.period: one for one in found}


def _reported(asked: Asked, now: Mapping[Period, Figure]) -> dict[Period, Reported]:
    """What was reported of those that are closed, beside what the ledger says of them. 1 query."""
    every = replace(asked, by="", periods=tuple(now))
    closed = queries.closed_figures(every, [asked.kpi])
    return {
        period: Reported(one.closing, one.figure, now[period])
        for (_kpi, period), one in closed.items()
    }


def _exchanged(
    asked: Asked, befores: Sequence[Period], reading: "Reading"
) -> dict[Period, Decimal | None]:
    """Of twelve months up to each month nothing: none opens where the one before it closed."""
    told = zip(asked.periods, befores, strict=True)
    pairs = [(one, before) for one, before in told if one.start == before.end]
    if asked.kpi not in OF_MRR or not pairs:
        return {}
    found = answers.exchange_differences(pairs, reading)
    return {one: amount for (one, _before), amount in zip(pairs, found, strict=True)}


def _keeps_parts(asked: Asked, reported: Mapping[Period, Reported], period: Period) -> bool:
    """Whether what was reported of a period was so by parts of this cut, too."""
    return period in reported and period.kind == "month" and asked.by in queries.CUT_BY


def _parts(
    asked: Asked, now: Sequence[Figure], reported: Mapping[Period, Reported]
) -> tuple[list[Figure], dict[Place, Compared]]:
    """The parts as they were reported, else as the ledger tells them; and those that were beside it."""
    kept = {one for one in asked.periods if _keeps_parts(asked, reported, one)}
    closed = queries.closed_parts(asked) if kept else {}
    then = {place: one.figure for place, one in closed.items() if place[0] in kept}
    ledger = {(one.period, one.cut): one for one in now if one.period in kept}
    told = [*then.values(), *(one for one in now if one.period not in kept)]
    places = {**then, **ledger}
    return told, {place: Compared(then.get(place), ledger.get(place)) for place in places}


def _earlier(period: Period, months: int) -> Period:
    """The equal period that began so many months before; a year begins wherever it must."""
    start, end = (add_months(day, -months) for day in (period.start, period.end))
    fiscal = start.month if period.kind == "year" else period.fiscal_start
    return Period(start, end, period.kind, fiscal)


def _last_over(periods: Sequence[Period], today: date) -> int:
    """The place of the last period that is over; of the first one where none is."""
    over = [place for place, one in enumerate(periods) if one.last_day <= today]
    return over[-1] if over else 0


def parts_of(figures: Sequence[Figure], periods: Sequence[Period], latest: int) -> list[Part]:
    """Parts through the periods: those that are greatest in the latest one first."""
    of: dict[str, dict[Period, Figure]] = {}
    labels = dict[str, str]()
    for one in figures:
        of.setdefault(one.cut, {})[one.period] = one
        labels[one.cut] = one.cut_label
    found = [
        Part(cut, labels[cut], tuple(told.get(one) for one in periods)) for cut, told in of.items()
    ]
    return sorted(found, key=lambda one: (-_size(one.figures[latest]), one.label))


def _size(figure: Figure | None) -> Decimal:
    return (figure.denominator or figure.numerator or Decimal(0)) if figure else Decimal(-1)
