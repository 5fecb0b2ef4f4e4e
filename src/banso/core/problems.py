"""Errors of the API: problem+json (RFC 9457)."""

from typing import Any

from django.http import HttpResponse, JsonResponse

TYPE = "application/problem+json"


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """A problem body with `detail` in the reader's language."""
    return JsonResponse(
        {"status": status, "detail": detail, **more}, status=status, content_type=TYPE
    )
