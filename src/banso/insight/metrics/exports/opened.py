"""The rows of an opened figure as a file."""

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.errors import Refused
from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.insight.metrics.asking.questions import code_of
from banso.insight.metrics.exports.cells import file_named, in_unit
from banso.insight.metrics.figure_words import part_words
from banso.insight.metrics.figures.opening import asked_by, opened


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Every row of the figure that the page of that address opens. Refused as there."""
    found = opened(query.get("kpi", ""), {name: query.get(name, "") for name in query})
    currency = found.figure.currency if found.figure else ""
    measure, code = found.of, code_of(found.period)
    columns: list[Headed] = [
        (_("KPI"), lambda row: str(found.measure.label)),
        (_("KPI ID"), lambda row: found.measure.id),
        (_("Period"), lambda row: code),
        (_("Banso ID"), lambda row: row.entity),
        (_("Customer"), lambda row: row.name),
        (_("Part"), lambda row: part_words(row.kind)),
        (_("Day"), lambda row: row.on),
        (_("Numerator"), lambda row: in_unit(row.numerator, measure.numerator_unit, currency)),
        (
            _("Denominator"),
            lambda row: in_unit(row.denominator, measure.denominator_unit, currency),
        ),
        (_("Currency"), lambda row: currency),
    ]
    return sheet_of(iter(found.rows), columns, str(found.measure.label))


def _file(query: QueryDict) -> str:
    """mrr_rows_2026-11."""
    try:
        asked, _cut = asked_by(query.get("kpi", ""), {name: query.get(name, "") for name in query})
    except (Refused, Http404):  # it was neither when the file was written
        return "figure"
    return file_named(asked.kpi, "rows", period=asked.periods[0])


OPENED = List(
    "opened_figure", gettext_lazy("Rows of a figure"), "metrics.read", "figure", read, _file
)
