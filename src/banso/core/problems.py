"""Errors in words: problem+json (RFC 9457) for programs, a page for people."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TYPE = "application/problem+json"
WORDS = {
    400: gettext_lazy("The request cannot be read."),
    401: gettext_lazy("Sign in, or send a key."),
    403: gettext_lazy("Your role does not allow this."),
    404: gettext_lazy("There is nothing here."),
    405: gettext_lazy("This address does not take this method."),
    413: gettext_lazy("This is more than one request may hold."),
    415: gettext_lazy("This kind of content is not taken here."),
    429: gettext_lazy("Too many attempts. Wait a few minutes and try again."),
    500: gettext_lazy("Something went wrong on our side. The error has been written to the log."),
    503: gettext_lazy("The database is away for a moment. Try again."),
    507: gettext_lazy(
        "The server's disk is full. Nothing was saved. Try again once there is room, and tell who"
        " looks after the server."
    ),
}


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """A problem body with `detail` in the reader's language."""
    return JsonResponse(
        {"status": status, "detail": detail, **more},
        status=status,
        content_type=TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/v", "/v1/"))


def explain(request: HttpRequest, status: int, words: str | Promise = "") -> HttpResponse:
    """The error as the asker reads it: problem+json below /api/ and /v1/, else the page of that status.

    Lazy `words` are said in the asker's language, also where no middleware has chosen one. Asks
    the database nothing, so that it also works while the database is away.
    """
    with translation.override(language_of(request)):
        if wants_json(request):
            return problem(status, str(words) or in_words(status))
        return render(None, f"{status}.html", {"words": words}, status=status)


def in_words(status: int) -> str:
    """What a status means, in the active language."""
    return str(WORDS.get(status) or _("This did not work."))


def language_of(request: HttpRequest) -> str:
    """What the asker reads: as the middleware found, else as the browser says, else ours."""
    known = getattr(request, "LANGUAGE_CODE", "")
    return known or translation.get_language_from_request(request) or settings.LANGUAGE_CODE
