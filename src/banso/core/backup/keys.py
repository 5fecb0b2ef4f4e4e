"""The signing key in a backup: without it, sealed secrets stay sealed.

A key that Banso made and keeps in its data folder goes into the backup. One that the operator
gives by BANSO_SECRET_KEY does not: only its fingerprint does, to be compared.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from banso.core.backup.archive import Archive
from banso.lib.kept_file import write_once
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

NAME = "secret_key"
VARIABLE = "BANSO_SECRET_KEY"


@dataclass(frozen=True, slots=True)
class Key:
    """`text` is empty where there is none. `given`: it came by the environment."""

    text: str
    given: bool

    @property
    def fingerprint(self) -> str:
        """Tells keys apart and gives none of them away (they are 288 random bits)."""
        return hashlib.sha256(b"banso.backup:" + self.text.encode()).hexdigest()[:32]


def current(data: Path) -> Key:
    """The key of this installation. Makes none."""
    if given := os.environ.get(VARIABLE):
        return Key(given, True)
    path = data / NAME
    return Key(path.read_text() if path.exists() else "", False)


def for_restoring(archive: Archive, data: Path, *, anew: bool) -> str:
    """The key to go on with, or nothing when a new one is wanted (`anew`).

    Raises TroubleInWords when the key at hand would not open what the backup holds.
    """
    inside, here = archive.key(), current(data)
    if inside and not (here.given and here.text != inside):
        return inside
    if here.text and here.fingerprint == archive.manifest.key:
        return here.text
    if anew:
        return here.text if here.given else ""
    if inside:
        text = _("%(variable)s is another key than the backup's. Unset it, or give the old one.")
    else:
        text = _(
            "The backup does not hold its signing key. Give it by %(variable)s; if it is lost,"
            " add --new-key: two-step sign-in and sign-in services must then be set up anew."
        )
    raise TroubleInWords(text % {"variable": VARIABLE})


def keep(data: Path, key: str) -> bool:
    """The key stands in the data folder, for its owner only. False when it was there already."""
    return write_once(data / NAME, key)
