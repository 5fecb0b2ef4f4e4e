"""Forms of the settings pages."""

from typing import Any, ClassVar

from babel.numbers import list_currencies
from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from banso.core import declarations
from banso.core.models import Role
from banso.core.models.workspace import zones

# Django's own words, which our catalogue says in our tone.
OF_DJANGO = (
    gettext_noop("This field is required."),
    gettext_noop("This field cannot be blank."),
    gettext_noop("This field cannot be null."),
)
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
        label=_("Time zone"), choices=[(zone, zone) for zone in sorted(zones())]
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


class PasskeyNameForm(forms.Form):
    name = forms.CharField(label=_("Name of the passkey"), max_length=80)


class SignInServiceForm(forms.Form):
    """What every sign-in service has: its name on the button, and whom it lets in."""

    label = forms.CharField(
        label=_("Name on the button"),
        max_length=60,
        help_text=_("For example the name of your company."),
    )
    domains = forms.CharField(
        label=_("Mail domains"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line. Only people with an address in one of them come in."),
    )
    adds_people = forms.BooleanField(
        label=_("Add people who come in for the first time"), required=False
    )
    new_role = forms.ChoiceField(
        label=_("Role of people who are added"),
        choices=[choice for choice in Role.choices if choice[0] != Role.OWNER],
        initial=Role.VIEWER,
    )


class ProviderForm(SignInServiceForm):
    """A sign-in service by OpenID Connect. The secret is never shown again."""

    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=500,
        help_text=_("The address of the service, as its description gives it."),
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=300)
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    trusts_addresses = forms.BooleanField(
        label=_("Trust addresses that the service does not call verified"),
        required=False,
        help_text=_("Only if nobody can change their own address there."),
    )
    field_order = ("label", "issuer", "client_id", "secret", "domains", "trusts_addresses")

    def __init__(self, *args: Any, keeps_secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if keeps_secret:
            self.fields["secret"].required = False
            self.fields["secret"].help_text = _("Leave it empty to keep the one that is set.")


class SamlForm(SignInServiceForm):
    """A sign-in service by SAML. Metadata, where given, says the three values below it."""

    metadata = forms.CharField(
        label=_("Metadata of the service (XML)"),
        max_length=250_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("Paste it here, or fill in the next three yourself."),
    )
    issuer = forms.CharField(label=_("Entity ID of the service"), max_length=500, required=False)
    entry_url = forms.CharField(
        label=_("Sign-in address (SSO URL, HTTP-Redirect)"), max_length=1000, required=False
    )
    certificates = forms.CharField(
        label=_("Signing certificate (PEM)"),
        max_length=50_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("While the service changes its key, paste the old and the new one."),
    )
    trusts_addresses = forms.BooleanField(
        label=_("Nobody can change their own address at the service"),
        required=False,
        help_text=_("SAML does not say whether an address is verified, so this must be true."),
    )
    field_order = (
        *("label", "metadata", "issuer", "entry_url", "certificates", "domains"),
        "trusts_addresses",
    )


class SignInRulesForm(forms.Form):
    second_step_roles = forms.MultipleChoiceField(
        label=_("Roles that need a second step or a passkey"),
        widget=forms.CheckboxSelectMultiple,
        choices=Role.choices,
        required=False,
    )
    only_provider = forms.BooleanField(
        label=_("Only through the sign-in service"),
        required=False,
        help_text=_("Owners can still use their password, so that nobody is locked out."),
    )
