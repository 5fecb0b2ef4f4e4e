"""What happens to every request before a view sees it, and to every error after."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import cast

from django.core.exceptions import ObjectDoesNotExist, SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext_lazy as _

from banso.core import api_keys, clock, memberships, sessions
from banso.core.access import Request, permits_of
from banso.core.addresses import client_ip
from banso.core.errors import Refused, is_database_away, is_disk_full
from banso.core.moved import moved
from banso.core.problems import WORDS, explain, wants_json
from banso.core.scope import open_workspace
from banso.core.sign_in.places import places_of

Next = Callable[[HttpRequest], HttpResponse]
NOT_STORABLE = _("A value has a form that cannot be stored.")
log = logging.getLogger("banso.requests")
WITHOUT_CLOCK = ("/healthz", "/readyz", "/metrics", "/static/")


class TroubleInWords:
    """A database that is away, or a wrong clock, becomes 503 in words; a full disk 507; what no
    column can hold 400.

    Errors of views come by `process_exception`; those of other middleware by the handler of 500.
    """

    def __init__(self, next_layer: Next) -> None:
        self.next_layer = next_layer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if clock.is_wrong() and not request.path.startswith(WITHOUT_CLOCK):
            return self._wrong_clock(request)
        answer = self.next_layer(request)
        if answer.status_code != 405:
            return answer
        worded = explain(request, 405)
        worded["Allow"] = answer.get("Allow", "")
        return worded

    def _wrong_clock(self, request: HttpRequest) -> HttpResponse:
        """By a wrong clock a token that has ended would be good again."""
        words = _("The clock of this server is wrong. It works again once that is mended.")
        answer = explain(request, 503, words)
        answer["Retry-After"] = "30"
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return self.answer_to(request, error)

    @classmethod
    def answer_to(cls, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """503, 507 or 400 in words; None for an error that is none of these."""
        if is_disk_full(error):
            return no_room(request)
        if is_database_away(error):
            log.warning("database away", extra={"facts": {"error": type(error).__name__}})
            answer = explain(request, 503, WORDS[503])
            answer["Retry-After"] = "5"
            return answer
        if isinstance(error, DataError | UnicodeEncodeError):
            return explain(request, 400, NOT_STORABLE)
        return None


def no_room(request: HttpRequest) -> HttpResponse:
    """The disk is full: nothing was stored. Programs that send usage know 503 and send again."""
    log.error("disk full", extra={"facts": {"path": request.path}})
    status = 503 if request.path.startswith("/v1/") else 507
    answer = explain(request, status, WORDS[507])
    answer["Retry-After"] = "30"
    return answer


class ContentSecurityPolicy:
    """Only our own scripts, styles and pictures."""

    POLICY = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; manifest-src 'self'"
    )

    def __init__(self, next_layer: Next) -> None:
        self.next_layer = next_layer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.next_layer(request)
        response.headers.setdefault("Content-Security-Policy", self.POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()"
        )
        return response


class FragmentsAreNotPages:
    """A fragment has its page's address: browsers must not show it when somebody goes back."""

    def __init__(self, next_layer: Next) -> None:
        self.next_layer = next_layer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.next_layer(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.headers.get("HX-Request"):
            patch_cache_control(response, no_store=True)
        return response


class PlainText:
    """Addresses with NUL bytes end here, before any query sees them."""

    def __init__(self, next_layer: Next) -> None:
        self.next_layer = next_layer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("NUL in the address")
        return self.next_layer(request)


class OpenWorkspace:
    """Open the workspace of the session or key; tell who asks and what they may do.

    Until the answer is made, the language is the person's and the zone the workspace's.
    """

    def __init__(self, next_layer: Next) -> None:
        self.next_layer = next_layer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asking = cast(Request, request)
        asking.membership, asking.permits, asking.api_key = None, frozenset(), None
        asking.memberships, asking.closed = [], []
        self._recognise(asking)
        with ExitStack() as stack:
            if asking.membership:
                workspace = stack.enter_context(open_workspace(asking.membership.workspace))
                stack.enter_context(timezone.override(workspace.tz))
                asking.permits = self._permits(asking)
            if language := self._language(asking):
                stack.enter_context(translation.override(language))
                request.LANGUAGE_CODE = language
            return self.next_layer(request)

    def _recognise(self, request: Request) -> None:
        scheme, _sep, token = request.headers.get("Authorization", "").partition(" ")
        if wants_json(request) and scheme.lower() == "bearer":
            if found := api_keys.key_and_membership(token):
                request.api_key, request.membership = found
                request.person = request.membership.person
        elif request.user.is_authenticated:
            request.person = request.user
            places = places_of(request.person, request.session)
            request.memberships, request.closed = places.open, places.closed
            request.membership = memberships.chosen(
                request.memberships, request.session.get("workspace")
            )
            sessions.note_use(request, ip=client_ip(request))

    def _language(self, request: Request) -> str:
        person = getattr(request, "person", None)
        return person.language if person else ""

    def _permits(self, request: Request) -> frozenset[str]:
        permits = permits_of(request.membership.role) if request.membership else frozenset()
        return permits & set(request.api_key.scopes) if request.api_key else permits


class RefusalsInWords:
    """A refusal that no view caught becomes a page with its reason, 422; a missing row, 404.

    An id that leads on to another row (a merge) is followed; nothing is written to the other row
    by who did not know of it.
    """

    def __init__(self, next_layer: Next) -> None:
        self.next_layer = next_layer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.next_layer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if wants_json(request):
            return None
        if isinstance(error, ObjectDoesNotExist):
            return self._missing(request)
        if not isinstance(error, Refused):
            return None
        return render(request, "core/refused.html", {"refusal": error}, status=422)

    def _missing(self, request: HttpRequest) -> HttpResponse:
        if (found := moved(request)) is None:
            return explain(request, 404)
        if request.method in {"GET", "HEAD"}:
            return redirect(found.address)
        return render(request, "core/moved.html", {"page": found.page}, status=409)
