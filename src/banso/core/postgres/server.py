"""One running postgres process, from its start to its end."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from banso.core.postgres.cluster import CLEAN_ENVIRONMENT, enforced, in_words
from banso.core.postgres.locks import open_lock, try_lock
from banso.core.postgres.paths import PORT, Home
from banso.lib.processes import die_with, holders

RECOVERY_SECONDS = 300.0
ORPHANS_LEAVE_SECONDS = 10.0  # a fast shutdown may still be writing its checkpoint
KILL_AFTER_SECONDS = 3.0
STOP_SECONDS = 30.0


@contextlib.contextmanager
def nothing_alive(home: Home, *, patience: float) -> Iterator[int]:
    """Yields a taken `server.lock`: no process of PostgreSQL is left on this cluster.

    Survivors of a kill -9 (backends of a dead postmaster) usually leave by themselves; after
    `patience` seconds they are told to, 3 s later they are killed: the write-ahead log
    forgives that.
    """
    fd = open_lock(home.server_lock, uid=home.uid)
    try:
        start = time.monotonic()
        while not try_lock(fd):
            waited = time.monotonic() - start
            if waited > patience:
                last = waited > patience + KILL_AFTER_SECONDS
                _signal_holders(home, signal.SIGKILL if last else signal.SIGQUIT)
            _reap()
            time.sleep(0.02)
        yield fd
    finally:
        os.close(fd)


def start(
    home: Home,
    *,
    programs: Path,
    sockets: Path,
    durable: bool,
    patience: float = ORPHANS_LEAVE_SECONDS,
) -> "subprocess.Popen[bytes]":
    """PostgreSQL runs and answers; raises TroubleInWords when it ended instead.

    It dies with the calling thread, which therefore must be the keeper's main thread, and
    it inherits the taken `server.lock`.
    """
    keeper = os.getpid()

    def before_exec() -> None:
        die_with(keeper, signal.SIGINT)  # fast shutdown: clean, and nobody can be attached
        signal.pthread_sigmask(signal.SIG_SETMASK, [])

    with nothing_alive(home, patience=patience) as lock, home.log.open("ab") as log:
        _remove_leftovers(home, sockets)
        begin = log.tell()
        process = subprocess.Popen(
            [
                str(programs / "postgres"),
                "-D",
                str(home.cluster),
                "-c",
                f"config_file={home.config}",
                *enforced(durable=durable),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home.folder,
            env=CLEAN_ENVIRONMENT,
            pass_fds=(lock,),
            start_new_session=True,
            preexec_fn=before_exec,
        )
    if not _wait_until_ready(home, process):
        process.kill()
        process.wait()
        raise in_words(_read_from(home.log, begin), home)
    return process


def stop(process: "subprocess.Popen[bytes]") -> None:
    """PostgreSQL has ended: politely, then at once, then by force."""
    for how, patience in (
        (signal.SIGINT, STOP_SECONDS),
        (signal.SIGQUIT, 5.0),
        (signal.SIGKILL, 5.0),
    ):
        if process.poll() is None:
            process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


def _wait_until_ready(home: Home, process: "subprocess.Popen[bytes]") -> bool:
    end = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if _status(home, process.pid) == "ready":
            return True
        time.sleep(0.01)
    return False


def _status(home: Home, pid: int) -> str:
    """Line 8 of the pid file, if this very process wrote it."""
    with contextlib.suppress(OSError):
        lines = (home.cluster / "postmaster.pid").read_text(errors="replace").splitlines()
        if len(lines) >= 8 and lines[0].strip() == str(pid):
            return lines[7].strip()
    return ""


def _remove_leftovers(home: Home, sockets: Path) -> None:
    """A pid in these files may by now belong to anybody; the lock has told the truth."""
    socket = f".s.PGSQL.{PORT}"
    for stale in (home.cluster / "postmaster.pid", sockets / socket, sockets / f"{socket}.lock"):
        stale.unlink(missing_ok=True)


def _signal_holders(home: Home, how: signal.Signals) -> None:
    for pid in holders(home.server_lock):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
    time.sleep(0.2)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _read_from(log: Path, begin: int) -> str:
    with log.open("rb") as file:
        file.seek(begin)
        return file.read(200_000).decode(errors="replace")
