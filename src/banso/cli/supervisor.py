"""Child processes that are started again when they die, and end when we do."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import click

from banso.core.postgres.client import SOURCES
from banso.lib.processes import die_with
from banso.lib.spoken import say as _

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60.0
STOP_SECONDS = 3.5
WOKEN_BY = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}


def banso(*arguments: str) -> list[str]:
    """The command line of one of our own commands."""
    return [sys.executable, "-m", "banso", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCES)}


@dataclass(slots=True)
class Child:
    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = SHORTEST_PAUSE

    def start(self) -> None:
        """Runs, shielded from the terminal's Ctrl-C, and dies with us even at kill -9."""
        us = os.getpid()

        def before_exec() -> None:
            die_with(us, signal.SIGTERM)
            signal.pthread_sigmask(signal.SIG_SETMASK, [])

        self.process = subprocess.Popen(
            self.command, env=environment(), start_new_session=True, preexec_fn=before_exec
        )
        self.started = time.monotonic()

    def care(self) -> None:
        """Start it again once it has died and its pause is over; the pause doubles each time."""
        if self.process is None or self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        if lived > STEADY_SECONDS:
            self.pause = SHORTEST_PAUSE
        if lived >= self.pause:
            text = _("%(name)s ended with code %(code)s and is started again.")
            click.echo(text % {"name": self.name, "code": self.process.returncode}, err=True)
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            self.start()


@dataclass(slots=True)
class Supervisor:
    children: list[Child]
    is_ready: Callable[[], bool]
    when_ready: Callable[[], None]
    announced: bool = field(default=False)

    def run(self) -> None:
        """Returns, with every child ended, within 5 s of SIGTERM, Ctrl-C or a closed terminal."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WOKEN_BY)
        try:
            for child in self.children:
                child.start()
            while not self._told_to_stop():
                for child in self.children:
                    child.care()
                if not self.announced and self.is_ready():
                    self.announced = True
                    self.when_ready()
        finally:
            self._stop()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, WOKEN_BY)

    def _told_to_stop(self) -> bool:
        told = signal.sigtimedwait(WOKEN_BY, 0.5 if self.announced else 0.05)
        return told is not None and told.si_signo != signal.SIGCHLD

    def _stop(self) -> None:
        processes = [child.process for child in self.children if child.process]
        for process in processes:
            process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.01, end - time.monotonic()))
        for process in processes:
            process.kill()
            process.wait()
