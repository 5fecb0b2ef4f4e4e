"""Using the private PostgreSQL: attach, and it is there until this process ends."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
from psycopg import sql

from banso.core.postgres import cluster
from banso.core.postgres.locks import open_lock, try_lock
from banso.core.postgres.paths import Home, home_of, prepare
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords, from_os

PATIENCE_SECONDS = 120.0
BETWEEN_KEEPERS_SECONDS = 0.1
NOT_FOR_THREADS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
SOURCES = Path(__file__).resolve().parents[3]
_held: dict[Path, int] = {}


def attach(data: Path, *, durable: bool = True, linger: float = 5.0) -> str:
    """The address of a running PostgreSQL for this data folder, started if need be.

    From now until this process ends (or `detach`) the server stays up: a shared lock says
    so. Programs that this process starts do not inherit the lock; they attach themselves.
    `durable=False` is for test runs: their folder may lose everything at a crash. `linger`
    is how many seconds the server outlives its last client, when this call starts it.
    A durable server is asked whether it is: where it could lose what it acknowledged, nobody
    is attached. Raises TroubleInWords. Safe from any number of processes at once.
    """
    try:
        home = home_of(data)
        prepare(home)
        _hold(home)
        return _promised(
            home, _keeper_command(data, durable=durable, linger=linger), durable=durable
        )
    except OSError as error:
        raise from_os(error) from error


def stay_attached(data: Path, *, linger: float = 5.0) -> None:
    """From now on, until this process ends or detaches, a keeper that has died is replaced."""
    given = (data, linger)
    thread = threading.Thread(target=_replace_keepers, args=given, daemon=True, name="keeper")
    # It must not catch what the main thread waits for: a signal would end us all unprepared.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, NOT_FOR_THREADS)
    try:
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _replace_keepers(data: Path, linger: float) -> None:
    home = home_of(data)
    while True:
        _wait_for_end_of_keeper(home)
        if home.folder not in _held:
            return
        try:
            attach(data, linger=linger)
        except TroubleInWords as trouble:
            os.write(2, f"{trouble}\n".encode(errors="replace"))
        time.sleep(BETWEEN_KEEPERS_SECONDS)


def _wait_for_end_of_keeper(home: Home) -> None:
    """The kernel hands its lock over, however it ended. Whoever starts one meanwhile tries again."""
    fd = open_lock(home.keeper_lock, uid=home.uid)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def detach(data: Path) -> None:
    """This process no longer keeps the server of this data folder up."""
    fd = _held.pop(home_of(data).folder, None)
    if fd is not None:
        os.close(fd)


def running(data: Path) -> dict[str, object]:
    """What the keeper announced (keeper, postgres: process ids), started or not."""
    return home_of(data).announced()


def _hold(home: Home) -> None:
    """Take the clients' lock; waits while a keeper that saw nobody is shutting down."""
    if home.folder in _held:
        return
    fd = open_lock(home.clients_lock, uid=home.uid)
    end = time.monotonic() + PATIENCE_SECONDS
    while not try_lock(fd, shared=True):
        if time.monotonic() > end:
            os.close(fd)
            raise _too_late(home)
        time.sleep(0.02)
    _held[home.folder] = fd


def _promised(home: Home, command: list[str], *, durable: bool) -> str:
    """The address of a server that keeps its promises, where it is asked for any."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        url = _reach(home, command)
        try:
            if durable:
                _check_promises(url)
        except psycopg.OperationalError:  # its keeper is dead, so it was ending as we asked
            if time.monotonic() > end:
                raise _too_late(home) from None
            time.sleep(0.02)
        else:
            return url


def _reach(home: Home, command: list[str]) -> str:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if url := _answering(home):
            return url
        _start_keeper(home, command)
        time.sleep(0.02)
    raise _too_late(home)


def _answering(home: Home) -> str:
    """The address when a server answers there, else nothing."""
    sockets = home.announced().get("sockets")
    if not sockets or not home.password.exists():
        return ""
    url = cluster.database_url(home, sockets=str(sockets))
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return ""
    return url


def _check_promises(url: str) -> None:
    """Asked over a connection as any other, so that settings of the role and the database count."""
    query = sql.SQL("SELECT {}").format(
        sql.SQL(", ").join(
            sql.SQL("current_setting({})").format(sql.Literal(name)) for name in cluster.SAFE
        )
    )
    with psycopg.connect(url, connect_timeout=5) as connection:
        told = connection.execute(query).fetchone()
    cluster.check_promises(dict(zip(cluster.SAFE, told or (), strict=True)))


def _start_keeper(home: Home, command: list[str]) -> None:
    """Start a keeper unless another client is at it; returns when that has been decided."""
    fd = open_lock(home.start_lock, uid=home.uid)
    try:
        if not try_lock(fd) or _answering(home):
            return
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
            env=_environment(),
        )
    finally:
        os.close(fd)
    if done.returncode:
        lines = (done.stdout or done.stderr).strip().splitlines()
        raise TroubleInWords(lines[-1] if lines else str(_too_late(home)))


def _keeper_command(data: Path, *, durable: bool, linger: float) -> list[str]:
    options = [f"--linger={linger}", *([] if durable else ["--not-durable"])]
    module = "banso.core.postgres.keeper"
    return [sys.executable, "-m", module, str(data.absolute()), *options]


def _environment() -> dict[str, str]:
    """PostgreSQL's own variables (PGHOST and the like) must not lead the keeper astray."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "PYTHONPATH": str(SOURCES)}


def _too_late(home: Home) -> TroubleInWords:
    text = _("PostgreSQL has not answered for %(seconds)d seconds. See %(log)s")
    return TroubleInWords(text % {"seconds": PATIENCE_SECONDS, "log": home.log})
