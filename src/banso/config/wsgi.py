"""Django as WSGI; the ASGI front (asgi.py) stands before it."""

import os
from collections.abc import Iterable
from typing import Any

import django
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")
django.setup(set_prefix=False)

from banso.core.metrics import CountRequests  # noqa: E402  (needs the settings)
from banso.core.middleware import TroubleInWords  # noqa: E402


class WithoutSessions(WSGIHandler):
    """Views that know nobody's session: no middleware but those that count and that word errors."""

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        respond: Any = getattr(self, "_get_response")  # noqa: B009  (unknown to the stubs)
        worded: Any = convert_exception_to_response(respond)
        trouble = TroubleInWords(worded)
        self._exception_middleware: list[Any] = [trouble.process_exception]
        self._middleware_chain = CountRequests(trouble)


pages, tracking = get_wsgi_application(), WithoutSessions()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The tracking API is asked hundreds of times a second: it goes past what only pages need."""
    chosen = tracking if environ.get("PATH_INFO", "").startswith("/v1/") else pages
    return chosen(environ, start_response)
