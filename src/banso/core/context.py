"""What every page is given."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """`person`, `workspace` and `permits` of the request, where there are any."""
    membership = getattr(request, "membership", None)
    return {
        "person": getattr(request, "person", None),
        "workspace": membership.workspace if membership else None,
        "permits": getattr(request, "permits", frozenset()),
    }
