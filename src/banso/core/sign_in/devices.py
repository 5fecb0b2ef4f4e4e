"""Sessions in words: which program on which machine, from where, since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.models import Session

# The first that is found counts: Edge and Opera call themselves Chrome too, Chrome Safari.
PROGRAMS = (
    ("Edg", "Microsoft Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """One session as its owner reads it; `is_here`: the one that asks."""

    handle: UUID
    words: str
    ip: str
    started_at: datetime
    last_used_at: datetime
    is_here: bool


def told(rows: Iterable[Session], *, here: str | None) -> list[Device]:
    """The sessions in words, this one first."""
    devices = [
        Device(
            row.handle,
            in_words(row.agent),
            row.ip or "",
            row.started_at,
            row.last_used_at,
            row.session_key == here,
        )
        for row in rows
    ]
    return sorted(devices, key=lambda one: not one.is_here)


def in_words(agent: str) -> str:
    """Chrome on Windows; what the browser says of itself proves nothing, it only helps to know it."""
    program = next((name for sign, name in PROGRAMS if sign in agent), "")
    machine = next((name for sign, name in MACHINES if sign in agent), "")
    if program and machine:
        return _("%(program)s on %(machine)s") % {"program": program, "machine": machine}
    return program or machine or _("Unknown device")
