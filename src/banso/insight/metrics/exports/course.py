"""A KPI over time as a file: a row for each period, or for each part of each."""

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.insight.metrics.asking import Figure
from banso.insight.metrics.asking.questions import code_of, measure_called
from banso.insight.metrics.figures.course import Course, course
from banso.insight.metrics.forms.figures import FigureForm


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """What the page of that address tells, with all parts. Refused as there."""
    form = FigureForm(
        measure_called(query.get("kpi", "") or "mrr"), {name: query.get(name, "") for name in query}
    )
    columns: list[Headed] = [
        (_("Period"), lambda one: code_of(one.period)),
        (_("First day"), lambda one: one.period.start),
        (_("Last day"), lambda one: one.period.last_day),
        (_("Part"), lambda one: one.cut_label),
        (_("Value"), lambda one: one.value),
        (_("Numerator"), lambda one: one.numerator),
        (_("Denominator"), lambda one: one.denominator),
        ("n", lambda one: one.n),
        (_("Currency"), lambda one: one.currency),
        (_("Remarks"), lambda one: " ".join(one.notes)),
    ]
    return sheet_of(_rows(course(form.asked(), form.step)), columns)


def _rows(told: Course) -> Iterator[Figure]:
    for place, period in enumerate(told.asked.periods):
        every = [one.figures[place] for one in told.parts]
        yield from (one for one in every if one is not None)
        yield from (one for one in (told.now if told.parts else told.whole) if one.period == period)


COURSE = List("figure_course", gettext_lazy("A figure over time"), "metrics.read", "figure", read)
