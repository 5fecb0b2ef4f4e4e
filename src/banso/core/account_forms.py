"""The forms of signing in, where ours ask for more than allauth's."""

import json
from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from banso.core import api_keys, passwords
from banso.core.addresses import folded
from banso.core.errors import Refused
from banso.core.models import Person
from banso.core.second_step import origins

MOST_KEYS = 20


class AskForLink(ResetPasswordForm):  # type: ignore[misc]
    """A link to set a password, for whoever has exactly this address."""

    def clean_email(self) -> str:
        """The one person with this address; the answer is one spelling, to count attempts by."""
        asked = self.cleaned_data["email"].lower()
        self.person = Person.objects.filter(email=asked, is_active=True).first()
        return folded(asked)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """The same work for people we know and people we do not: one look, one job."""
        passwords.send_reset_link(self.person, language=get_language() or "")
        return str(self.cleaned_data["email"])


class RevokesKeys(forms.Form):
    """Whoever fears that somebody else was in takes back the API keys in the same breath."""

    revoke_keys = forms.BooleanField(
        label=_("Somebody else may have used my account: revoke my API keys too"), required=False
    )

    def revoke_if_asked(self, person: Person) -> None:
        if self.cleaned_data.get("revoke_keys"):
            api_keys.revoke_keys_of(person)


class NewPassword(RevokesKeys, ResetPasswordKeyForm):  # type: ignore[misc]
    field_order = ("password1", "password2", "revoke_keys")

    @transaction.atomic
    def save(self) -> None:
        """A link works once: of two uses at the same moment the second is Refused."""
        if not passwords.opens(self.user.pk, self.temp_key):
            raise Refused(_("This link has been used already. Ask for a new one."), code="used")
        super().save()
        self.revoke_if_asked(self.user)


class OtherPassword(RevokesKeys, ChangePasswordForm):  # type: ignore[misc]
    field_order = ("oldpassword", "password1", "password2", "revoke_keys")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""

    def save(self) -> None:
        super().save()
        self.revoke_if_asked(self.user)


class ConfirmByPassword(ReauthenticateForm):  # type: ignore[misc]
    """Prove again who you are; whoever has forgotten the password cannot do so by a link here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class OnOurPages(forms.Form):
    """A passkey's answer counts only when it was given on a page of the configured address."""

    def clean_credential(self) -> Any:
        credential = self.cleaned_data["credential"]
        if _origin_of(credential) not in origins():
            raise get_adapter().validation_error("passkey")
        further = getattr(super(), "clean_credential", None)
        return further() if further else credential


class EnterByPasskey(OnOurPages, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """Sign in without a password."""


class StepByPasskey(OnOurPages, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step."""


class ConfirmByPasskey(OnOurPages, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Prove again who you are."""


class AddPasskey(OnOurPages, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Every passkey of ours lets in alone: it has asked for a fingerprint, a face or a PIN."""

    name = forms.CharField(label=_("Name of the passkey"), max_length=80, required=False)
    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True, required=False)

    def clean_passwordless(self) -> bool:
        return True

    def clean(self) -> dict[str, Any]:
        if webauthn.Authenticator.objects.filter(user_id=self.user.pk).count() >= MOST_KEYS:
            raise forms.ValidationError(_("You have as many passkeys as Banso keeps."))
        return dict(super().clean() or {})


def _origin_of(credential: Any) -> str:
    """The page that the browser says it was on; empty for what is no answer of a browser."""
    try:
        told = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
        return str(told["origin"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""
