"""Folders in which files arrive: the workspace's own, and those that the operator allows.

Nobody names a path of the machine on a page: a place is chosen among these, and a folder below it.
`BANSO_IMPORT_FOLDERS` lists them, with commas between: a path for every workspace, or
`<workspace's id>=<path>` for one.
"""

import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from unicodedata import normalize
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.imports.planning import ENDINGS
from banso.core.scope import current_workspace_id

OWN = "inbox"  # the place under the data folder
MARK = ".ok"  # beside a file: it is whole
STILL_SECONDS = 120
MOST_LOOKED_AT = 2000  # of a folder's files, the youngest
_UNFINISHED = re.compile(r"^[.~]|\.(tmp|part|partial|crdownload|filepart)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lying:
    """A file as it lies in a folder, its name legible. `changed_ns`: nanoseconds since 1970 UTC."""

    path: Path
    name: str
    size: int
    changed_ns: int
    is_whole: bool


def places() -> dict[str, Path]:
    """Where files of the open workspace may arrive, by the name that is kept."""
    own = Path(settings.DATA) / OWN / str(current_workspace_id())
    return {OWN: own, **{str(path): path for path in _allowed()}}


def _allowed() -> list[Path]:
    found = []
    for entry in settings.IMPORT_FOLDERS:
        owner, sign, path = entry.partition("=")
        if not sign:
            found.append(Path(entry))
        elif _is_ours(owner):
            found.append(Path(path))
    return [path for path in found if path.is_absolute()]


def _is_ours(owner: str) -> bool:
    try:
        return UUID(owner.strip()) == current_workspace_id()
    except ValueError:
        return False


def folder_of(place: str, below: str) -> Path:
    """The folder `below` that place; the workspace's own is made. Refused for any other place.

    Also Refused where the way leads out of the place, by two dots or by a link.
    """
    if (root := places().get(place)) is None:
        raise Refused(_("This folder is not allowed (any more)."), code="place", field="place")
    parts = PurePosixPath(below.replace("\\", "/")).parts
    if any(part in ("..", "/") or "\x00" in part for part in parts):
        raise Refused(_("Name a folder below the chosen one."), code="folder", field="folder")
    if place == OWN:
        root.mkdir(parents=True, exist_ok=True)
    found = root.joinpath(*parts)
    if not found.resolve().is_relative_to(root.resolve()):
        raise Refused(_("Name a folder below the chosen one."), code="folder", field="folder")
    return found


def lying(folder: Path, pattern: str, *, now: float) -> list[Lying]:
    """The folder's tables that fit the pattern, oldest first; no links, nothing unfinished.

    Whole is what nobody has touched for two minutes (`now` in POSIX seconds), or has a mark beside
    it (name.csv.ok or name.ok) that is not older. Raises OSError.
    """
    wanted = normalize("NFC", pattern).casefold()
    names = {one.name: one for one in os.scandir(folder)}
    found = [
        _look_at(one, names, now)
        for one in names.values()
        if fnmatch(_legible(one.name).casefold(), wanted)
        and Path(one.name).suffix.lower() in ENDINGS
        and not _UNFINISHED.search(one.name)
        and stat.S_ISREG(one.stat(follow_symlinks=False).st_mode)
    ]
    found.sort(key=lambda one: (one.changed_ns, one.name))
    return found[-MOST_LOOKED_AT:]


def _look_at(entry: "os.DirEntry[str]", names: "dict[str, os.DirEntry[str]]", now: float) -> Lying:
    facts = entry.stat(follow_symlinks=False)
    # Whoever copies a file may give it its old time afterwards; when it was written stays.
    touched = max(facts.st_mtime, facts.st_ctime)
    marks = (names.get(entry.name + MARK), names.get(Path(entry.name).stem + MARK))
    marked = any(one and one.stat().st_mtime >= facts.st_mtime for one in marks)
    return Lying(
        path=Path(entry.path),
        name=_legible(entry.name),
        size=facts.st_size,
        changed_ns=facts.st_mtime_ns,
        is_whole=bool(facts.st_size) and (marked or now - touched >= STILL_SECONDS),
    )


def _legible(name: str) -> str:
    """The name as people read and write it. One that is not UTF-8 comes from an old Windows."""
    written = os.fsencode(name)
    for encoding in ("utf-8", "cp932"):
        with suppress(UnicodeDecodeError):
            return normalize("NFC", written.decode(encoding))
    return written.decode("utf-8", "replace")


def opened(one: Lying) -> BinaryIO:
    """The file's bytes. Raises OSError, also where a link has taken its place meanwhile."""
    return os.fdopen(os.open(one.path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
