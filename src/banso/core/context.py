"""What every page is given."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from banso.core import declarations


def page(request: HttpRequest) -> dict[str, Any]:
    """`person`, `workspace` and `permits` of the request, where there are any.

    `memberships` are every place of a person who has more than one; `shortcuts` lead on from here.
    """
    membership = getattr(request, "membership", None)
    places = getattr(request, "memberships", [])
    permits: frozenset[str] = getattr(request, "permits", frozenset())
    return {
        "person": getattr(request, "person", None),
        "workspace": membership.workspace if membership else None,
        "memberships": places if len(places) > 1 else [],
        "permits": permits,
        "shortcuts": _shortcuts(request, permits),
    }


def _shortcuts(request: HttpRequest, permits: frozenset[str]) -> list[dict[str, Any]]:
    """What two keys do on this page; those of pages about other subjects are left out."""
    match = request.resolver_match
    about: dict[str, Any] = match.kwargs if match else {}
    return [
        {
            "keys": one.keys,
            "presses": one.keys.split(),
            "label": one.label,
            "url": reverse(one.url_name, args=[about[one.subject]]) + one.query,
        }
        for one in declarations.shortcuts()
        if one.subject in about and one.permission in permits
    ]
