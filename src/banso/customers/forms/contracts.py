"""Forms about contracts. Pages ask for the last day (満了日); services take the day after it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.ui.wording import short_day
from banso.customers.forms.fields import (
    AmountField,
    DayField,
    EditForm,
    RoomForm,
    WholeField,
    in_minor,
)
from banso.customers.models import ChangeKind, Contract, ContractChange, Customer, Plan, Product
from banso.customers.terms import next_term, terms_of
from banso.lib.money import to_major

DAY = timedelta(days=1)
MAX_MONTHS = 600
BILLING = [
    ("", "—"),
    ("monthly", gettext_lazy("Billed monthly")),
    ("annual", gettext_lazy("Billed annually")),
]
LATER_KINDS = [
    (kind.value, kind.label)
    for kind in (ChangeKind.EXPANSION, ChangeKind.CONTRACTION, ChangeKind.PRICE)
]


def after(last_on: date) -> date:
    """The first day that is no longer covered. The calendar's last day has none after it."""
    return last_on + DAY if last_on < date.max else last_on


def last_day(end_on: date | None) -> date | None:
    """満了日: the last day that is covered."""
    return end_on - DAY if end_on else None


class TermsForm(RoomForm):
    """What was agreed for a term. Amounts are typed in major units of `currency`."""

    amount = AmountField(label=gettext_lazy("Amount for the term (excl. tax)"))
    term_months = WholeField(label=gettext_lazy("Term in months"), least=1, most=MAX_MONTHS)
    last_on = DayField(label=gettext_lazy("Last day of the term"), required=False)
    notice_on = DayField(label=gettext_lazy("Notice deadline"), required=False)
    seats = WholeField(label=gettext_lazy("Seats"), required=False)
    asked_as = {"end_on": "last_on"}

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"].help_text = _("In %(currency)s, as signed for the whole term.") % {
            "currency": currency
        }

    def clean_amount(self) -> int | None:
        text = self.cleaned_data["amount"]
        return in_minor(text, self.currency) if text else None

    def terms(self) -> dict[str, Any]:
        """As services take them: the last day has become the end."""
        names = ("amount", "term_months", "notice_on", "seats")
        given = {name: self.cleaned_data[name] for name in names}
        last_on = self.cleaned_data["last_on"]
        return {**given, "end_on": after(last_on) if last_on else None}


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
    external_id = forms.CharField(
        label=gettext_lazy("Contract number"), max_length=120, required=False
    )
    field_order = [
        "product", "plan", "start_on", "last_on", "notice_on", "amount", "term_months", "seats",
        "billing", "external_id", "auto_renew", "is_trial",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(list(Product.objects.order_by("name")[:2]))
        plans = Plan.objects.select_related("product").order_by("product__name", "name")
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]
        self.fields["plan"].label_from_instance = _plan_words  # type: ignore[attr-defined]
        self.fields["last_on"].help_text = _("Covered to the end of this day. Empty: no end.")
        self.fields["notice_on"].help_text = _("The last day on which they may say they leave.")

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
            "product", "plan", "start_on", "auto_renew", "is_trial", "billing", "external_id",
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


class RenewForm(TermsForm):
    """The next term, offered as one more of the same."""

    effective_on = DayField(label=gettext_lazy("First day of the new term"))
    field_order = ["effective_on", "last_on", "amount", "term_months", "notice_on", "seats"]

    def values(self) -> dict[str, Any]:
        return {**self.terms(), "effective_on": self.cleaned_data["effective_on"]}


def offered_renewal(contract: Contract, line: ContractChange) -> dict[str, Any]:
    """The form's initial values: the standing terms, one term later. A trial's amount is asked."""
    terms = next_term(contract.start_on, terms_of(line))
    return {
        "effective_on": contract.end_on,
        "last_on": last_day(terms.covers_until),
        "notice_on": terms.notice_on,
        "term_months": terms.term_months,
        "seats": terms.seats,
        "amount": "" if line.is_trial else in_major(terms.amount, contract.currency),
    }


class ChangeForm(TermsForm):
    """Larger, smaller or priced anew from a day on."""

    kind = forms.ChoiceField(label=gettext_lazy("What changes"), choices=LATER_KINDS)
    effective_on = DayField(label=gettext_lazy("From"))
    field_order = [
        "kind", "effective_on", "amount", "term_months", "seats", "last_on", "notice_on",
    ]  # fmt: skip

    def values(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("kind", "effective_on")}
        return {**self.terms(), **given}


class CorrectForm(TermsForm):
    """The line stands again as it should have been; the wrong one is kept, voided."""

    effective_on = DayField(label=gettext_lazy("From"))
    field_order = ["effective_on", "amount", "term_months", "seats", "last_on", "notice_on"]

    def values(self) -> dict[str, Any]:
        return {**self.terms(), "effective_on": self.cleaned_data["effective_on"]}


def standing_terms(line: ContractChange) -> dict[str, Any]:
    """A ledger line as a form's initial values."""
    return {
        "effective_on": line.effective_on,
        "amount": in_major(line.amount, line.currency),
        "term_months": line.term_months,
        "seats": line.quantity,
        "last_on": last_day(line.covers_until),
        "notice_on": line.notice_on,
    }


def in_major(minor: int, currency: str) -> str:
    """As people type it: 1,200,000."""
    return f"{to_major(minor, currency):,f}"


class EndForm(RoomForm):
    """The last day that is covered (契約終了日)."""

    last_on = DayField(label=gettext_lazy("Last day of the contract"))
    asked_as = {"effective_on": "last_on"}


class ContractForm(EditForm):
    """What is not in the ledger."""

    plan = forms.ModelChoiceField(
        label=gettext_lazy("Price plan"),
        queryset=Plan.anywhere.none(),
        required=False,
        empty_label="—",
    )
    billing = forms.CharField(label=gettext_lazy("Billing cycle"), max_length=20, required=False)
    external_id = forms.CharField(
        label=gettext_lazy("Contract number"), max_length=120, required=False
    )
    auto_renew = forms.BooleanField(label=gettext_lazy("Renews by itself"), required=False)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = Plan.objects.filter(product_id=contract.product_id).order_by("name")
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = self.changes()
        if "plan" in given:
            plan = given.pop("plan")
            given["plan_id"] = plan.pk if plan else None
        return given


class NoticeForm(RoomForm):
    """解約申出."""

    noticed_on = DayField(label=gettext_lazy("Day of the notice"))
    effective_on = DayField(
        label=gettext_lazy("Leaving on"),
        required=False,
        help_text=gettext_lazy("The first day without a contract, if they said so."),
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

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = Contract.objects.filter(customer=customer).select_related("product")
        self.fields["contract"].queryset = theirs.order_by("-start_on")  # type: ignore[attr-defined]
        self.fields["contract"].label_from_instance = _contract_words  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        contract = given.pop("contract")
        return {**given, "contract_id": contract.pk if contract else None}


def _contract_words(contract: Contract) -> str:
    facts = {"product": contract.product.name, "day": short_day(contract.start_on)}
    return _("%(product)s (from %(day)s)") % facts
