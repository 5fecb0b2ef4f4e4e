"""Forms about a contact (先方担当者)."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.core.scope import current_workspace
from banso.customers.forms.fields import DayField, EditForm, RoomForm, named_customer
from banso.customers.models import Contact, ContactRole, Customer, Presence
from banso.customers.queries import successors_for
from banso.customers.season import season_of
from banso.customers.services import Successor


def _roles_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ContactRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ContactForm(EditForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_reading = forms.CharField(label=_("Reading (kana)"), max_length=120, required=False)
    department = forms.CharField(label=_("Department"), max_length=120, required=False)
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    roles = _roles_field()
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    external_id = forms.CharField(label=_("External ID"), max_length=120, required=False)


class EditContactForm(ContactForm):
    """Also since when department and title are other ones; no day: they were written wrongly."""

    moved_on = DayField(
        label=_("In this department and title since"),
        required=False,
        help_text=_(
            "If department or title changed: from which day. Leave it empty to correct a mistake; "
            "then nothing is added to the history."
        ),
    )
    field_order = ("name", "name_reading", "department", "title", "moved_on")

    def values(self) -> dict[str, Any]:
        """What `update_contact` takes."""
        changes = self.changes()
        changes.pop("moved_on", None)
        day = self.cleaned_data["moved_on"]
        return {"changes": changes, "moved_on": day, "is_correction": day is None}


class SuccessionForm(RoomForm):
    """Who takes over (後任): nobody known, a colleague, or somebody new by their name."""

    asked_as = {"name": "successor_name", "email": "successor_email"}

    successor = forms.ChoiceField(label=_("Successor"), required=False)
    successor_name = forms.CharField(
        label=_("Or the name of somebody new"),
        max_length=120,
        required=False,
        help_text=_("They get the same department and title."),
    )
    successor_email = forms.EmailField(label=_("Their e-mail address"), required=False)

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = [(str(one.pk), _told(one)) for one in successors_for(contact)]
        chosen: Any = self.fields["successor"]
        chosen.choices = [("", _("Not known yet")), *colleagues]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("successor") and cleaned.get("successor_name"):
            self.add_error("successor_name", _("Choose somebody, or write a name: not both."))
        return cleaned

    def named(self) -> Successor | None:
        """The successor, where one was named."""
        data = self.cleaned_data
        if data["successor"]:
            return Successor(contact_id=UUID(data["successor"]))
        name, email = data["successor_name"].strip(), data["successor_email"]
        return Successor(name=name, email=email) if name else None


def _told(contact: Contact) -> str:
    return " ".join(filter(None, (contact.name, contact.department, contact.title)))


class PresenceForm(SuccessionForm):
    presence = forms.ChoiceField(label=_("Presence"), choices=Presence.choices)
    since = DayField(label=_("Since"))
    department = forms.CharField(
        label=_("New department"),
        max_length=120,
        required=False,
        help_text=_("Where they are now, if that is known."),
    )
    title = forms.CharField(label=_("New job title"), max_length=120, required=False)
    field_order = ("presence", "since", "department", "title")

    def values(self) -> dict[str, Any]:
        """What `mark_contact_moved` takes."""
        names = ("presence", "since", "department", "title")
        return {name: self.cleaned_data[name] for name in names} | {"successor": self.named()}


class AnswerForm(SuccessionForm):
    """One answer of the season: the button pressed, and since when.

    Sent without a button, it says that they are there, or moved where a successor is named.
    """

    answer = forms.ChoiceField(choices=Presence.choices, required=False)
    since = DayField(label=_("Since"), help_text=_("For “moved”, “left” and “not known”."))
    field_order = ("since",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        heir = cleaned.get("successor") or cleaned.get("successor_name")
        cleaned["answer"] = cleaned.get("answer") or (Presence.MOVED if heir else Presence.HERE)
        if heir and cleaned["answer"] not in {Presence.MOVED, Presence.LEFT}:
            self.add_error("successor", _("Only one who moved or left has a successor."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What `mark_contact_moved` takes."""
        data = self.cleaned_data
        return {"presence": data["answer"], "since": data["since"], "successor": self.named()}


class TakeBackForm(forms.Form):
    """Which former post is the present one again; none: only the answer is taken back."""

    post = forms.UUIDField(required=False)


def usual_answer() -> dict[str, Any]:
    """In the season people move on the first of April."""
    today = current_workspace().today()
    return {"since": season_of(today).usual_day(today)}


class AffiliationForm(RoomForm):
    """Another company that the contact belongs to, and what they are there."""

    customer = forms.CharField(
        label=_("Customer"),
        max_length=200,
        help_text=_("Its name or external ID, as it stands in the list."),
    )
    roles = _roles_field()
    department = forms.CharField(label=_("Department"), max_length=120, required=False)
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)

    def clean_customer(self) -> Customer:
        return named_customer(self.cleaned_data["customer"].strip())

    def values(self) -> dict[str, Any]:
        """What `affiliate_contact` takes beside the two ids."""
        return {name: self.cleaned_data[name] for name in ("roles", "department", "title")}
