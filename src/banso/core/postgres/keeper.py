"""The keeper: a detached process that owns PostgreSQL for as long as somebody uses it.

Run as `python -m banso.core.postgres.keeper DATA`. It prints one line of trouble and exits
with 1, or prints nothing and exits with 0 while a keeper (this or an older one) goes on in
the background.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from banso.core.postgres import cluster, server
from banso.core.postgres.binaries import bin_folder
from banso.core.postgres.locks import open_lock, try_lock, unlock
from banso.core.postgres.paths import Home, home_of, prepare, socket_folder
from banso.lib.processes import adopt_orphans
from banso.lib.trouble import TroubleInWords, from_os

LOG_BYTES = 10_000_000
STEADY_SECONDS = 1.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 10.0


@dataclass(slots=True)
class Keeper:
    home: Home
    programs: Path
    durable: bool
    linger: float
    sockets: Path = field(init=False)
    process: "subprocess.Popen[bytes]" = field(init=False)
    ready_since: float = 0.0  # 0 while PostgreSQL is known to be dead
    pause: float = 0.0
    due: float = 0.0

    def start(self) -> None:
        """The cluster exists, PostgreSQL answers and clients can find it."""
        cluster.check_durability(self.home, durable=self.durable)
        self.sockets = socket_folder(self.home)
        if not self.home.cluster.exists():
            cluster.create(self.home, programs=self.programs, durable=self.durable)
        cluster.configure(self.home, sockets=self.sockets, durable=self.durable)
        self._launch()

    def watch(self) -> None:
        """Returns, with PostgreSQL stopped, 5 s after the last client left or on SIGTERM."""
        clients = open_lock(self.home.clients_lock, uid=self.home.uid)
        last_seen = time.monotonic()
        poll = min(0.5, max(self.linger / 4, 0.02))
        while not _told_to_stop(poll if self.ready_since else SHORTEST_PAUSE / 2):
            if not try_lock(clients):
                last_seen = time.monotonic()
            elif time.monotonic() - last_seen >= self.linger:
                break  # still holding the lock: newcomers wait until we are gone
            else:
                unlock(clients)
            if self.process.poll() is not None:
                self._revive()
        server.stop(self.process)
        with contextlib.suppress(OSError):
            self.sockets.rmdir()

    def _launch(self, *, patience: float = server.ORPHANS_LEAVE_SECONDS) -> None:
        self.process = server.start(
            self.home,
            programs=self.programs,
            sockets=self.sockets,
            durable=self.durable,
            patience=patience,
        )
        self.ready_since = time.monotonic()
        self.home.announce(
            sockets=str(self.sockets),
            keeper=os.getpid(),
            postgres=self.process.pid,
            durable=self.durable,
        )

    def _revive(self) -> None:
        """PostgreSQL is dead: one more attempt, once its pause is over.

        None for one that had worked; ever longer for one that falls at once or does not start.
        """
        if self.ready_since:
            lived, self.ready_since = time.monotonic() - self.ready_since, 0.0
            self._rest(steady=lived > STEADY_SECONDS)
        if time.monotonic() < self.due:
            return
        try:
            self._launch(patience=1.0)  # its postmaster is dead: nobody there has work left
        except (TroubleInWords, OSError) as trouble:
            _note(f"keeper: {trouble}")
            self._rest(steady=False)

    def _rest(self, *, steady: bool) -> None:
        longer = min(max(SHORTEST_PAUSE, self.pause * 2), LONGEST_PAUSE)
        self.pause = 0.0 if steady else longer
        self.due = time.monotonic() + self.pause


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    try:
        home = home_of(options.data)
        prepare(home)
        programs = bin_folder()
        _become(home)
        os.chdir(home.folder)
        lock = open_lock(home.keeper_lock, uid=home.uid)
        if not try_lock(lock):
            return 0
        keeper = Keeper(home, programs, not options.not_durable, options.linger)
        return _detach(keeper)
    except TroubleInWords as trouble:
        return _report(trouble)
    except OSError as error:
        return _report(from_os(error))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="banso.core.postgres.keeper")
    parser.add_argument("data", type=Path)
    parser.add_argument("--not-durable", action="store_true")
    parser.add_argument("--linger", type=float, default=5.0, help="seconds without any client")
    return parser.parse_args(arguments)


def _become(home: Home) -> None:
    """From here on we are the server's user, for good."""
    os.umask(0o077)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(home.gid)
        os.setuid(home.uid)


def _detach(keeper: Keeper) -> int:
    """Go on in a child that init will reap; the parent tells how the start went."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        with os.fdopen(reading, errors="replace") as pipe:
            trouble = pipe.read()
        sys.stdout.write(trouble)
        return 1 if trouble else 0
    os.close(reading)
    _leave_terminal(keeper.home)
    code = _run(keeper, writing)
    os._exit(code)


def _run(keeper: Keeper, pipe: int) -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    adopt_orphans()
    try:
        keeper.start()
    except TroubleInWords as trouble:
        return _tell(pipe, str(trouble))
    except OSError as error:
        return _tell(pipe, str(from_os(error)))
    except Exception as error:  # noqa: BLE001  (whoever waits at the pipe must hear of it)
        return _tell(pipe, f"{type(error).__name__}: {error}")
    os.close(pipe)
    keeper.watch()
    return 0


def _tell(pipe: int, trouble: str) -> int:
    os.write(pipe, trouble.encode(errors="replace"))
    os.close(pipe)
    return 1


def _leave_terminal(home: Home) -> None:
    """Standard streams lead to the log, so that whoever started us can end."""
    if home.log.exists() and home.log.stat().st_size > LOG_BYTES:
        home.log.replace(home.log.with_suffix(".log.1"))
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)


_SIGNALS = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def _told_to_stop(seconds: float) -> bool:
    """Sleep until something happens; True when it was a wish to end."""
    told = signal.sigtimedwait(_SIGNALS, seconds)
    return told is not None and told.si_signo in {signal.SIGTERM, signal.SIGINT}


def _note(text: str) -> None:
    with contextlib.suppress(OSError):  # a full disk has no room for the log either
        os.write(2, f"{text}\n".encode(errors="replace"))


def _report(trouble: TroubleInWords) -> int:
    sys.stdout.write(str(trouble))
    return 1


if __name__ == "__main__":
    sys.exit(main())
