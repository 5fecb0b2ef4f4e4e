"""The rhythm of meetings."""

from typing import Any

from django import forms

from banso.customers.models import Tier
from banso.work.cadences import MOST_DAYS


class CadenceForm(forms.Form):
    """One number of days a tier; 0 is no rhythm."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for tier in Tier:
            self.fields[tier.value] = forms.IntegerField(
                label=tier.label, min_value=0, max_value=MOST_DAYS
            )
