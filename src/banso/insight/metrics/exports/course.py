"""A KPI over time as a file: a row for each period, or for each part of each."""

from collections.abc import Iterator
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.errors import Refused
from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.asking.questions import code_of, measure_called, told_on
from banso.insight.metrics.exports.cells import file_named, in_unit
from banso.insight.metrics.figure_words import notes, value_told
from banso.insight.metrics.figures.course import Course, course
from banso.insight.metrics.forms.figures import FigureForm


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """What the page of that address tells, with all parts. Refused as there."""
    form = _form(query)
    told, measure = course(form.asked(), form.step), form.measure
    today = told_on(told.asked.known_at)
    columns: list[Headed] = [
        (_("KPI"), lambda one: str(measure.label)),
        (_("KPI ID"), lambda one: measure.id),
        (_("Period"), lambda one: code_of(one.period)),
        (_("First day"), lambda one: one.period.start),
        (_("Last day"), lambda one: one.period.last_day),
        (_("Part"), lambda one: one.cut_label),
        (_("Value"), lambda one: in_unit(value_told(one), measure.unit, one.currency)),
        (
            _("Numerator"),
            lambda one: in_unit(one.numerator, measure.numerator_unit, one.currency),
        ),
        (
            _("Denominator"),
            lambda one: in_unit(one.denominator, measure.denominator_unit, one.currency),
        ),
        ("n", lambda one: one.n),
        (_("Currency"), lambda one: one.currency),
        (_("Remarks"), lambda one: " ".join(notes(one, today))),
        (_("Told by"), lambda one: _told_by(told, one)),
        (
            _("Value of the ledger now"),
            lambda one: in_unit(_now(told, one), measure.unit, one.currency),
        ),
    ]
    return sheet_of(_rows(told), columns, str(measure.label))


def _form(query: QueryDict) -> FigureForm:
    asked = {name: query.get(name, "") for name in query}
    return FigureForm(measure_called(query.get("kpi", "") or "mrr"), asked)


def _file(query: QueryDict) -> str:
    """mrr_2026-11: the KPI, its cut and the last of the periods."""
    try:
        asked = _form(query).asked()
    except Refused:  # it was none when the file was written
        return "figure"
    cut = f"by_{asked.by}" if asked.by else ""
    return file_named(asked.kpi, cut, period=asked.periods[-1])


def _rows(told: Course) -> Iterator[Figure]:
    for place, period in enumerate(told.asked.periods):
        every = [one.figures[place] for one in told.parts]
        yield from (one for one in every if one is not None)
        yield from (one for one in told.whole if one.period == period)


def _told_by(told: Course, figure: Figure) -> str:
    """Of closed months whether it was reported, or was not kept; of others nothing."""
    if told.pair_of(figure):
        return _("As reported")
    is_ledger = told.parts_are_ledger if figure.cut else told.is_ledger
    return _("Ledger now") if is_ledger(figure.period) else ""


def _now(told: Course, figure: Figure) -> Decimal | None:
    """What the ledger says now of a figure that is told as it was reported."""
    pair = told.pair_of(figure)
    return value_told(pair.now) if pair and pair.now else None


COURSE = List(
    "figure_course", gettext_lazy("A figure over time"), "metrics.read", "figure", read, _file
)
