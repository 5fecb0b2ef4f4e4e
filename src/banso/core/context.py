"""What every page is given."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """`person`, `workspace` and `permits` of the request, where there are any.

    `memberships` are every place of a person who has more than one.
    """
    membership = getattr(request, "membership", None)
    places = getattr(request, "memberships", [])
    return {
        "person": getattr(request, "person", None),
        "workspace": membership.workspace if membership else None,
        "memberships": places if len(places) > 1 else [],
        "permits": getattr(request, "permits", frozenset()),
    }
