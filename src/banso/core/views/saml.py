"""The way through a company's SAML service and back, in three steps.

`start` sends the browser away; the service has it POST to `arrive`, from another site and so
without our session; `enter` is the GET behind that, where the session proves the same browser.
"""

import logging
from dataclasses import asdict
from hmac import compare_digest
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from banso.core.addresses import is_local
from banso.core.models import SignInProvider
from banso.core.scope import open_workspace
from banso.core.sign_in import saml
from banso.core.sign_in.claims import NotProven
from banso.core.sign_in.saml import answer, answers
from banso.core.sign_in.saml import request as asking
from banso.core.sign_in.saml.request import Asked
from banso.core.views.providers import found, let_in, limited, refused

ASKED = "saml"
AT_ONCE = 5
log = logging.getLogger("banso.sign_in")


class SeeOther(HttpResponseRedirectBase):
    """Go there with GET, whatever brought you here."""

    status_code = 303


@never_cache
def start(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Send the browser to the service; the ID of what we ask stays in its session."""
    provider = found(provider_id, SignInProvider.Kind.SAML)
    if busy := limited(request):
        return busy
    if not saml.is_installed():
        return refused(request, provider, _("This installation does not speak SAML."), status=424)
    following = request.GET.get("next", "")
    asked = asking.ask(provider, following=following if is_local(following) else "")
    waiting = [one for one in request.session.get(ASKED, []) if Asked(**one).is_fresh]
    request.session[ASKED] = [*waiting, asdict(asked)][-AT_ONCE:]
    return redirect(asking.address(provider, asked))


@never_cache
def arrive(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Judge what the service posts, keep it once, and let the browser come for it."""
    provider = found(provider_id, SignInProvider.Kind.SAML)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if busy := limited(request):
        return busy
    if not saml.is_installed():
        return refused(request, provider, _("This installation does not speak SAML."), status=424)
    try:
        proof = answer.proven(provider, request.POST.get("SAMLResponse", ""))
        with open_workspace(provider.workspace):
            answers.keep(provider, proof)
    except NotProven as error:
        log.warning("sign-in not proven", extra={"facts": {"why": str(error)}})
        words = _("What the sign-in service sent could not be checked. Tell your administrator.")
        return refused(request, provider, words)
    where = reverse("saml-enter", kwargs={"provider_id": provider.pk})
    return SeeOther(f"{where}?{urlencode({'request': proof.request_id})}")


@never_cache
def enter(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Let in whom the answer to this browser's own request names; once."""
    provider = found(provider_id, SignInProvider.Kind.SAML)
    if busy := limited(request):
        return busy
    asked = _taken(request, provider)
    claims = None
    if asked is not None:
        with open_workspace(provider.workspace):
            claims = answers.take(provider, asked.id)
    if asked is None or claims is None:
        return refused(request, provider, _("This sign-in took too long, or was done already."))
    return let_in(request, provider, claims, following=asked.next)


def metadata(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Our side in the words of SAML, for the service to read. It holds no secret."""
    provider = found(provider_id, SignInProvider.Kind.SAML)
    kind = "application/samlmetadata+xml"
    return HttpResponse(asking.about_us(provider), content_type=kind)


def _taken(request: HttpRequest, provider: SignInProvider) -> Asked | None:
    """What this browser was sent away with under this ID; gone from the session from now on."""
    named = request.GET.get("request", "").encode("utf-8", "replace")
    waiting = [Asked(**one) for one in request.session.get(ASKED, [])]
    mine = next((one for one in waiting if compare_digest(one.id.encode(), named)), None)
    if mine is None:
        return None
    request.session[ASKED] = [asdict(one) for one in waiting if one is not mine]
    return mine if mine.provider == str(provider.pk) and mine.is_fresh else None
