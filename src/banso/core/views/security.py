"""A person's own keys: password, passkeys, second step, recovery codes, and where one is signed in."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.account.views import PasswordResetFromKeyView, ReauthenticateView
from allauth.mfa.base import views as base
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from banso.core import audit, sessions
from banso.core.access import Request
from banso.core.forms import PasskeyNameForm
from banso.core.models import Session
from banso.core.sign_in import devices

TITLES = {"webauthn", "totp", "recovery_codes"}


class In422:
    """A form that is not taken answers 422, as everywhere in the house; too many tries 429."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        codes = {e.code for errors in form.errors.as_data().values() for e in errors}
        answer.status_code = 429 if "too_many_login_attempts" in codes else 422
        return answer


class WithOptions:
    """What the browser needs to use or make a passkey, as JSON in the page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        if data := found.get("js_data"):
            found["options"] = DjangoJSONEncoder().encode(next(iter(data.values())))
        return found


class Authenticate(In422, WithOptions, base.AuthenticateView):  # type: ignore[misc]
    """The second step of signing in: what the person has set up is asked, and no more."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = Authenticator.objects.filter(user_id=self.stage.login.user.pk)
        kinds = set(mine.values_list("type", flat=True))
        found = super().get_context_data(**kwargs)
        return {**found, "has_passkey": "webauthn" in kinds, "has_app": "totp" in kinds}


class Reauthenticate(In422, WithOptions, base.ReauthenticateView):  # type: ignore[misc]
    """Prove again who you are, by a code."""


class ReauthenticateByPassword(In422, ReauthenticateView):  # type: ignore[misc]
    """Prove again who you are, by the password."""


class ReauthenticateByPasskey(WithOptions, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Prove again who you are, by a passkey."""

    def form_invalid(self, form: Any) -> HttpResponse:
        facts = self.get_context_data(form=form)
        answer: HttpResponse = self.render_to_response(facts, status=422)
        return answer


class SetNewPassword(In422, PasswordResetFromKeyView):  # type: ignore[misc]
    """The page that a reset link opens."""


class AddPasskey(In422, WithOptions, webauthn.AddWebAuthnView):  # type: ignore[misc]
    """A passkey is added; the first one brings recovery codes."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        found["form"] = kwargs.get("form", found["form"])  # allauth drops what was refused
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        audit.note("core.passkey_added", self.request.user)
        return answer


class TurnOn(In422, totp.ActivateTOTPView):  # type: ignore[misc]
    """An authenticator app gives the second step."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        audit.note("core.second_step_on", self.request.user)
        return answer


class TurnOff(totp.DeactivateTOTPView):  # type: ignore[misc]
    """The authenticator app is not asked any more."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        audit.note("core.second_step_off", self.request.user)
        return answer


class NewCodes(recovery.GenerateRecoveryCodesView):  # type: ignore[misc]
    """The codes one had are replaced."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        audit.note("core.codes_made", self.request.user)
        return answer


def index(request: Request) -> HttpResponse:
    """How do I sign in, and where am I signed in?"""
    mine = Authenticator.objects.filter(user_id=request.person.pk).order_by("created_at")
    by_type = {kind: [one for one in mine if one.type == kind] for kind in TITLES}
    codes = by_type["recovery_codes"]
    here = request.session.session_key
    facts = {
        "passkeys": by_type["webauthn"],
        "totp": next(iter(by_type["totp"]), None),
        "codes": codes[0] if codes else None,
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else 0,
        "sessions": devices.told(sessions.sessions_of(request.person)[:50], here=here),
        "closed": request.closed,
    }
    return render(request, "mfa/index.html", facts)


@require_POST
def end_session(request: Request) -> HttpResponse:
    """End one session of one's own, or all but this one."""
    if request.POST.get("which") == "others":
        sessions.end_other_sessions(request.person, but=request.session.session_key)
        messages.success(request, _("All other sessions have ended."))
    else:
        try:
            sessions.end_session(UUID(request.POST.get("which", "")), person=request.person)
        except (ValueError, Session.DoesNotExist) as error:
            raise Http404 from error
        messages.success(request, _("The session has ended."))
    return redirect("mfa_index")


def edit_passkey(request: Request, authenticator_id: int) -> HttpResponse:
    """Give a passkey another name."""
    passkey = _own_passkey(request, authenticator_id)
    known = {"name": passkey.wrap().name}
    form = PasskeyNameForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        passkey.data["name"] = form.cleaned_data["name"]
        passkey.save(update_fields=["data"])
        messages.success(request, _("Saved."))
        return redirect("mfa_index")
    status = 422 if form.errors else 200
    facts = {"form": form, "passkey": passkey}
    return render(request, "mfa/webauthn/edit_form.html", facts, status=status)


def remove_passkey(request: Request, authenticator_id: int) -> HttpResponse:
    """Asks first, and wants the person to prove again who they are."""
    passkey = _own_passkey(request, authenticator_id)
    answer: HttpResponse = _remove(request, passkey)
    return answer


@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def _remove(request: Request, passkey: Authenticator) -> HttpResponse:
    if request.method != "POST":
        facts = {"passkey": passkey, "is_last": _is_last(request)}
        return render(request, "mfa/webauthn/authenticator_confirm_delete.html", facts)
    delete_and_cleanup(request, passkey)
    audit.note("core.passkey_removed", request.person)
    messages.success(request, _("The passkey opens nothing here any more."))
    return redirect("mfa_index")


def _own_passkey(request: Request, pk: int) -> Authenticator:
    mine = Authenticator.objects.filter(user_id=request.person.pk, type="webauthn")
    try:
        return get_object_or_404(mine, pk=pk)
    except (OverflowError, ValidationError) as error:
        raise Http404 from error


def _is_last(request: Request) -> bool:
    """Whether nothing but the password would be left."""
    mine = Authenticator.objects.filter(user_id=request.person.pk)
    return bool(mine.exclude(type="recovery_codes").count() == 1)


class Codes(recovery.ViewRecoveryCodesView):  # type: ignore[misc]
    """The recovery codes, once."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return {**found, "codes_text": "\n".join(found["unused_codes"])}


codes = never_cache(Codes.as_view())
