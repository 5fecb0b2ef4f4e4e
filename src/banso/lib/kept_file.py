"""Small files that must never be there in part: secrets that are made once and kept."""

import os
import tempfile
from pathlib import Path


def write_once(path: Path, text: str) -> bool:
    """The file holds `text`, whole and on the disk, for its owner only; False if it was there.

    Whoever else looks meanwhile, and whatever is left after a crash or on a full disk, finds the
    whole file or none. Of several writers at once, one wins.
    """
    fd, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # readable by us only
    try:
        with os.fdopen(fd, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        os.unlink(draft)
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """The names in the folder are on the disk."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
