"""Forms of the health room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.insight.health.models import Judgement


class JudgementForm(forms.Form):
    """`expires_on` may be left out: 90 days."""

    mood = forms.ChoiceField(
        label=_("How are they?"), choices=Judgement.Mood.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Why do you think so?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    expires_on = forms.DateField(
        label=_("Counts until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
