"""What the dashboard is asked for, as its address says."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.errors import Refused
from banso.core.query_form import QueryForm
from banso.core.scope import current_workspace
from banso.insight.metrics.boards.dashboard import Chosen
from banso.insight.metrics.figure_words import period_name
from banso.insight.metrics.forms import RoomForm
from banso.insight.metrics.questions import known_on, period_called
from banso.insight.metrics.restatement_form import UNITS
from banso.lib.periods import Kind, Period, period_of

OFFERED = 24
KINDS = [
    ("month", gettext_lazy("Month")),
    ("quarter", gettext_lazy("Quarter")),
    ("half", gettext_lazy("Half-year")),
    ("year", gettext_lazy("Fiscal year")),
]
STANDINGS = [
    ("then", gettext_lazy("As they were then")),
    ("today", gettext_lazy("As they are today")),
]
COHORTS = [("customers", gettext_lazy("Customers")), ("mrr", gettext_lazy("MRR"))]
USUAL = {"kind": "month", "unit": "user", "standing": "then", "cohorts": "customers"}


class DashboardForm(RoomForm, QueryForm):
    """A period, whom customers are counted as, and on which day all of it is known."""

    kind = forms.ChoiceField(label=gettext_lazy("Length of a period"), choices=KINDS)
    period = forms.CharField(
        label=gettext_lazy("Period"), required=False, max_length=30, widget=forms.Select
    )
    as_of = forms.DateField(
        label=gettext_lazy("As known on"),
        help_text=gettext_lazy("Empty: as it is known now."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        required=False,
    )
    unit = forms.ChoiceField(label=gettext_lazy("Customers counted as"), choices=UNITS)
    standing = forms.ChoiceField(label=gettext_lazy("Owner, tier and stage"), choices=STANDINGS)
    cohorts = forms.ChoiceField(choices=COHORTS, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict) -> None:
        super().__init__({**USUAL, **{name: one for name, one in asked.dict().items() if one}})
        self.offer(None)

    def clean(self) -> dict[str, Any]:
        """A hidden field's refusal is said at the top of the form."""
        if self.has_error("cohorts"):
            self.add_error(None, _("Choose customers or MRR for the cohorts."))
        return super().clean() or {}

    def chosen(self) -> Chosen:
        """Refused, naming the field, for what cannot be asked."""
        said = self.said()
        known_at = known_on(said["as_of"])
        today = said["as_of"] or current_workspace().today()
        period = _period(said["period"], said["kind"], today)
        self.offer(period)
        return Chosen(period, said["unit"], said["standing"], known_at)

    def offer(self, period: Period | None) -> None:
        """The latest periods to choose from, and the chosen one."""
        today, fiscal = current_workspace().today(), current_workspace().fiscal_start_month
        kind = period.kind if period else "month"
        offered = [period_of(today, kind, fiscal)]
        while len(offered) < OFFERED:
            offered.append(offered[-1].before)
        if period and period not in offered:
            offered.append(period)
        choices: list[tuple[str, Any]] = [(one.code, period_name(one)) for one in offered]
        self.fields["period"].widget.choices = choices
        if period:
            self.data = {**self.data, "period": period.code}


def _period(code: str, kind: Kind, today: date) -> Period:
    """The period of that code, or that of the kind around its end; the running one without code."""
    fiscal = current_workspace().fiscal_start_month
    if not code:
        return period_of(today, kind, fiscal)
    told = period_called(code)
    if told.start > today:
        raise Refused(_("This period has not begun."), code="in_future", field="period")
    if told.kind == kind:
        return told
    return period_of(min(told.last_day, today), kind, fiscal)
