"""Forms of offers: which ones, and one of them."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.query_form import QueryForm
from banso.customers.forms.fields import (
    AmountField,
    DayField,
    EditForm,
    currency_words,
    in_minor,
    people,
)
from banso.customers.forms.terms import in_major
from banso.customers.models import Offer, OfferKind, OfferState, Product
from banso.customers.queries import AskedOffers


class AskedOffersForm(QueryForm):
    """Which offers a list shows."""

    q = forms.CharField(required=False, max_length=200)
    customer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("All kinds")), *OfferKind.choices],
        required=False,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[("", gettext_lazy("All states")), *OfferState.choices],
        required=False,
    )
    by = forms.TypedChoiceField(
        label=gettext_lazy("Who offered"), required=False, coerce=UUID, empty_value=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours: Any = self.fields["by"]
        ours.choices = [("", _("Everybody of ours")), *people().values_list("pk", "name")]

    def asked(self) -> AskedOffers:
        """Refused in words for what cannot be asked."""
        said = self.said()
        return AskedOffers(
            q=said["q"],
            customer_id=said["customer"],
            kind=said["kind"],
            state=said["state"],
            by_id=said["by"],
        )


class OfferForm(EditForm):
    """An offer, and what became of it."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=OfferKind.choices)
    title = forms.CharField(label=gettext_lazy("What is offered"), max_length=200)
    product = forms.ModelChoiceField(
        label=gettext_lazy("Product"),
        queryset=Product.anywhere.none(),
        required=False,
        empty_label="—",
    )
    mrr = AmountField(label=gettext_lazy("More a month (MRR, excl. tax)"), required=False)
    offered_on = DayField(label=gettext_lazy("Offered on"))
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=OfferState.choices)
    decided_on = DayField(
        label=gettext_lazy("Answered on"),
        required=False,
        help_text=gettext_lazy("Empty: today, once it is answered."),
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Why they said yes or no, in their words."),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["mrr"].help_text = _("In %(currency)s.") % {
            "currency": currency_words(currency)
        }
        self.fields["product"].queryset = Product.objects.order_by("name")  # type: ignore[attr-defined]

    def clean_mrr(self) -> int | None:
        text = self.cleaned_data["mrr"]
        return in_minor(text, self.currency) if text else None

    def values(self) -> dict[str, Any]:
        """All of it, by the names that services take."""
        return _named(self.cleaned_data)

    def changed(self) -> dict[str, Any]:
        """What was changed, by the names that services take."""
        return _named(self.changes())


def _named(said: dict[str, Any]) -> dict[str, Any]:
    given = dict(said)
    if "product" in given:
        product = given.pop("product")
        given["product_id"] = product.pk if product else None
    return given


def standing_offer(offer: Offer) -> dict[str, Any]:
    """An offer as the form's initial values."""
    names = ("kind", "title", "offered_on", "state", "decided_on", "why")
    return {
        **{name: getattr(offer, name) for name in names},
        "product": offer.product_id,
        "mrr": "" if offer.mrr is None else in_major(offer.mrr, offer.currency),
    }
