"""What the dashboard is asked for, as its address says."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.insight.metrics.asking.questions import known_on, period_called, told_on
from banso.insight.metrics.boards.dashboard import Chosen
from banso.insight.metrics.figure_words import period_name
from banso.insight.metrics.forms.asked import KINDS, AskedForm
from banso.lib.periods import Kind, Period, period_of

OFFERED = 24
COHORTS = [("customers", gettext_lazy("Customers")), ("mrr", gettext_lazy("MRR"))]
USUAL = {"kind": "month", "unit": "user", "standing": "then", "cohorts": "customers"}


class DashboardForm(AskedForm):
    """A period, whom customers are counted as, and on which day all of it is known."""

    field_order = ("kind", "period", "as_of")
    kind = forms.ChoiceField(label=gettext_lazy("Length of a period"), choices=KINDS)
    period = forms.CharField(
        label=gettext_lazy("Period"), required=False, max_length=30, widget=forms.Select
    )
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
        period = _period(said["period"], said["kind"], told_on(known_at))
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
