"""Forms about the terms of a contract. Pages say the last day (満了日); services take the day after it."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.customers.forms.fields import (
    AmountField,
    DayField,
    RoomForm,
    WholeField,
    currency_words,
    in_minor,
)
from banso.customers.models import ChangeKind, Contract, ContractChange
from banso.customers.services.ledger import MAX_MONTHS, MAX_NOTICE
from banso.customers.terms import Terms, next_term, terms_of
from banso.lib.money import to_major
from banso.lib.months import day_after, last_day

END_IS_OUT = "out"
ENDS = [
    ("", gettext_lazy("the last day covered")),
    (END_IS_OUT, gettext_lazy("the first day not covered")),
]
DAYS, MONTHS = "days", "months"
UNITS = [
    (MONTHS, pgettext_lazy("counted in", "months")),
    (DAYS, pgettext_lazy("counted in", "days")),
]
LATER_KINDS = [
    (kind.value, kind.label)
    for kind in (ChangeKind.EXPANSION, ChangeKind.CONTRACTION, ChangeKind.PRICE)
]


class TermsForm(RoomForm):
    """What was agreed for a term. Amounts are typed in major units of `currency`."""

    amount = AmountField(label=gettext_lazy("Amount for the term (excl. tax)"))
    term_months = WholeField(label=gettext_lazy("Term in months"), least=1, most=MAX_MONTHS)
    last_on = DayField(label=gettext_lazy("Term ends on"), required=False)
    end_is = forms.ChoiceField(label=gettext_lazy("The end date is"), choices=ENDS, required=False)
    notice_count = WholeField(
        label=gettext_lazy("Notice is due, before the end"),
        required=False,
        most=MAX_NOTICE["notice_days"],
    )
    notice_unit = forms.ChoiceField(
        label=gettext_lazy("Notice is counted in"), choices=UNITS, required=False, initial=MONTHS
    )
    notice_on = DayField(label=gettext_lazy("Notice deadline, if a fixed day"), required=False)
    minimum_months = WholeField(
        label=gettext_lazy("Minimum term in months"), required=False, least=1, most=MAX_MONTHS
    )
    seats = WholeField(label=gettext_lazy("Seats"), required=False)
    asked_as = {
        "end_on": "last_on", "notice_months": "notice_count", "notice_days": "notice_count",
    }  # fmt: skip

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"].help_text = _("In %(currency)s, as signed for the whole term.") % {
            "currency": currency_words(currency)
        }
        self.fields["notice_on"].help_text = _("Empty: counted from the end.")

    def clean_amount(self) -> int | None:
        text = self.cleaned_data["amount"]
        return in_minor(text, self.currency) if text else None

    def terms(self) -> dict[str, Any]:
        """As services take them: the last day has become the end, the notice months or days."""
        names = ("amount", "term_months", "notice_on", "minimum_months", "seats")
        given = {name: self.cleaned_data[name] for name in names}
        return {**given, "end_on": self._end(), **self._notice()}

    def _end(self) -> date | None:
        told: date | None = self.cleaned_data["last_on"]
        if told is None or self.cleaned_data["end_is"] == END_IS_OUT:
            return told
        return day_after(told)

    def _notice(self) -> dict[str, int | None]:
        count, by_days = self.cleaned_data["notice_count"], self.cleaned_data["notice_unit"] == DAYS
        return {"notice_days" if by_days else "notice_months": count}


def asked_terms(terms: Terms, start_on: date, currency: str) -> dict[str, Any]:
    """Terms as a form's initial values; a deadline that was counted is left to be counted."""
    by_days = terms.notice_days is not None
    counted = replace(terms, notice_on=None).counted(start_on).notice_on == terms.notice_on
    return {
        "amount": in_major(terms.amount, currency),
        "term_months": terms.term_months,
        "seats": terms.seats,
        "last_on": last_day(terms.covers_until),
        "notice_on": None if counted else terms.notice_on,
        "notice_count": terms.notice_days if by_days else terms.notice_months,
        "notice_unit": DAYS if by_days else MONTHS,
        "minimum_months": terms.minimum_months,
    }


class RenewForm(TermsForm):
    """The next term, offered as one more of the same."""

    effective_on = DayField(label=gettext_lazy("First day of the new term"))
    field_order = [
        "effective_on", "last_on", "end_is", "amount", "term_months", "seats", "notice_count",
        "notice_unit", "notice_on", "minimum_months",
    ]  # fmt: skip

    def values(self) -> dict[str, Any]:
        return {**self.terms(), "effective_on": self.cleaned_data["effective_on"]}


def offered_renewal(contract: Contract, line: ContractChange) -> dict[str, Any]:
    """The form's initial values: the standing terms, one term later. A trial's amount is asked."""
    terms = next_term(contract.start_on, terms_of(line))
    offered = asked_terms(terms, contract.start_on, contract.currency)
    if line.is_trial:
        offered["amount"] = ""
    return {**offered, "effective_on": contract.end_on}


class ChangeForm(TermsForm):
    """Larger, smaller or priced anew from a day on."""

    kind = forms.ChoiceField(label=gettext_lazy("What changes"), choices=LATER_KINDS)
    effective_on = DayField(label=gettext_lazy("From"))
    field_order = [
        "kind", "effective_on", "amount", "term_months", "seats", "last_on", "end_is",
        "notice_count", "notice_unit", "notice_on", "minimum_months",
    ]  # fmt: skip

    def values(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("kind", "effective_on")}
        return {**self.terms(), **given}


class CorrectForm(TermsForm):
    """The line stands again as it should have been; the wrong one is kept, voided."""

    effective_on = DayField(label=gettext_lazy("From"))
    field_order = [
        "effective_on", "amount", "term_months", "seats", "last_on", "end_is", "notice_count",
        "notice_unit", "notice_on", "minimum_months",
    ]  # fmt: skip

    def values(self) -> dict[str, Any]:
        return {**self.terms(), "effective_on": self.cleaned_data["effective_on"]}


def standing_terms(line: ContractChange) -> dict[str, Any]:
    """A ledger line as a form's initial values."""
    asked = asked_terms(terms_of(line), line.contract.start_on, line.currency)
    return {**asked, "effective_on": line.effective_on}


def in_major(minor: int, currency: str) -> str:
    """As people type it: 1,200,000."""
    return f"{to_major(minor, currency):,f}"


class EndForm(RoomForm):
    """The last day that is covered (契約終了日)."""

    last_on = DayField(label=gettext_lazy("Last day of the contract"))
    asked_as = {"effective_on": "last_on"}
