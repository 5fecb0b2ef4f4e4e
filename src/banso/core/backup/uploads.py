"""Uploaded files: into a backup, and out of it again."""

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from banso.core.backup.archive import BLOCK, Archive, Draft
from banso.core.backup.manifest import File, Progress
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

NAME = "files"


def put(draft: Draft, folder: Path, progress: Progress) -> list[File]:
    """Every regular file below `folder` is in the draft; one that goes meanwhile is left out.

    Raises TroubleInWords for a file or folder that cannot be read.
    """
    paths = sorted(_files(folder))
    return [
        one
        for number, path in enumerate(paths)
        if (one := _put(draft, folder, path, number, lambda n: progress(_("Files"), n, len(paths))))
    ]


def _files(folder: Path) -> Iterator[Path]:
    for base, _folders, names in os.walk(folder, onerror=_look):
        for name in names:
            path = Path(base, name)
            with contextlib.suppress(FileNotFoundError):
                if stat.S_ISREG(path.lstat().st_mode):
                    yield path


def _look(error: OSError) -> None:
    """A folder that goes meanwhile is left out; one that cannot be read is not."""
    if not isinstance(error, FileNotFoundError):
        raise _unread(error.filename, error) from error


def _put(
    draft: Draft, folder: Path, path: Path, number: int, progress: Callable[[int], None]
) -> File | None:
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unread(path, error) from error
    member = f"{NAME}/{number:08d}"
    with source, draft.part(member) as part:
        while block := _block(source, path):
            part.write(block)
    progress(number + 1)
    return File(path.relative_to(folder).as_posix(), member, part.sha.hexdigest(), part.size)


def _block(source: IO[bytes], path: Path) -> bytes:
    try:
        return source.read(BLOCK)
    except OSError as error:
        raise _unread(path, error) from error


def _unread(path: Path | str, error: OSError) -> TroubleInWords:
    """Told of the file itself: an OSError here would be told of the archive."""
    text = _("%(file)s cannot be read (%(why)s).")
    return TroubleInWords(text % {"file": path, "why": error.strerror or str(error)})


def take_out(archive: Archive, folder: Path, progress: Progress) -> None:
    """Every file of the backup is below `folder`, on the disk, and reads as it was written.

    Raises TroubleInWords when one does not. The manifest names none outside the folder.
    """
    files = archive.manifest.files
    for number, one in enumerate(files):
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.part(one.member) as source, path.open("xb") as into:
            shutil.copyfileobj(source, into, BLOCK)
            into.flush()
            os.fsync(into.fileno())
        progress(_("Files"), number + 1, len(files))
    check(files, folder)


def check(files: list[File], folder: Path) -> None:
    """Each file on the disk has its checksum; else TroubleInWords."""
    for one in files:
        with (folder / one.path).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != one.sha256:
                text = _("The file %(file)s was not restored as it was. Nothing is kept of it all.")
                raise TroubleInWords(text % {"file": one.path})
