"""What Linux says about processes: death of a parent, children, memory. Pure Python."""

import ctypes
import os
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PROC = Path("/proc")
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int, death: signal.Signals) -> None:
    """From now on the kernel sends `death` to this process when its parent dies.

    Call it in the child, before exec. The wish is bound to the parent's *thread*: start
    such children from a thread that lives as long as the process.
    """
    _libc.prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)
    if os.getppid() != parent:  # it died before the wish was made
        os._exit(1)


def adopt_orphans() -> None:
    """Children of our dead children become ours, so that we can end and reap them."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def is_alive(pid: int) -> bool:
    """True while a process runs under this id; a zombie does not count."""
    try:
        status = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def parents() -> dict[int, int]:
    """Parent of every process of this machine that we may see."""
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text(errors="replace")
            except OSError:
                continue
            found[int(entry.name)] = int(status.rpartition(")")[2].split()[1])
    return found


def family(pid: int) -> list[int]:
    """`pid` and all its descendants, as far as they live now."""
    known = parents()
    if pid not in known:
        return []
    members = [pid]
    for member in members:
        members += [child for child, parent in known.items() if parent == member]
    return members


def holders(path: Path) -> list[int]:
    """Processes (of ours, or all when root) that have this file open, ourselves left out."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                links = [os.readlink(link) for link in (entry / "fd").iterdir()]
            except OSError:
                continue
            if str(path) in links:
                found.append(int(entry.name))
    return found


def memory_bytes(pids: list[int]) -> int:
    """Memory these processes cost together (PSS: shared pages are counted once), in bytes."""
    total = 0
    for pid in pids:
        try:
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total
