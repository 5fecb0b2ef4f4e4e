"""The main navigation: one list, in the order people need it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the main navigation; `key` follows `g` on the keyboard.

    `beside`: where else pages of this place stand.
    """

    label: Words
    url_name: str
    icon: str
    key: str
    permission: str
    beside: tuple[str, ...] = ()


OF_CUSTOMERS = (
    "/contacts/",
    "/contracts/",
    "/notices/",
    "/segments/",
    "/products/",
    "/attributes/",
    "/offers/",
    "/merges/",
)
PLACES = [
    Place(_("Today"), "home:today", "home", "t", "customers.read"),
    Place(_("Customers"), "customers:list", "building", "c", "customers.read", OF_CUSTOMERS),
    Place(_("Renewals"), "customers:renewals", "renew", "r", "customers.read"),
    Place(_("Health"), "health:overview", "chart", "h", "health.read"),
    Place(_("Metrics"), "metrics:dashboard", "list", "m", "metrics.read"),
    Place(_("Tasks"), "work:tasks", "check", "w", "work.read", ("/absences",)),
    Place(_("Activities"), "work:activities", "chat", "a", "work.read"),
    Place(_("Import"), "connections:imports", "upload", "i", "imports.read"),
]


def nav(request: HttpRequest) -> dict[str, Any]:
    """`nav` for the page: the places this person may see, the one being shown marked."""
    permits: frozenset[str] = getattr(request, "permits", frozenset())
    seen = (_entry(place, request.path) for place in PLACES if place.permission in permits)
    return {"nav": [entry for entry in seen if entry]}


def _entry(place: Place, path: str) -> dict[str, Any] | None:
    """None where the room is not there: taking a room out breaks no page."""
    try:
        url = reverse(place.url_name)
    except NoReverseMatch:
        return None
    active = path == url if url == "/" else path.startswith((url, *place.beside))
    return {
        "label": place.label,
        "url": url,
        "icon": place.icon,
        "key": place.key,
        "active": active,
    }
