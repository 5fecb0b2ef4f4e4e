"""What the page of a KPI is asked for, as its address says."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.insight.metrics.asking import Asked
from banso.insight.metrics.asking.questions import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_PERIODS,
    known_on,
    periods_asked,
    told_on,
)
from banso.insight.metrics.asking.registry import Measure
from banso.insight.metrics.boards.dashboard import TRENDS
from banso.insight.metrics.forms.asked import KINDS as LENGTHS
from banso.insight.metrics.forms.asked import AskedForm
from banso.insight.metrics.forms.fields import MonthField
from banso.lib.periods import MONTHS, TRAILING, Kind, Period, add_months, period_of, trailing

KINDS = [*LENGTHS, (TRAILING, gettext_lazy("12 months up to each month"))]
AHEAD = 6  # months that a KPI looks beyond today, where no end is told
USUAL = {"kind": "month", "unit": "user", "standing": "then"}


class FigureForm(AskedForm):
    """A KPI over time: periods, a cut, whom customers count as, and when all of it was known."""

    field_order = ("kpi", "kind", "periods", "first", "last", "by")
    kpi = forms.CharField(widget=forms.HiddenInput, max_length=30)
    kind = forms.ChoiceField(label=gettext_lazy("Length of a period"), choices=KINDS)
    periods = forms.IntegerField(
        label=gettext_lazy("How many periods"),
        min_value=1,
        max_value=MOST_PERIODS,
        required=False,
        help_text=gettext_lazy("Up to the last month, where no first one is given."),
    )
    first = MonthField(
        label=pgettext_lazy("the first of several", "From the month"), required=False
    )
    last = MonthField(label=gettext_lazy("To the month"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("Cut by"), choices=[], required=False)

    def __init__(self, measure: Measure, asked: Mapping[str, str]) -> None:
        told = {name: one for name, one in asked.items() if one}
        super().__init__({"by": measure.always_by, **USUAL, **told, "kpi": measure.id})
        self.measure = measure
        self.fields["by"].choices = cuts_of(measure)  # type: ignore[attr-defined]
        if measure.always_by == "cohort":  # a month of a life is told at the close of a month
            self.fields["kind"].choices = KINDS[:1]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """Refused, naming the field, for what cannot be asked."""
        said = self.said()
        known_at = known_on(said["as_of"])
        return Asked(
            self.measure.id,
            tuple(self._periods(said, told_on(known_at))),
            by="" if said["by"] == self.measure.always_by else said["by"],
            known_at=known_at,
            unit=said["unit"],
            attributes=said["standing"],
        )

    @property
    def step(self) -> int:
        """Months from one period to the next."""
        kind = self.cleaned_data["kind"]
        return 1 if kind == TRAILING else MONTHS[kind]

    def _periods(self, said: Mapping[str, Any], today: date) -> list[Period]:
        kind: Kind = "month" if said["kind"] == TRAILING else said["kind"]
        last = said["last"] or _usual_end(self.measure, today)
        if said["first"]:
            found = list(periods_asked(said["first"], last, kind, "last"))
        else:
            found = _up_to(last, kind, said["periods"] or TRENDS[kind])
        return [trailing(one) for one in found] if said["kind"] == TRAILING else found


def _usual_end(measure: Measure, today: date) -> date:
    month = today.replace(day=1)
    return add_months(month, AHEAD) if measure.is_ahead else month


def _up_to(last: date, kind: Kind, count: int) -> list[Period]:
    """So many periods, of which the last holds that month. Refused where no years are told of."""
    years = count * MONTHS[kind] // 12 + 1
    if last.year - years < FIRST_YEAR or last.year > LAST_YEAR:
        raise Refused(_("The date is out of range."), code="invalid", field="last")
    found = [period_of(last, kind, current_workspace().fiscal_start_month)]
    while len(found) < count:
        found.append(found[-1].before)
    return found[::-1]


def cuts_of(measure: Measure) -> list[tuple[str, Any]]:
    """The cuts that fit a KPI: reasons are told of who left, and cohorts are a cut themselves."""
    from banso.insight.metrics.making.cutting import CUTS  # noqa: PLC0415  (numpy, which forms do without)

    if measure.always_by == "cohort":
        return [("cohort", CUTS["cohort"].label)]
    found = [(one.id, one.label) for one in CUTS.values() if one.id != "reason"]
    if measure.always_by:
        return [(measure.always_by, CUTS[measure.always_by].label), *found]
    return [("", _("The whole")), *found]
