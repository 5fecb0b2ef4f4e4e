"""Forms of the renewal desk: which renewals, what is expected, closing one, and why something was lost."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.core.query_form import QueryForm
from banso.customers.forms.fields import (
    AmountField,
    DayField,
    EditForm,
    RoomForm,
    Words,
    in_minor,
    people,
)
from banso.customers.forms.terms import RenewForm, in_major
from banso.customers.loss_reasons import Reason, reason_labels, reasons_in_use
from banso.customers.models import Contract, Forecast, Loss, Outcome, Renewal, Step, Tier
from banso.customers.queries import AskedRenewals
from banso.customers.services import NewLoss
from banso.lib.months import day_after, last_day

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
RENEWED, DECLINED = "renewed", "declined"


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
            "currency": contract.currency, "amount": amount, "months": contract.term_months,
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


class LossFields(RoomForm):
    """Why something was lost: two reasons of the list, words, a competitor, and when they said so."""

    main_reason = forms.ChoiceField(label=gettext_lazy("Main reason"), required=False)
    second_reason = forms.ChoiceField(label=gettext_lazy("Second reason"), required=False)
    noticed_on = DayField(label=gettext_lazy("Day of the notice"), required=False)
    competitor = forms.CharField(
        label=gettext_lazy("Competitor"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Whom they go to, or compare us with."),
    )
    detail = forms.CharField(
        label=gettext_lazy("What they said"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    OF_LOSS = ("main_reason", "second_reason", "noticed_on", "competitor", "detail")

    def __init__(self, *args: Any, standing: Loss | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *reasons_in_use()]
        if standing:  # what was given once may stay, retired or not
            labels, known = reason_labels(), {code for code, _label in choices}
            given = {standing.main_reason, standing.second_reason} - known
            choices += [(code, labels.get(code, code)) for code in sorted(given)]
        for name in ("main_reason", "second_reason"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def loss(self) -> NewLoss:
        return NewLoss(**{name: self.cleaned_data[name] for name in self.OF_LOSS})


class LossForm(LossFields, EditForm):
    """The reasons of one line of the ledger."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["main_reason"].required = True


def standing_loss(loss: Loss | None) -> dict[str, Any]:
    return {name: getattr(loss, name) for name in LossFields.OF_LOSS} if loss else {}


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


class LossReasonsForm(RoomForm):
    """The list of reasons: each has its name and whether it can be chosen; more, one a line."""

    added = forms.CharField(
        label=gettext_lazy("More reasons"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line."),
    )

    def __init__(self, *args: Any, reasons: list[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = reasons
        for one in reasons:
            name = forms.CharField(label=str(one.label), max_length=60, required=False)
            used = forms.BooleanField(label=_("Can be chosen"), required=False)
            name.initial, used.initial = str(one.label), not one.is_retired
            self.fields[one.code], self.fields[f"use-{one.code}"] = name, used

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[one.code], self[f"use-{one.code}"]) for one in self.reasons]

    def values(self) -> dict[str, Any]:
        """As `set_loss_reasons` takes it."""
        said = self.cleaned_data
        return {
            "names": {one.code: said[one.code] for one in self.reasons},
            "in_use": [one.code for one in self.reasons if said[f"use-{one.code}"]],
            "added": said["added"].splitlines(),
        }
