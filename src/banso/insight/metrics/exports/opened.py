"""The rows of an opened figure as a file."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.insight.metrics.figure_words import part_words
from banso.insight.metrics.figures.opening import opened


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """Every row of the figure that the page of that address opens. Refused as there."""
    found = opened(query.get("kpi", ""), {name: query.get(name, "") for name in query})
    currency = found.figure.currency if found.figure else ""
    columns: list[Headed] = [
        (_("Banso ID"), lambda row: row.entity),
        (_("Customer"), lambda row: row.name),
        (_("Part"), lambda row: part_words(row.kind)),
        (_("Day"), lambda row: row.on),
        (_("Numerator"), lambda row: row.numerator),
        (_("Denominator"), lambda row: row.denominator),
        (_("Currency"), lambda row: currency),
    ]
    return sheet_of(iter(found.rows), columns)


OPENED = List("opened_figure", gettext_lazy("Rows of a figure"), "metrics.read", "figure", read)
