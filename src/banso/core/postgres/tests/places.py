"""Data folders with their own PostgreSQL, and other processes that use them."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from banso.core.postgres.paths import Home, home_of
from banso.lib.processes import holders

SOURCES = str(Path(__file__).resolve().parents[4])
LINGER = 0.4
PROGRAM = f"""
import sys
from pathlib import Path
from banso.core.postgres import TroubleInWords, attach
try:
    print(attach(Path(sys.argv[1]), linger={LINGER}), flush=True)
except TroubleInWords as trouble:
    sys.exit(str(trouble))
sys.stdin.read()
"""


@dataclass
class Client:
    """Another process that is attached until `leave`."""

    process: "subprocess.Popen[str]"
    url: str = ""

    def wait(self) -> str:
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            assert self.process.stderr
            pytest.fail(self.process.stderr.read())
        return self.url

    def leave(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate(timeout=30)


@dataclass
class Place:
    """One data folder and whoever uses it."""

    data: Path
    clients: list[Client] = field(default_factory=list)

    @property
    def home(self) -> Home:
        return home_of(self.data)

    def client(self) -> Client:
        command = [sys.executable, "-c", PROGRAM, str(self.data)]
        environment = {**os.environ, "PYTHONPATH": SOURCES}
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment
        )
        self.clients.append(Client(process))
        return self.clients[-1]

    def pid(self, name: str) -> int:
        return int(self.home.announced()[name])

    def alive(self) -> list[int]:
        """Every process of this place's keeper and PostgreSQL."""
        return [*holders(self.home.keeper_lock), *holders(self.home.server_lock)]

    def stop(self) -> None:
        """No client, no keeper and no PostgreSQL is left."""
        for client in self.clients:
            client.kill()
        for pid in holders(self.home.keeper_lock):
            os.kill(pid, signal.SIGTERM)
        eventually(lambda: not self.alive())

    def end(self) -> None:
        with contextlib.suppress(AssertionError):
            self.stop()
        for pid in self.alive():
            os.kill(pid, signal.SIGKILL)
        sockets = self.home.announced().get("sockets")
        for folder in filter(None, (sockets, self.home.folder, self.data)):
            shutil.rmtree(folder, ignore_errors=True)


def eventually(condition: Callable[[], object], *, seconds: float = 30) -> None:
    """Asks ever more rarely: to look who holds a lock is to look through every process there is."""
    end, pause = time.monotonic() + seconds, 0.02
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)


def one_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('伴走')")


def the_row(url: str) -> str:
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute("SELECT word FROM kept").fetchone()
    assert row
    return str(row[0])
