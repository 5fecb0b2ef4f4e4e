"""The way through a company's sign-in service and back, and the page of closed workspaces."""

import logging
from dataclasses import asdict
from hmac import compare_digest
from typing import Any
from uuid import UUID

from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from banso.core import sessions
from banso.core.access import Request
from banso.core.addresses import client_ip, is_local
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person, SignInProvider
from banso.core.scope import open_workspace
from banso.core.sign_in import arrivals, oidc
from banso.core.sign_in.claims import Claims, NotProven
from banso.core.sign_in.oidc import Asked
from banso.core.sign_in.outside import Unreachable
from banso.core.sign_in.providers import provider_anywhere
from banso.core.views.sign_in import REMEMBERED

ASKED = "oidc"
AT_ONCE = 5
YEAR = 31_536_000
log = logging.getLogger("banso.sign_in")


@never_cache
def start(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Send the browser to the sign-in service, with fresh random values kept in its session."""
    provider = found(provider_id, SignInProvider.Kind.OIDC)
    if busy := limited(request):
        return busy
    following = request.GET.get("next", "")
    asked = oidc.ask(provider, following=following if is_local(following) else "")
    try:
        where = oidc.address(provider, asked, back=back(provider))
    except Unreachable as error:
        return away(request, provider, error)
    waiting = [one for one in request.session.get(ASKED, []) if Asked(**one).is_fresh]
    request.session[ASKED] = [*waiting, asdict(asked)][-AT_ONCE:]
    return redirect(where)


@never_cache
def callback(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Let in whom the service has proven; each way there leads back once."""
    provider = found(provider_id, SignInProvider.Kind.OIDC)
    if busy := limited(request):
        return busy
    asked = _taken(request, provider)
    if asked is None:
        return refused(request, provider, _("This sign-in took too long, or was done already."))
    if request.GET.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: a mix-up
        return refused(request, provider, _("The sign-in service did not let you in."))
    if request.GET.get("error") or not request.GET.get("code"):
        return refused(request, provider, _("The sign-in service did not let you in."))
    try:
        told = oidc.claims(provider, asked, code=request.GET["code"], back=back(provider))
    except Unreachable as error:
        return away(request, provider, error)
    except NotProven as error:
        log.warning("sign-in not proven", extra={"facts": {"why": str(error)}})
        words = _("What the sign-in service sent could not be checked. Tell your administrator.")
        return refused(request, provider, words)
    return let_in(request, provider, told, following=asked.next)


def let_in(
    request: HttpRequest, provider: SignInProvider, claims: Claims, *, following: str
) -> HttpResponse:
    """The person is signed in to the provider's workspace, or reads why not."""
    try:
        with open_workspace(provider.workspace):
            person = arrivals.arrive(provider, claims)
            publish("core.signed_in", person, by=person.pk, how=provider.kind)
    except Refused as refusal:
        return refused(request, provider, str(refusal.message))
    _enter(request, provider, person)
    answer = redirect(following if is_local(following) else "/")
    answer.set_cookie(
        REMEMBERED,
        str(provider.pk),
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SECURE,
    )
    return answer


def closed(request: Request) -> HttpResponse:
    """Which of my workspaces are closed to this session, and what opens them?"""
    if request.membership is not None and not request.closed:
        return redirect("/")
    return render(request, "core/closed.html", {"closed": request.closed})


def found(provider_id: UUID, kind: str) -> SignInProvider:
    try:
        provider = provider_anywhere(provider_id)
    except SignInProvider.DoesNotExist as error:
        raise Http404 from error
    if provider.kind != kind:
        raise Http404
    return provider


def limited(request: HttpRequest) -> HttpResponse | None:
    """429 in words for an address that comes too often, on GET too."""
    answer: HttpResponse | None = consume_or_429(request, action="provider", limit_get=True)
    return answer


def away(request: HttpRequest, provider: SignInProvider, error: Unreachable) -> HttpResponse:
    log.warning("sign-in service away", extra={"facts": {"why": str(error)}})
    words = _("The sign-in service cannot be reached. Try again in a few minutes.")
    return refused(request, provider, words, status=424)  # another server's trouble, not ours


def refused(
    request: HttpRequest, provider: SignInProvider, words: str, *, status: int = 403
) -> HttpResponse:
    # Changing the language leads to the sign-in page: codes and states of this address are spent,
    # and should stand in no page.
    here = reverse("account_login")
    facts: dict[str, Any] = {"provider": provider, "words": words, "language_next": here}
    return render(request, "core/not_let_in.html", facts, status=status)


def back(provider: SignInProvider) -> str:
    """Where the service sends people back to: from the configured address, never from Host."""
    path = reverse(f"{provider.kind}-back", kwargs={"provider_id": provider.pk})
    return f"{settings.PUBLIC_URL}{path}"


def _enter(request: HttpRequest, provider: SignInProvider, person: Person) -> None:
    """A fresh session that says through whom it came; none ever holds the person without that."""
    request.session.flush()
    request.session[sessions.PROVIDER] = str(provider.pk)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session["workspace"] = str(provider.workspace_id)
    sessions.remember_origin(request, ip=client_ip(request))


def _taken(request: HttpRequest, provider: SignInProvider) -> Asked | None:
    """What this browser was sent away with for this `state`; gone from the session from now on."""
    state = request.GET.get("state", "").encode("utf-8", "replace")
    waiting = [Asked(**one) for one in request.session.get(ASKED, [])]
    mine = next((one for one in waiting if compare_digest(one.state.encode(), state)), None)
    if mine is None:
        return None
    request.session[ASKED] = [asdict(one) for one in waiting if one is not mine]
    fits = mine.provider == str(provider.pk) and mine.is_fresh
    return mine if fits else None
