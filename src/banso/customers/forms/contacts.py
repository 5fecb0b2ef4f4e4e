"""Forms about a contact (先方担当者)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.customers.forms.fields import DayField, EditForm, RoomForm
from banso.customers.models import ContactRole, Presence


class ContactForm(EditForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_reading = forms.CharField(label=_("Reading (kana)"), max_length=120, required=False)
    department = forms.CharField(label=_("Department"), max_length=120, required=False)
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ContactRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    external_id = forms.CharField(label=_("External ID"), max_length=120, required=False)


class PresenceForm(RoomForm):
    presence = forms.ChoiceField(label=_("Presence"), choices=Presence.choices)
    since = DayField(label=_("Since"))
