"""Settings of signing in: which roles need a second step, and the company's own sign-in services."""

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.core import forms
from banso.core.access import Request, requires
from banso.core.errors import Refused
from banso.core.models import SignInProvider
from banso.core.scope import current_workspace
from banso.core.sign_in import oidc, providers, saml
from banso.core.sign_in.outside import Unreachable
from banso.core.sign_in.saml import names, setup
from banso.core.views.providers import back

SHOWN = ("label", "issuer", "client_id", "trusts_addresses", "adds_people", "new_role")
STATUS = re.compile(r"status (\d+)")


@requires("core.sign_in")
def rules(request: Request) -> HttpResponse:
    ours = current_workspace()
    known = {"second_step_roles": ours.second_step_roles, "only_provider": ours.only_provider}
    form = forms.SignInRulesForm(request.POST or None, initial=known)
    if request.method == "POST":
        # A form with every box empty sends nothing but its token.
        form = forms.SignInRulesForm(request.POST)
        if form.is_valid() and _done(form, providers.change_rules, by=request.person):
            messages.success(request, _("Saved."))
            return redirect("settings-sign-in")
    return _page(request, "sign_in", {"form": form, "providers": providers.providers()})


@requires("core.sign_in")
def add(request: Request) -> HttpResponse:
    form = forms.ProviderForm(request.POST or None)
    if form.is_valid() and (provider := _done(form, _add, by=request.person)):
        _say_whether_it_answers(request, provider)
        return redirect("settings-provider", provider.pk)
    return _page(request, "provider", {"form": form, "back": None})


@requires("core.sign_in")
def add_saml(request: Request) -> HttpResponse:
    """The form of a SAML service, or how to install what it needs."""
    if not saml.is_installed():
        return _page(request, "saml_missing", {})
    form = forms.SamlForm(request.POST or None)
    if form.is_valid() and (provider := _done(form, _add_saml, by=request.person)):
        messages.success(request, _("Saved. Now register Banso at the service."))
        return redirect("settings-provider", provider.pk)
    return _page(request, "provider_saml", {"form": form})


@requires("core.sign_in")
def change(request: Request, provider_id: UUID) -> HttpResponse:
    provider = get_object_or_404(SignInProvider.objects, pk=provider_id)
    known = {name: getattr(provider, name) for name in SHOWN}
    known["domains"] = "\n".join(provider.domains)
    if provider.kind == SignInProvider.Kind.SAML:
        return _change_saml(request, provider, known)
    form = forms.ProviderForm(request.POST or None, initial=known, keeps_secret=True)
    whom = {"provider_id": provider.pk, "by": request.person}
    if form.is_valid() and (changed := _done(form, _change, **whom)):
        _say_whether_it_answers(request, changed)
        return redirect("settings-provider", provider.pk)
    facts = {"form": form, "provider": provider, "back": back(provider), "entry": entry(provider)}
    return _page(request, "provider", facts)


@requires("core.sign_in")
def remove(request: Request, provider_id: UUID) -> HttpResponse:
    """Asks first, and says what will happen."""
    provider = get_object_or_404(SignInProvider.objects, pk=provider_id)
    if request.method != "POST":
        is_last = providers.providers().count() == 1
        return _page(request, "provider_remove", {"provider": provider, "is_last": is_last})
    providers.remove_provider(provider.pk, by=request.person)
    messages.success(request, _("The sign-in service lets nobody in any more."))
    return redirect("settings-sign-in")


def entry(provider: SignInProvider) -> str:
    """The address to give to colleagues."""
    path = reverse(f"{provider.kind}-start", kwargs={"provider_id": provider.pk})
    return f"{settings.PUBLIC_URL}{path}"


def _change_saml(request: Request, provider: SignInProvider, known: dict[str, Any]) -> HttpResponse:
    known |= {"entry_url": provider.entry_url, "certificates": "".join(provider.certificates)}
    form = forms.SamlForm(request.POST or None, initial=known)
    whom = {"provider_id": provider.pk, "by": request.person}
    if form.is_valid() and _done(form, _write_saml, **whom):
        messages.success(request, _("Saved."))
        return redirect("settings-provider", provider.pk)
    us = {"name": names.our_name(provider), "door": names.our_door(provider)}
    facts = {"form": form, "provider": provider, "us": us, "entry": entry(provider)}
    return _page(request, "provider_saml", facts)


def _add_saml(*, by: Any, **values: Any) -> SignInProvider:
    told = _with_domains(setup.told(values))
    return providers.add_provider(by=by, kind=SignInProvider.Kind.SAML, **told)


def _write_saml(*, provider_id: UUID, by: Any, **values: Any) -> SignInProvider:
    return providers.change_provider(provider_id, by=by, **_with_domains(setup.told(values)))


def _add(*, by: Any, **values: Any) -> SignInProvider:
    return providers.add_provider(by=by, **_with_domains(values))


def _change(*, provider_id: UUID, by: Any, **values: Any) -> SignInProvider:
    return providers.change_provider(provider_id, by=by, **_with_domains(values))


def _with_domains(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "domains": providers.domains_in(values["domains"])}


def _done(form: Any, service: Any, **more: Any) -> Any:
    """What the service returns; None when it refuses, which the form then says."""
    try:
        return service(**form.cleaned_data, **more)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None


def _say_whether_it_answers(request: Request, provider: SignInProvider) -> None:
    """Owners learn at once, not when their colleagues stand at the door."""
    try:
        oidc.discover(provider.issuer)
    except Unreachable as error:
        words = _("Saved, but the sign-in service does not answer as it should: %(why)s.")
        messages.warning(request, words % {"why": in_words(str(error))})
    else:
        messages.success(request, _("Saved. The sign-in service answers."))


def in_words(code: str) -> str:
    """What `Unreachable` says, for owners: what they can look at, in their language."""
    unread = _("what it sends is no description of a sign-in service")
    closed = _("it ended the connection")
    known = {
        "gaierror": _("nothing is known under this name"),
        "TimeoutError": _("no answer in time"),
        "ConnectionRefusedError": _("it takes no connections"),
        "ConnectionResetError": closed,
        "BrokenPipeError": closed,
        "RemoteDisconnected": closed,
        "SSLCertVerificationError": _("its certificate is not valid"),
        "not https": _("its address does not begin with https://"),
        "no host": _("its address names no server"),
        "not JSON": unread,
        "not a JSON object": unread,
        "an incomplete description": _("its description lacks what signing in needs"),
        "too long an answer": _("its answer is too long"),
        "too many waiting for other servers": _(
            "other services keep us waiting; save again in a moment"
        ),
        "an address inside our own network": _(
            "it is inside the server's own network, which the operator has not allowed (BANSO_LAN)"
        ),
        "it calls itself by another name": _("it calls itself by another issuer"),
    }
    if status := STATUS.fullmatch(code):
        return _("it answers with status %(status)s") % {"status": status[1]}
    if code not in known and code.startswith("SSL"):
        return _("no secure connection could be made")
    return known.get(code, _("no connection could be made, or its answer could not be read"))


def _page(request: Request, name: str, facts: dict[str, Any]) -> HttpResponse:
    status = 422 if getattr(facts.get("form"), "errors", None) else 200
    return render(request, f"core/settings/{name}.html", {"tab": "sign_in", **facts}, status=status)
