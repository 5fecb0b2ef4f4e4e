"""The sign-in page, with a status that programs understand."""

from typing import Any
from uuid import UUID

from allauth.account.views import LoginView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from banso.core.addresses import is_local
from banso.core.models import SignInProvider
from banso.core.sign_in import providers

REMEMBERED = "banso_provider"


class SignIn(LoginView):  # type: ignore[misc]
    """A wrong password is 422, too many of them 429; both show the form with its reason."""

    def get_form(self, form_class: Any = None) -> Any:
        """The page has its own link for a forgotten password, beside the button."""
        form = super().get_form(form_class)
        form.fields["password"].help_text = ""
        # A browser offers passkeys beside the addresses that it knows.
        login = form.fields["login"]
        login.label, login.widget.attrs["autocomplete"] = _("E-mail address"), "username webauthn"
        form.fields["remember"].label = _("Stay signed in")
        for name in ("login", "password"):  # the label says it already
            form.fields[name].widget.attrs.pop("placeholder", None)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        following = self.request.GET.get("next", "")
        found["providers"] = offered(self.request)
        found["following"] = following if is_local(following) else ""
        return found

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = (
            429 if form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts") else 422
        )
        return answer


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """A passkey alone lets in: it has asked for a fingerprint, a face or a PIN."""

    def form_invalid(self, form: Any) -> HttpResponse:
        for error in form.errors.get("credential", []):
            messages.error(self.request, error)
        return redirect("account_login")


def offered(request: HttpRequest) -> list[SignInProvider]:
    """The sign-in services this visitor may know of: the only company's, or the one used last."""
    found = providers.providers_of_only_workspace()
    if found:
        return found
    try:
        return [providers.provider_anywhere(UUID(request.COOKIES.get(REMEMBERED, "")))]
    except (ValueError, SignInProvider.DoesNotExist):
        return []
