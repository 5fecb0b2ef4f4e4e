"""The file of a backup: a ZIP that any tool opens, sealed over every byte of it.

The ZIP's comment ends with the SHA-256 of all that stands before it, so that a flipped bit is
found wherever it is, also where ZIP itself would not mind.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from banso.core.backup import manifest as manifests
from banso.core.backup.manifest import Manifest, Progress
from banso.lib.kept_file import sync_folder
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

MARK = b"banso-backup sha256:"
SEAL = 64  # hexadecimal signs
MANIFEST, KEY, ABOUT = "manifest.json", "secret_key", "README.txt"
BLOCK = 256 * 1024
LEVEL = 5
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, RuntimeError)
WORDS = """\
これは伴走（Banso）のバックアップです。戻すには: ./banso restore FILE
This is a backup of Banso. To restore it: ./banso restore FILE
"""


@dataclass(slots=True)
class Part:
    """One member on its way into the archive; its checksum grows with it."""

    into: IO[bytes]
    sha: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    size: int = 0

    def write(self, data: bytes) -> None:
        self.sha.update(data)
        self.size += len(data)
        self.into.write(data)


@dataclass(slots=True)
class Draft:
    """The archive that is being written."""

    zip: zipfile.ZipFile

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[Part]:
        with self.zip.open(name, "w", force_zip64=True) as into:
            yield Part(into)

    def put(self, name: str, data: bytes) -> None:
        with self.part(name) as part:
            part.write(data)


@contextlib.contextmanager
def writing(target: Path, *, replace: bool) -> Iterator[Draft]:
    """The archive stands at `target`, whole, sealed and on the disk; or nothing of it is left.

    Raises TroubleInWords: something is there already, no room, another backup to the same file.
    """
    if target.exists() and not replace:
        text = _("%(file)s is there already. Name another file, or add --replace.")
        raise TroubleInWords(text % {"file": target})
    draft = target.with_name(f"{target.name}.part")
    try:
        with _locked(draft) as file:
            try:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as made:
                    made.comment = MARK + b"0" * SEAL
                    made.writestr(ABOUT, WORDS)
                    try:
                        yield Draft(made)
                    except BaseException:
                        _make_room(file)  # what ZipFile still writes at its end finds a place
                        raise
                _seal(file)
                draft.rename(target)
                sync_folder(target.parent)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise _in_words(error, target) from error


@contextlib.contextmanager
def _locked(draft: Path) -> Iterator[IO[bytes]]:
    """The draft, empty and ours alone; readable by its owner only, since it holds secrets."""
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "w+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = os.path.samestat(os.fstat(file.fileno()), draft.stat())
        except (BlockingIOError, FileNotFoundError):
            is_ours = False  # taken, or just renamed by whoever had it
        if not is_ours:
            text = _("Another backup is being written to %(file)s.")
            raise TroubleInWords(text % {"file": draft})
        os.fchmod(file.fileno(), 0o600)
        os.ftruncate(file.fileno(), 0)
        yield file


def _make_room(file: IO[bytes]) -> None:
    with contextlib.suppress(OSError, ValueError):
        os.ftruncate(file.fileno(), 0)


def _seal(file: IO[bytes]) -> None:
    file.flush()
    end = os.fstat(file.fileno()).st_size - SEAL
    seal = _digest(file, end, manifests.silent)
    file.seek(end)
    file.write(seal.encode())
    file.flush()
    os.fsync(file.fileno())


def _in_words(error: OSError, target: Path) -> TroubleInWords:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        text = _("The disk is full (%(file)s). No backup was made, and nothing half is left of it.")
        return TroubleInWords(text % {"file": target})
    text = _("%(file)s cannot be written (%(why)s).")
    return TroubleInWords(text % {"file": target, "why": error.strerror or str(error)})


@dataclass(frozen=True, slots=True)
class Archive:
    """A verified backup: every byte is as it was written."""

    path: Path
    manifest: Manifest

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        with zipfile.ZipFile(self.path) as opened, opened.open(name) as member:
            yield member

    def key(self) -> str:
        """The signing key, if it is inside."""
        if not self.manifest.holds_key:
            return ""
        with self.part(KEY) as member:
            return member.read().decode()


def verified(path: Path, progress: Progress = manifests.silent) -> Archive:
    """The backup in `path`, read to its end: seal, manifest, and the checksum of every part.

    Writes nothing. Raises TroubleInWords for anything that is not whole.
    """
    try:
        with path.open("rb") as file:
            _check_seal(file, path, progress)
            with zipfile.ZipFile(file) as opened:
                manifest = manifests.read(opened.read(MANIFEST))
                _check_parts(opened, manifest, path)
    except OSError as error:
        text = _("%(file)s cannot be read (%(why)s).")
        why = error.strerror or str(error)
        raise TroubleInWords(text % {"file": path, "why": why}) from error
    except BROKEN as error:
        raise _damaged(path, _("its parts do not fit together")) from error
    return Archive(path, manifest)


def _check_seal(file: IO[bytes], path: Path, progress: Progress) -> None:
    size = os.fstat(file.fileno()).st_size
    is_zip = file.read(4) == b"PK\x03\x04"
    if not is_zip or ABOUT.encode() not in file.read(60):
        text = _("%(file)s is not a backup of Banso. Nothing was written.")
        raise TroubleInWords(text % {"file": path})
    end = size - SEAL
    file.seek(max(end - len(MARK), 0))
    if file.read(len(MARK)) != MARK:
        raise _damaged(path, _("its end is missing"))
    sealed = file.read(SEAL)
    if _digest(file, end, progress).encode() != sealed:
        raise _damaged(path, _("its checksum is another"))


def _digest(file: IO[bytes], end: int, progress: Progress) -> str:
    file.seek(0)
    sha, left = hashlib.sha256(), end
    while block := file.read(min(BLOCK, left)):
        sha.update(block)
        left -= len(block)
        progress(_("Reading the backup"), end - left, end)
    return sha.hexdigest()


def _check_parts(opened: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    """Exactly the parts that the manifest tells of are there, each with its checksum."""
    wanted = {one.member: (one.sha256, one.bytes) for one in manifest.tables}
    wanted |= {one.member: (one.sha256, one.bytes) for one in manifest.files}
    others = {MANIFEST, ABOUT, *([KEY] if manifest.holds_key else [])}
    there = opened.namelist()
    if len(there) != len(set(there)) or set(there) != wanted.keys() | others:
        odd = sorted(set(there) ^ (wanted.keys() | others)) or sorted(there)
        raise _damaged(path, _("%(part)s is missing or too much") % {"part": odd[0]})
    for name, (sha256, size) in wanted.items():
        with opened.open(name) as member:
            if _sum(member) != (sha256, size):
                raise _damaged(path, _("the checksum of %(part)s is another") % {"part": name})


def _sum(member: IO[bytes]) -> tuple[str, int]:
    sha, size = hashlib.sha256(), 0
    while block := member.read(BLOCK):
        sha.update(block)
        size += len(block)
    return sha.hexdigest(), size


def _damaged(path: Path, why: str) -> TroubleInWords:
    text = _("%(file)s is damaged: %(why)s. Nothing was written. Take another backup.")
    return TroubleInWords(text % {"file": path, "why": why})
