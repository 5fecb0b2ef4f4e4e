"""Forms of the settings pages."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from banso.core import declarations
from banso.core.models import Role

USUAL_CURRENCIES = ["JPY", "USD", "EUR"]


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    reading = forms.CharField(label=_("Reading (kana)"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As my browser says")), *settings.LANGUAGES],
        required=False,
    )


class WorkspaceForm(forms.Form):
    name = forms.CharField(label=_("Name of the workspace"), max_length=200)
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(zone, zone) for zone in sorted(available_timezones())]
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[
            (code, code)
            for code in [*USUAL_CURRENCIES, *sorted(list_currencies() - set(USUAL_CURRENCIES))]
        ],
    )
    fiscal_start_month = forms.TypedChoiceField(
        label=_("First month of the fiscal year"),
        coerce=int,
        choices=list(MONTHS.items()),
    )


class MemberForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)
    reading = forms.CharField(label=_("Reading (kana)"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.CSM)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class KeyForm(forms.Form):
    name = forms.CharField(label=_("What the key is for"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("Rights"), widget=forms.CheckboxSelectMultiple, choices=[]
    )

    def __init__(self, *args: Any, permits: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = (p for p in declarations.permissions() if p.name in permits)
        self.fields["scopes"].choices = [(p.name, p.label) for p in mine]  # type: ignore[attr-defined]


class CompanyDaysForm(forms.Form):
    """One day a line: `2026-12-29 年末年始`."""

    days = forms.CharField(
        label=_("Company days"), widget=forms.Textarea, required=False, max_length=20_000
    )
    error_css_class: ClassVar[str] = "field--error"
