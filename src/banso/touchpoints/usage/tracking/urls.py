"""Addresses as the clients of Segment know them: whole names, and the browser's single letters."""

from django.urls import path

from banso.touchpoints.usage.tracking.doors import take

NAMES = {
    "b": "batch", "t": "track", "i": "identify", "g": "group", "p": "page", "s": "screen",
    "a": "alias",
}  # fmt: skip

urlpatterns = [
    path(address, take, {"kind": kind}, name=f"tracking-{kind}")
    for letter, kind in NAMES.items()
    for address in (kind, letter)
]
