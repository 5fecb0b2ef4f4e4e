"""What pages of figures are asked for alike, as their addresses say."""

from django import forms
from django.utils.translation import gettext_lazy

from banso.core.query_form import QueryForm
from banso.customers.forms.fields import DayField, RoomForm

KINDS = [
    ("month", gettext_lazy("Month")),
    ("quarter", gettext_lazy("Quarter")),
    ("half", gettext_lazy("Half-year")),
    ("year", gettext_lazy("Fiscal year")),
]
UNITS = [
    ("user", gettext_lazy("Users of the contract")),
    ("signer", gettext_lazy("Contracting parties")),
    ("group", gettext_lazy("Groups of companies")),
]
STANDINGS = [
    ("then", gettext_lazy("As they were then")),
    ("today", gettext_lazy("As they are today")),
]


class AskedForm(RoomForm, QueryForm):
    """Whom customers are counted as, and on which day all of it is known."""

    unit = forms.ChoiceField(label=gettext_lazy("Customers counted as"), choices=UNITS)
    standing = forms.ChoiceField(label=gettext_lazy("Owner, tier and stage"), choices=STANDINGS)
    as_of = DayField(
        label=gettext_lazy("As known on"),
        help_text=gettext_lazy("Left empty: as it is known today."),
        required=False,
    )
