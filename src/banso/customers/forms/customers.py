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
    EditForm,
    PersonField,
    RoomForm,
    WholeField,
    Words,
    countries,
    named_customer,
    same_name,
)
from banso.customers.models import CustomAttribute, Customer, Stage, Tier
from banso.customers.services.checks import checked_domain

PREFIX = "attributes."


class CustomerForm(EditForm):
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
    parent = forms.CharField(
        label=_("Parent company"),
        max_length=200,
        required=False,
        help_text=_("Its name or external ID, as it stands in the list."),
    )
    layout: tuple[tuple[Words, tuple[str, ...]], ...] = (
        (_("Name"), ("name", "name_reading", "external_id", "since")),
        (_("Who looks after them"), ("tier", "main_owner", "sub_owner")),
        (_("Company"), ("industry", "employees", "country", "domain", "parent")),
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
        (_("Company"), ("industry", "employees", "country", "domain", "parent")),
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
        if self.namesakes and not cleaned.get("namesake_is_another"):
            self.add_error("name", _("A customer of this name is registered already."))
        return cleaned

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
    """What a noted contact replaced, so that it can be taken back."""

    before = DayField(required=False)
    noted = DayField(required=False)


class GoalsForm(EditForm):
    goals = forms.CharField(
        label=_("What they want to reach, in their own words"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Write what they said, not what we offer."),
    )
