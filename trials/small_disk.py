"""A disk so small that it can be filled: a tmpfs over a folder, with a file that takes its room."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FILLER = ".filler"
PAGE = 4096


class NoMount(Exception):
    """This machine or this user may not mount."""


@dataclass(frozen=True, slots=True)
class SmallDisk:
    folder: Path

    def fill(self, *, leave: int = 0) -> None:
        """All of it is taken but `leave` bytes, also while others write."""
        with (self.folder / FILLER).open("ab") as filler:
            share = 1.0
            while (more := int((self.room() - leave) * share)) >= PAGE:
                try:
                    os.posix_fallocate(filler.fileno(), os.fstat(filler.fileno()).st_size, more)
                except OSError:  # somebody was faster
                    share /= 2

    def make_room(self) -> None:
        (self.folder / FILLER).unlink(missing_ok=True)

    def room(self) -> int:
        """Bytes free."""
        told = os.statvfs(self.folder)
        return told.f_bavail * told.f_frsize


@contextmanager
def small_disk(folder: Path, *, megabytes: int, uid: int = 0, gid: int = 0) -> Iterator[SmallDisk]:
    """A disk of that size over the folder, for that user only. Raises NoMount."""
    options = f"size={megabytes}m,mode=700,uid={uid},gid={gid}"
    mount = ["/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoMount(done.stderr.strip())
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["/bin/umount", "--lazy", str(folder)], check=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of its own, gone afterwards; what is mounted in it must be gone before."""
    folder = Path(tempfile.mkdtemp(prefix="banso-r5-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
