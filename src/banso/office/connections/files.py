"""Uploaded tables: kept under random names until their import is over."""

import json
import os
import shutil
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.imports.planning import MAX_MB

MOST_FILES = 20


def folder_of(run: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / str(run)


def check(files: Iterable[UploadedFile]) -> None:
    """Refused when there is none, there are too many, or one is too large."""
    given = list(files)
    if not given:
        raise Refused(_("Choose at least one file."), code="no_files", field="files")
    if len(given) > MOST_FILES:
        words = _("At most %(count)d files at once.") % {"count": MOST_FILES}
        raise Refused(words, code="too_many_files", field="files")
    for one in given:
        if (one.size or 0) > MAX_MB * 1024 * 1024:
            words = _("The file is larger than %(limit)s MB. Split it and import the parts.")
            raise Refused(words % {"limit": MAX_MB}, code="file_too_large", field="files")


def keep(run: UUID, files: Iterable[UploadedFile]) -> list[dict[str, str]]:
    """The files are on disk; their own name and the one they are stored by. All of them or none."""
    try:
        return _keep(folder_of(run), files)
    except OSError:
        forget(run)  # what is half there only takes room
        raise


def _keep(folder: Path, files: Iterable[UploadedFile]) -> list[dict[str, str]]:
    folder.mkdir(parents=True, exist_ok=True)
    kept: list[dict[str, str]] = []
    for one in files:
        stored = uuid4().hex
        with (folder / stored).open("wb") as file:
            for chunk in one.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())  # the answer says that it is here
        name = _storable(one.name or "file.csv")
        taken = sum(other["name"] == name for other in kept)
        kept.append({"name": f"{taken + 1}-{name}" if taken else name, "stored": stored})
    return kept


def _storable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[-120:] or "file.csv"


def paths(run: UUID, kept: Iterable[dict[str, str]]) -> list[tuple[str, Path]]:
    """(own name, path) of every file; Refused when they are gone."""
    found = _paths(run, kept)
    if not all(path.is_file() for _name, path in found):
        raise Refused(_("The files of this import are gone. Choose them again."), code="gone")
    return found


def are_here(run: UUID, kept: Iterable[dict[str, str]]) -> bool:
    """Whether every file is still kept."""
    return all(path.is_file() for _name, path in _paths(run, kept))


def _paths(run: UUID, kept: Iterable[dict[str, str]]) -> list[tuple[str, Path]]:
    return [(one["name"], folder_of(run) / one["stored"]) for one in kept]


def forget(run: UUID) -> None:
    """Nothing of the upload is left."""
    shutil.rmtree(folder_of(run), ignore_errors=True)


def touch(run: UUID) -> None:
    """Somebody has worked on the import now."""
    with suppress(OSError):
        os.utime(folder_of(run))


def touched(run: UUID) -> float:
    """When somebody last worked on it, in POSIX seconds; long ago where its files are gone."""
    try:
        return folder_of(run).stat().st_mtime
    except OSError:
        return 0.0


def tell_progress(run: UUID, done: int, of: int) -> None:
    """How far the import is, for whoever waits: its own rows are not to be seen until it is over."""
    draft = folder_of(run) / "progress.new"
    with suppress(OSError):  # a full disk for uploads is no reason to stop the import itself
        draft.write_text(json.dumps({"done": done, "of": of}))
        draft.replace(folder_of(run) / "progress")


def progress(run: UUID) -> dict[str, Any]:
    """{"done", "of"} in rows; empty before the first are done."""
    try:
        found: dict[str, Any] = json.loads((folder_of(run) / "progress").read_text())
    except (OSError, ValueError):
        return {}
    return found


def sweep(known: Collection[UUID], *, before: float) -> int:
    """Folders of no known run, last touched before that moment (POSIX seconds), are gone; how many.

    What a process leaves that dies in the middle of an upload.
    """
    lost = [
        one
        for one in folder_of(UUID(int=0)).parent.glob("*")
        if one.name not in {str(run) for run in known} and one.stat().st_mtime < before
    ]
    for one in lost:
        shutil.rmtree(one, ignore_errors=True)
    return len(lost)
