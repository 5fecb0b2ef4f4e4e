"""Forms of one renewal: what is expected, and closing it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.customers.forms.fields import (
    AmountField,
    DayField,
    EditForm,
    Words,
    currency_words,
    in_minor,
)
from banso.customers.forms.losses import LossFields
from banso.customers.forms.terms import RenewForm, in_major
from banso.customers.models import Contract, Forecast, Renewal, Step
from banso.lib.months import day_after, last_day

RENEWED, DECLINED = "renewed", "declined"


class PlanForm(EditForm):
    """What is expected of a renewal."""

    forecast = forms.ChoiceField(label=gettext_lazy("Forecast"), choices=Forecast.choices)
    step = forms.ChoiceField(
        label=gettext_lazy("Step"),
        choices=[(step.value, step.label) for step in Step if step != Step.RENEWED],
        required=False,
    )
    expected_on = DayField(label=gettext_lazy("They decide on"), required=False)
    expected_amount = AmountField(
        label=gettext_lazy("Expected amount for the next term (excl. tax)"), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = contract.currency
        amount = in_major(contract.amount, contract.currency)
        words = _("In %(currency)s. Now %(amount)s for %(months)s months.")
        self.fields["expected_amount"].help_text = words % {
            "currency": currency_words(contract.currency), "amount": amount, "months": contract.term_months,
        }  # fmt: skip

    def clean_expected_amount(self) -> int | None:
        text = self.cleaned_data["expected_amount"]
        return in_minor(text, self.currency) if text else None


def standing_plan(renewal: Renewal, currency: str) -> dict[str, Any]:
    """What is expected, as the form's initial values."""
    amount = renewal.expected_amount
    names = ("forecast", "step", "expected_on", "note")
    return {
        **{name: getattr(renewal, name) for name in names},
        "expected_amount": "" if amount is None else in_major(amount, currency),
    }


class CloseForm(RenewForm, LossFields):
    """One step that closes a renewal: on for another term, or not; with the reasons of what is lost.

    `due_on` is the end that was on the screen, so that nobody renews twice what another has closed.
    """

    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it go?"),
        choices=[
            (RENEWED, pgettext_lazy("closing a renewal", "They renew")),
            (DECLINED, pgettext_lazy("closing a renewal", "They do not renew")),
        ],
        widget=forms.RadioSelect,
        initial=RENEWED,
    )
    due_on = forms.DateField(widget=forms.HiddenInput)
    leaves_on = DayField(label=gettext_lazy("Last day of the contract"), required=False)
    OF_TERMS = (
        "effective_on", "last_on", "end_is", "amount", "term_months", "seats", "notice_count",
        "notice_unit", "notice_on", "minimum_months",
    )  # fmt: skip
    field_order = ["outcome", *OF_TERMS, "leaves_on", *LossFields.OF_LOSS]

    @property
    def is_declined(self) -> bool:
        return bool(self.cleaned_data["outcome"] == DECLINED)

    def asked_at(self, field: str | None) -> str | None:
        """An end has no first day of a new term, whose field is out of sight then."""
        asked = super().asked_at(field)
        return "leaves_on" if self.is_declined and asked == "effective_on" else asked

    def groups(self) -> list[tuple[Words, list[forms.BoundField]]]:
        why = _("Why they leave, or pay less")
        return [
            (_("The new term"), [self[name] for name in self.OF_TERMS]),
            (_("The end"), [self["leaves_on"]]),
            (why, [self[name] for name in self.OF_LOSS]),
        ]

    def renewed(self) -> dict[str, Any]:
        """As `renew_from_desk` takes it."""
        due_on, loss = self.cleaned_data["due_on"], self.loss()
        return {**self.values(), "due_on": due_on, "loss": loss}

    def declined(self) -> dict[str, Any]:
        """As `decline_renewal` takes it."""
        last: Any = self.cleaned_data["leaves_on"]
        ends = day_after(last) if last else None
        return {"due_on": self.cleaned_data["due_on"], "effective_on": ends, "loss": self.loss()}


def offered_closing(contract: Contract, renewal: Renewal, terms: dict[str, Any]) -> dict[str, Any]:
    """The form's initial values: `terms` of another term, and what was expected."""
    if renewal.expected_amount is not None:
        terms = {**terms, "amount": in_major(renewal.expected_amount, contract.currency)}
    leaves = renewal.forecast == Forecast.CHURN
    return {
        **terms,
        "outcome": DECLINED if leaves else RENEWED,
        "due_on": contract.end_on,
        "leaves_on": last_day(contract.end_on),
    }
