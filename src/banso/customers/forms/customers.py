"""Forms about one customer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers.forms.attributes import attribute_field
from banso.customers.forms.fields import (
    DayField,
    PersonField,
    RoomForm,
    WholeField,
    Words,
    countries,
    months,
    named_customer,
    same_name,
)
from banso.customers.forms.masters import MasteredForm
from banso.customers.models import CustomAttribute, Customer, Maturity, Stage, Tier
from banso.customers.services.checks import checked_domain
from banso.lib.bad_value import BadValue
from banso.lib.corporate_number import corporate_number

PREFIX = "attributes."
BESIDE = ("approach", "purpose", "maturity", "competitor", "switched_from")
COMPANY = (
    "industry", "employees", "country", "fiscal_month", "domain", "parent", "corporate_number", "former_names",
)  # fmt: skip


class CustomerForm(MasteredForm):
    """Everything about a customer that is not dated. Custom attributes come after our own."""

    name = forms.CharField(label=_("Customer name"), max_length=200)
    name_reading = forms.CharField(
        label=_("Reading (kana)"),
        max_length=200,
        required=False,
        help_text=_("Lists are sorted by it: without 株式会社."),
    )
    external_id = forms.CharField(label=_("External ID"), max_length=120, required=False)
    since = DayField(label=_("Customer since"), required=False)
    tier = forms.ChoiceField(label=_("Touch tier"), choices=Tier.choices, initial=Tier.TECH)
    main_owner = PersonField(label=_("Main owner"), required=False)
    sub_owner = PersonField(label=_("Sub owner"), required=False)
    industry = forms.CharField(label=_("Industry"), max_length=80, required=False)
    employees = WholeField(label=_("Employees"), required=False)
    country = forms.ChoiceField(label=_("Country"), choices=countries, required=False)
    domain = forms.CharField(label=_("Web domain"), max_length=253, required=False)
    corporate_number = forms.CharField(
        label=_("Corporate number"),
        max_length=40,
        required=False,
        help_text=_("The 13 digits of the National Tax Agency; an invoice number without its T."),
    )
    former_names = forms.CharField(
        label=_("Former names"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "One a line. The customer is found by them, too; a name that is changed joins them."
        ),
    )
    parent = forms.CharField(
        label=_("Parent company"),
        max_length=200,
        required=False,
        help_text=_("Its name or external ID, as it stands in the list."),
    )
    approach = forms.CharField(
        label=_("Our approach"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("How we run beside them, in a paragraph."),
    )
    purpose = forms.CharField(label=_("What they use it for"), max_length=200, required=False)
    maturity = forms.ChoiceField(
        label=_("Maturity"), choices=[("", "—"), *Maturity.choices], required=False
    )
    competitor = forms.CharField(label=_("Competing product"), max_length=120, required=False)
    switched_from = forms.CharField(label=_("Switched from"), max_length=120, required=False)
    fiscal_month = forms.TypedChoiceField(
        label=_("Fiscal year ends in"),
        choices=lambda: [("", "—"), *months()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    layout: tuple[tuple[Words, tuple[str, ...]], ...] = (
        (_("Name"), ("name", "name_reading", "external_id", "since")),
        (_("Who looks after them"), ("tier", "main_owner", "sub_owner")),
        (_("How we run beside them"), BESIDE),
        (_("Company"), COMPANY),
    )

    def __init__(
        self, *args: Any, attributes: Iterable[CustomAttribute] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in attributes:
            self.fields[PREFIX + one.key] = attribute_field(one)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean_domain(self) -> str:
        """The domain of what was pasted. What an import has left there may stay."""
        text: str = self.cleaned_data["domain"]
        if text == self.initial.get("domain"):
            return text
        try:
            return checked_domain(text)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal

    def clean_parent(self) -> Customer | None:
        if self.fields["parent"].disabled:
            return None
        text = self.cleaned_data["parent"].strip()
        return named_customer(text) if text else None

    def groups(self) -> list[tuple[Words, list[forms.BoundField]]]:
        own = [(title, [self[name] for name in names]) for title, names in self.layout]
        custom = [self[name] for name in self.fields if name.startswith(PREFIX)]
        return [*own, *([(_("Custom attributes"), custom)] if custom else [])]

    def values(self) -> dict[str, Any]:
        """What was changed, by the names that services take."""
        given, attributes = {}, {}
        for name, value in self.changes().items():
            if name.startswith(PREFIX):
                attributes[name.removeprefix(PREFIX)] = value
            elif name in {"main_owner", "sub_owner", "parent"}:
                given[f"{name}_id"] = value.pk if value else None
            elif name == "former_names":
                given[name] = value.splitlines()
            else:
                given[name] = value
        return {**given, **({"attributes": attributes} if attributes else {})}


class NewCustomerForm(CustomerForm):
    """A customer to be made: also where it stands, and a word of warning about namesakes."""

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices, initial=Stage.ONBOARDING)
    namesake_is_another = forms.BooleanField(
        label=_("It is another company: register it too"), required=False
    )
    layout = (
        (_("Name"), ("name", "name_reading", "external_id", "since")),
        (_("Who looks after them"), ("tier", "stage", "main_owner", "sub_owner")),
        (_("How we run beside them"), BESIDE),
        (_("Company"), COMPANY),
    )
    namesakes: list[Customer]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.namesakes = []
        for field in self.fields.values():
            field.show_hidden_initial = False

    def changes(self) -> dict[str, Any]:
        """All that was given: what the page proposed and the person left as it was counts too."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.namesakes = list(same_name(cleaned.get("name", ""))[:5])
        numbered = self._of_one_number(cleaned.get("corporate_number", ""))
        if not cleaned.get("namesake_is_another"):
            if self.namesakes:
                self.add_error("name", _("A customer of this name is registered already."))
            if numbered:
                words = _("A customer with this corporate number is registered already.")
                self.add_error("corporate_number", words)
        self.namesakes += [one for one in numbered if one not in self.namesakes]
        return cleaned

    def _of_one_number(self, text: str) -> list[Customer]:
        """Who has the number already; the service says what is wrong with one that is none."""
        try:
            number = corporate_number(text)
        except BadValue:
            return []
        return list(Customer.objects.filter(corporate_number=number)[:5]) if number else []

    def values(self) -> dict[str, Any]:
        given = super().values()
        given.pop("namesake_is_another", None)
        return {
            **given,
            "name": self.cleaned_data["name"],
            "tier": self.cleaned_data["tier"],
            "stage": self.cleaned_data["stage"],
        }


class StageForm(RoomForm):
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    entered_on = DayField(
        label=_("Since"),
        help_text=_("The day they entered it. An earlier day fills in the history."),
    )


class ContactedForm(RoomForm):
    """Left out: today."""

    on = DayField(label=_("When did you speak?"), required=False)

    def day(self) -> Any:
        return self.cleaned_data["on"] or current_workspace().today()


class UncontactedForm(RoomForm):
    """Which contact is taken back: the event that told it."""

    event = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class GoalsForm(MasteredForm):
    goals = forms.CharField(
        label=_("What they want to reach, in their own words"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Write what they said, not what we offer."),
    )
