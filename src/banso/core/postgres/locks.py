"""`flock`: a lock that belongs to an open file, so the kernel lifts it however a holder dies."""

import fcntl
import os
from pathlib import Path


def open_lock(path: Path, *, uid: int) -> int:
    """A new open description of the lock file, made if missing; children do not inherit it.

    Each call gives a lock of its own, also within one process. `uid` owns a new file.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    fd = os.open(path, flags, 0o600)
    if os.geteuid() == 0 and os.fstat(fd).st_uid != uid:
        os.fchown(fd, uid, -1)
    return fd


def try_lock(fd: int, *, shared: bool = False) -> bool:
    """Take the lock without waiting; False when somebody else's lock stands against it."""
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(fd: int) -> None:
    fcntl.flock(fd, fcntl.LOCK_UN)
