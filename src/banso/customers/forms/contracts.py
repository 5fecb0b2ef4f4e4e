"""Forms about contracts: as signed, and what stands beside the ledger."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.customers.forms.fields import DayField, EditForm
from banso.customers.forms.terms import TermsForm
from banso.customers.models import Contract, Plan, Product
from banso.lib.months import DAY, last_day

BILLING = [
    ("", "—"),
    ("monthly", gettext_lazy("Billed monthly")),
    ("quarterly", gettext_lazy("Billed every three months")),
    ("half_yearly", gettext_lazy("Billed every six months")),
    ("annual", gettext_lazy("Billed annually")),
    ("at_once", gettext_lazy("Billed at once for the term")),
]
PAYMENT = [
    ("", "—"),
    ("invoice", gettext_lazy("Invoice and bank transfer")),
    ("direct_debit", gettext_lazy("Direct debit")),
    ("card", gettext_lazy("Credit card")),
    ("reseller", gettext_lazy("By way of the reseller")),
]


class SignForm(TermsForm):
    """A contract as signed."""

    product = forms.ModelChoiceField(
        label=gettext_lazy("Product"),
        queryset=Product.anywhere.none(),
        empty_label=gettext_lazy("Choose a product"),
    )
    plan = forms.ModelChoiceField(
        label=gettext_lazy("Price plan"),
        queryset=Plan.anywhere.none(),
        required=False,
        empty_label="—",
    )
    start_on = DayField(label=gettext_lazy("First day of the contract"))
    auto_renew = forms.BooleanField(
        label=gettext_lazy("Renews by itself"), required=False, initial=True
    )
    is_trial = forms.BooleanField(label=gettext_lazy("Is a trial (no MRR)"), required=False)
    billing = forms.ChoiceField(
        label=gettext_lazy("Billing cycle"), choices=BILLING, required=False
    )
    payment = forms.ChoiceField(
        label=gettext_lazy("Payment method"), choices=PAYMENT, required=False
    )
    number = forms.CharField(label=gettext_lazy("Contract number"), max_length=120, required=False)
    field_order = [
        "product", "plan", "number", "start_on", "last_on", "end_is", "amount", "term_months",
        "notice_count", "notice_unit", "notice_on", "minimum_months", "seats", "billing",
        "payment", "auto_renew", "is_trial",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(list(Product.objects.order_by("name")[:2]))
        plans = Plan.objects.select_related("product").order_by("product__name", "name")
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]
        self.fields["plan"].label_from_instance = _plan_words  # type: ignore[attr-defined]
        self.fields["last_on"].help_text = _("Empty: no end.")

    def _offer(self, first: list[Product]) -> None:
        """One product needs no choice; among several none is proposed: its name would decide."""
        field: Any = self.fields["product"]
        field.queryset = Product.objects.order_by("name")
        if len(first) == 1:
            field.empty_label, field.initial = None, first[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        plan, product = cleaned.get("plan"), cleaned.get("product")
        if plan and product and plan.product_id != product.pk:
            self.add_error("plan", _("This price plan belongs to another product."))
        return cleaned

    def values(self) -> dict[str, Any]:
        names = (
            "product", "plan", "number", "start_on", "auto_renew", "is_trial", "billing", "payment",
        )  # fmt: skip
        return {**self.terms(), **{name: self.cleaned_data[name] for name in names}}


def _plan_words(plan: Plan) -> str:
    return f"{plan.product.name} / {plan.name}"


def first_terms(today: date) -> dict[str, Any]:
    """What a new contract usually says: a year from the first of next month."""
    start = (today.replace(day=1) + 32 * DAY).replace(day=1)
    return {
        "start_on": start,
        "last_on": last_day(start.replace(year=start.year + 1)),
        "term_months": "12",
    }


class ContractForm(EditForm):
    """What is not in the ledger."""

    plan = forms.ModelChoiceField(
        label=gettext_lazy("Price plan"),
        queryset=Plan.anywhere.none(),
        required=False,
        empty_label="—",
    )
    number = forms.CharField(label=gettext_lazy("Contract number"), max_length=120, required=False)
    billing = forms.ChoiceField(label=gettext_lazy("Billing cycle"), required=False)
    payment = forms.ChoiceField(label=gettext_lazy("Payment method"), required=False)
    external_id = forms.CharField(label=gettext_lazy("External ID"), max_length=120, required=False)
    auto_renew = forms.BooleanField(label=gettext_lazy("Renews by itself"), required=False)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = Plan.objects.filter(product_id=contract.product_id).order_by("name")
        fields: Any = self.fields
        fields["plan"].queryset = plans
        fields["billing"].choices = offered(BILLING, contract.billing)
        fields["payment"].choices = offered(PAYMENT, contract.payment)

    def values(self) -> dict[str, Any]:
        given = self.changes()
        if "plan" in given:
            plan = given.pop("plan")
            given["plan_id"] = plan.pk if plan else None
        return given


def offered(choices: list[tuple[str, Any]], standing: str) -> list[tuple[str, Any]]:
    """The choices, and what a source said in its own word."""
    return choices if standing in dict(choices) else [*choices, (standing, standing)]
