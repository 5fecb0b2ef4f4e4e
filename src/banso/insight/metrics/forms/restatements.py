"""What the page of restatements is asked for, as its address says."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.core.errors import Refused
from banso.core.query_form import QueryForm
from banso.core.scope import current_workspace
from banso.customers.forms.fields import DayField, RoomForm
from banso.insight.metrics.asking.questions import Question, known_on, periods_asked
from banso.insight.metrics.asking.registry import MEASURES
from banso.insight.metrics.forms.asked import UNITS
from banso.insight.metrics.forms.fields import MonthField
from banso.insight.metrics.models import Closing
from banso.insight.metrics.queries import closed_months
from banso.lib.periods import Period, add_months

PERIODS = [
    ("month", pgettext_lazy("a kind of period", "Months")),
    ("quarter", pgettext_lazy("a kind of period", "Quarters")),
    ("half", pgettext_lazy("a kind of period", "Half-years")),
    ("year", pgettext_lazy("a kind of period", "Fiscal years")),
]


class RestatementForm(RoomForm, QueryForm):
    """A KPI over months, known on one day against another. `closing`: when a month was closed.

    Without a question it is that of the last closed month; without one there is nothing to compare.
    """

    kpi = forms.ChoiceField(label=gettext_lazy("Figure"), choices=[])
    first = MonthField(label=pgettext_lazy("the first of several", "From the month"))
    last = MonthField(label=gettext_lazy("To the month"))
    period = forms.ChoiceField(label=gettext_lazy("Length of a period"), choices=PERIODS)
    by = forms.ChoiceField(label=gettext_lazy("Cut by"), choices=[], required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Customers counted as"), choices=UNITS)
    then = DayField(
        label=gettext_lazy("Known on"),
        help_text=gettext_lazy("At the end of that day."),
        required=False,
    )
    now = DayField(
        label=gettext_lazy("Against what was known on"),
        help_text=gettext_lazy("Empty: as it is known now."),
        required=False,
    )
    closing = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict) -> None:
        is_asked = any(name in asked for name in self.base_fields)
        latest = None if is_asked else closed_months().first()
        self.has_question = bool(is_asked or latest)
        super().__init__({**_usual(asked, latest), **asked.dict()})
        kpis = [(one.id, one.label) for one in MEASURES.values() if one.adds_up]
        self.fields["kpi"].choices = kpis  # type: ignore[attr-defined]
        self.fields["by"].choices = _cuts()  # type: ignore[attr-defined]

    def question(self) -> Question:
        """Refused, naming the field, for what cannot be asked. Raises Closing.DoesNotExist."""
        said = self.said()
        then = _then(said["then"], said["closing"])
        return Question(
            kpi=said["kpi"],
            periods=_begun(said, then),
            then=then,
            now=known_on(said["now"], "now"),
            by=said["by"],
            unit=said["unit"],
        )


def _then(day: date | None, closing: UUID | None) -> datetime:
    if day is None and closing is not None:
        found: datetime = Closing.objects.get(pk=closing).closed_at
        return found
    known = known_on(day, "then")
    if known is None:
        raise Refused(_("Give the day on which it was known."), code="required", field="then")
    return known


def _begun(said: dict[str, Any], then: datetime) -> tuple[Period, ...]:
    """The periods asked for. Nothing of one that had not begun then has been corrected since."""
    found = periods_asked(said["first"], said["last"], said["period"], "last")
    if MEASURES[said["kpi"]].is_ahead:
        return found
    day = current_workspace().day_of(then)
    begun = tuple(one for one in found if one.start <= day)
    if not begun:
        words = _("None of these months had begun on that day: there is nothing to compare.")
        raise Refused(words, code="not_begun", field="last")
    return begun


def _usual(asked: QueryDict, latest: Closing | None) -> dict[str, str]:
    """The MRR of the year up to a closed month, as it was reported; else as last month ended."""
    this = current_workspace().today().replace(day=1)
    month = latest.month if latest else add_months(this, -1)
    told = {
        "kpi": "mrr",
        "first": f"{add_months(month, -11):%Y-%m}",
        "last": f"{month:%Y-%m}",
        "period": "month",
        "unit": "user",
    }
    if latest:
        told["closing"] = str(latest.pk)
    elif not asked.get("closing"):
        told["then"] = (this - timedelta(days=1)).isoformat()
    return told


def _cuts() -> list[tuple[str, Any]]:
    from banso.insight.metrics.making.cutting import CUTS  # noqa: PLC0415  (numpy, which forms do without)

    return [
        ("", _("The whole")),
        *((one.id, one.label) for one in CUTS.values() if one.id != "reason"),
    ]
