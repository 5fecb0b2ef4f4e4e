"""What a page or a file of an opened figure asks for, and its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast, get_args

from django.http import Http404
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.insight.metrics import answers
from banso.insight.metrics.asking import Asked, Counted, CountedBy, Figure, Standing
from banso.insight.metrics.asking.questions import measure_called, period_called
from banso.insight.metrics.asking.registry import MEASURES, Measure
from banso.insight.metrics.figures.moments import known_at
from banso.lib.periods import Kind, Period, period_of

if TYPE_CHECKING:
    from banso.insight.metrics.making.posts import Post
    from banso.insight.metrics.making.won import Won

LONGEST = 366  # days of a period that a page may open


@dataclass(frozen=True, slots=True)
class Opened:
    """A figure and the rows that it is the sum of; `parts` narrows the rows to some parts of it.

    `figure` is all of it, also then. `choices`: its parts by a cut, where the address names none of
    them: they are to be chosen from, and there are no rows. `posts`: what it is divided by, per head; `won`: by
    whom the cost of winning customers is divided.
    """

    asked: Asked
    measure: Measure
    figure: Figure | None
    rows: list[Counted]
    parts: tuple[str, ...] = ()
    choices: tuple[Figure, ...] = ()
    posts: "Sequence[Post]" = ()
    won: "Sequence[Won]" = ()

    @property
    def period(self) -> Period:
        return self.asked.periods[0]

    @property
    def by(self) -> str:
        """The cut that it is told by."""
        return self.asked.by or self.measure.always_by

    @property
    def numerator(self) -> Decimal:
        return sum((row.numerator for row in self.rows), Decimal(0))

    @property
    def denominator(self) -> Decimal:
        return sum((row.denominator for row in self.rows), Decimal(0))

    @property
    def posts_together(self) -> Decimal:
        return sum((one.share for one in self.posts), Decimal(0))

    @property
    def of_parts(self) -> Decimal:
        """What the chosen parts are of the numerator."""
        told = self.figure.parts if self.figure else {}
        return sum((told.get(one, Decimal(0)) for one in self.parts), Decimal(0))

    @property
    def of(self) -> Measure:
        """The KPI whose rows they are: what is made of churn shows that of churn."""
        return MEASURES.get(self.measure.rows, self.measure)

    @property
    def has_numerators(self) -> bool:
        """Whether rows add to a numerator: of payback they tell ARPA alone."""
        return self.measure.made_by != "cac_payback"

    @property
    def has_kinds(self) -> bool:
        return self.has_numerators and any(one.kind for one in self.rows)

    @property
    def has_denominators(self) -> bool:
        """Whether rows add to a denominator of their own; that of a share of all is told beside."""
        return self.of.unit == "share" and not self.of.of_whole


def opened(kpi: str, query: Mapping[str, str]) -> Opened:
    """The figure that an address asks for, and its rows.

    Refused in words, naming the field; Http404 for a part that nobody here is called.
    """
    asked, cut = asked_by(kpi, query)
    measure, reading = measure_called(kpi), answers.read_for(asked)
    parts = _parts(measure, query.get("part", ""))
    figures, (period,) = answers.figures(asked, reading), asked.periods
    if (asked.by or measure.always_by) and not cut:
        return Opened(asked, measure, None, [], choices=tuple(figures))
    found = [one for one in figures if one.cut == cut]
    if not found:
        raise Http404
    rows = answers.opened(asked, period, cut, reading)
    kept = [row for row in rows if row.kind in parts] if parts else rows
    posts = answers.posts(asked, period, cut, reading)
    won = answers.won(period, reading) if measure.made_by == "cac_payback" else ()
    return Opened(asked, measure, found[0], kept, parts, posts=posts, won=won)


def _parts(measure: Measure, text: str) -> tuple[str, ...]:
    """The parts of the numerator that are chosen. Http404 for what is none."""
    parts = tuple(one for one in text[:200].split(",") if one)
    if not set(parts) <= set((measure.parts or {}).values()):
        raise Http404
    return parts


def asked_by(kpi: str, query: Mapping[str, str]) -> tuple[Asked, str]:
    """What an address asks for, and which part of a cut."""
    unit, attributes = query.get("unit") or "user", query.get("standing") or "then"
    if unit not in get_args(CountedBy) or attributes not in get_args(Standing):
        raise Refused(_("Choose one of the offered values."), code="invalid", field="unit")
    asked = Asked(
        kpi,
        (_period(query),),
        by=query.get("by", "")[:80],
        known_at=known_at(query),
        unit=cast(CountedBy, unit),
        attributes=cast(Standing, attributes),
    )
    return asked, query.get("cut", "")[:200]


def _period(query: Mapping[str, str]) -> Period:
    """By its days, which may be a year that is no fiscal one; else by its code."""
    if not query.get("start") and not query.get("period"):
        return period_of(current_workspace().today(), "month")
    if not query.get("start"):
        return period_called(query.get("period", ""))
    kind = query.get("kind") or "month"
    try:
        start, end = (date.fromisoformat(query.get(name, "")) for name in ("start", "end"))
    except ValueError:
        raise Refused(_("Write the day as YYYY-MM-DD."), code="bad_day", field="start") from None
    if kind not in get_args(Kind) or not 0 < (end - start).days <= LONGEST or start.year < 1900:
        raise Refused(_("The date is out of range."), code="invalid", field="start")
    fiscal = start.month if kind == "year" else current_workspace().fiscal_start_month
    return Period(start, end, cast(Kind, kind), fiscal)
