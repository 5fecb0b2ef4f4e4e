"""Forms about notices of cancellation (解約申出)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.ui.wording import short_day
from banso.customers.forms.fields import DayField, RoomForm
from banso.customers.models import Contract, Customer
from banso.lib.months import day_after


class NoticeForm(RoomForm):
    """解約申出."""

    noticed_on = DayField(label=gettext_lazy("Day of the notice"))
    last_on = DayField(
        label=gettext_lazy("Last day of the contract"),
        required=False,
        help_text=gettext_lazy("If they said so."),
    )
    contract = forms.ModelChoiceField(
        label=gettext_lazy("Contract"),
        queryset=Contract.anywhere.none(),
        required=False,
        empty_label=gettext_lazy("All contracts"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason, in a word"), max_length=60, required=False)
    detail = forms.CharField(
        label=gettext_lazy("What they said"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    asked_as = {"effective_on": "last_on"}

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = Contract.objects.filter(customer=customer).select_related("product")
        self.fields["contract"].queryset = theirs.order_by("-start_on")  # type: ignore[attr-defined]
        self.fields["contract"].label_from_instance = _contract_words  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        contract, last_on = given.pop("contract"), given.pop("last_on")
        given["effective_on"] = day_after(last_on) if last_on else None
        return {**given, "contract_id": contract.pk if contract else None}


def _contract_words(contract: Contract) -> str:
    facts = {"product": contract.product.name, "day": short_day(contract.start_on)}
    return _("%(product)s (from %(day)s)") % facts
