"""Restatements as a file: a row for each customer by whom a figure became another."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from banso.core.errors import Refused
from banso.core.lists.declarations import Cell, List, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.core.scope import current_workspace
from banso.customers.models import ChangeKind
from banso.insight.metrics import answers
from banso.insight.metrics.asking.questions import code_of, measure_called
from banso.insight.metrics.exports.cells import file_named, in_unit
from banso.insight.metrics.forms.restatements import RestatementForm
from banso.insight.metrics.models import Closing


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """What the page of that address tells, of all customers. Refused as there."""
    question = RestatementForm(query).question()
    measure = measure_called(question.kpi)
    columns: list[Headed] = [
        (_("KPI"), lambda row: str(measure.label)),
        (_("KPI ID"), lambda row: measure.id),
        (_("Period"), lambda row: code_of(row[0].period)),
        (_("Part"), lambda row: row[0].figure.cut_label),
        (_("Banso ID"), lambda row: row[1].entity),
        (_("Customer"), lambda row: row[1].name),
        (_("Numerator then"), lambda row: _above(row[0], row[1].then[0])),
        (_("Numerator now"), lambda row: _above(row[0], row[1].now[0])),
        (_("Difference of the numerator"), lambda row: _above(row[0], row[1].numerator)),
        (_("Denominator then"), lambda row: _below(row[0], row[1].then[1])),
        (_("Denominator now"), lambda row: _below(row[0], row[1].now[1])),
        (_("Difference of the denominator"), lambda row: _below(row[0], row[1].denominator)),
        (_("Currency"), lambda row: row[0].figure.currency),
        (_("Lines of the ledger"), lambda row: " / ".join(map(_line, row[1].lines))),
    ]
    return sheet_of(_rows(answers.restated(question)), columns, str(measure.label))


def _file(query: QueryDict) -> str:
    """nrr_restated_2026-09: the KPI and the last of the periods."""
    try:
        question = RestatementForm(query).question()
    except (Refused, Closing.DoesNotExist):  # it was neither when the file was written
        return "restatements"
    return file_named(question.kpi, "restated", period=question.periods[-1])


def _above(one: Any, value: Decimal) -> Cell:
    figure = one.figure
    return in_unit(value, measure_called(figure.kpi).numerator_unit, figure.currency)


def _below(one: Any, value: Decimal) -> Cell:
    figure = one.figure
    return in_unit(value, measure_called(figure.kpi).denominator_unit, figure.currency)


def _rows(found: list[Any]) -> Iterator[tuple[Any, Any]]:
    for one in found:
        for customer in one.customers:
            yield one, customer


def _line(line: Any) -> str:
    """#12 2026-10-05 増額 記録 2026-11-12 鈴木 坊."""
    voided = pgettext("a line of the ledger", "Voided")
    done = voided if line.is_voided else pgettext("a line of the ledger", "Recorded")
    day = current_workspace().day_of(line.at).isoformat()
    kind = str(ChangeKind(line.kind).label)
    words = [f"#{line.id}", line.effective_on.isoformat(), kind, done, day, line.by]
    return " ".join(word for word in words if word)


RESTATEMENTS = List(
    "restatements", gettext_lazy("Restatements"), "metrics.read", "restatements", read, _file
)
