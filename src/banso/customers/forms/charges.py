"""The form of a one-off line of a contract."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.customers.forms.fields import AmountField, DayField, RoomForm, currency_words, in_minor
from banso.customers.models import ChargeKind


class ChargeForm(RoomForm):
    """Paid once. The amount is typed in major units of `currency`."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ChargeKind)
    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=120, required=False)
    amount = AmountField(label=gettext_lazy("Amount (excl. tax)"))
    charged_on = DayField(label=gettext_lazy("Billed on"), required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        words = _("In %(currency)s. It never counts as MRR.")
        self.fields["amount"].help_text = words % {"currency": currency_words(currency)}

    def clean_amount(self) -> int:
        return in_minor(self.cleaned_data["amount"], self.currency)
