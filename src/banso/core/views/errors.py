"""Django's own errors, answered in words. Named in config/urls.py and the settings."""

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from banso.core.middleware import TroubleInWords
from banso.core.problems import explain

log = logging.getLogger("banso.requests")
TOKEN_WORDS = _("This page had been open too long. Go back, reload it and try again.")


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return explain(request, 400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return explain(request, 403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return explain(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Trouble in a middleware, which no other middleware hears of: 503 or 507 when it is the database's."""
    error = sys.exception()
    known = TroubleInWords.answer_to(request, error) if isinstance(error, Exception) else None
    return known or explain(request, 500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: sent from elsewhere, or from a page that lay open too long."""
    log.warning("form without its token", extra={"facts": {"why": reason, "path": request.path}})
    return explain(request, 403, str(TOKEN_WORDS))
