"""Which renewals a list shows."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.query_form import QueryForm
from banso.customers.forms.fields import people
from banso.customers.models import Forecast, Outcome, Step, Tier
from banso.customers.queries import AskedRenewals

NOT_BEGUN, ALL = "none", "all"
WITHIN = {
    "30": gettext_lazy("Within 30 days"),
    "90": gettext_lazy("Within 90 days"),
    "180": gettext_lazy("Within 180 days"),
    "365": gettext_lazy("Within a year"),
    ALL: gettext_lazy("However far"),
}
STEPS = [(step.value or NOT_BEGUN, step.label) for step in Step if step != Step.RENEWED]
WHICH = ("ahead", "passed", "closed")


class AskedRenewalsForm(QueryForm):
    """Which renewals a list shows."""

    which = forms.ChoiceField(choices=[(one, one) for one in WHICH], required=False)
    q = forms.CharField(required=False, max_length=200)
    owner = forms.TypedChoiceField(
        label=gettext_lazy("Owner"), required=False, coerce=UUID, empty_value=None
    )
    tier = forms.ChoiceField(
        label=gettext_lazy("Touch tier"),
        choices=[("", gettext_lazy("All touch tiers")), *Tier.choices],
        required=False,
    )
    forecast = forms.ChoiceField(
        label=gettext_lazy("Forecast"),
        choices=[("", gettext_lazy("All forecasts")), *Forecast.choices],
        required=False,
    )
    step = forms.ChoiceField(
        label=gettext_lazy("Step"),
        choices=[("", gettext_lazy("All steps")), *STEPS],
        required=False,
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[("", gettext_lazy("All outcomes")), *Outcome.choices],
        required=False,
    )
    within = forms.ChoiceField(
        label=gettext_lazy("Days"), choices=list(WITHIN.items()), required=False
    )
    sort = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours: Any = self.fields["owner"]
        ours.choices = [("", _("Everybody of ours")), *people().values_list("pk", "name")]

    def asked(self) -> AskedRenewals:
        """Refused in words for what cannot be asked."""
        said = self.said()
        within, step = said["within"] or "90", said["step"]
        return AskedRenewals(
            which=said["which"] or "ahead",
            q=said["q"],
            owner_id=said["owner"],
            tier=said["tier"],
            forecast=said["forecast"],
            step=None if not step else step.replace(NOT_BEGUN, ""),
            outcome=said["outcome"],
            within=None if within == ALL else int(within),
            sort=said["sort"],
        )

    @property
    def narrows(self) -> bool:
        """Whether it leaves renewals out that the list would show."""
        names = ("q", "owner", "tier", "forecast", "step", "outcome", "within")
        return any(self.cleaned_data[name] for name in names)
