"""Restatements as a file: a row for each customer by whom a figure became another."""

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from banso.core.lists.declarations import List, Sheet
from banso.core.lists.sheets import Headed, sheet_of
from banso.core.scope import current_workspace
from banso.customers.models import ChangeKind
from banso.insight.metrics import answers
from banso.insight.metrics.forms.restatements import RestatementForm


def read(query: QueryDict, permits: frozenset[str]) -> Sheet:
    """What the page of that address tells, of all customers. Refused as there."""
    question = RestatementForm(query).question()
    columns: list[Headed] = [
        (_("Period"), lambda row: row[0].period.code),
        (_("Part"), lambda row: row[0].figure.cut_label),
        (_("Banso ID"), lambda row: row[1].entity),
        (_("Customer"), lambda row: row[1].name),
        (_("Numerator then"), lambda row: row[1].then[0]),
        (_("Numerator now"), lambda row: row[1].now[0]),
        (_("Difference of the numerator"), lambda row: row[1].numerator),
        (_("Denominator then"), lambda row: row[1].then[1]),
        (_("Denominator now"), lambda row: row[1].now[1]),
        (_("Difference of the denominator"), lambda row: row[1].denominator),
        (_("Currency"), lambda row: row[0].figure.currency),
        (_("Lines of the ledger"), lambda row: " / ".join(map(_line, row[1].lines))),
    ]
    return sheet_of(_rows(answers.restated(question)), columns)


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
    "restatements", gettext_lazy("Restatements"), "metrics.read", "restatements", read
)
