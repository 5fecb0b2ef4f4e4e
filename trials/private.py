"""A private PostgreSQL of the trial's own, durable, with its keeper: to be killed at will."""

import contextlib
import logging
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections

from banso.cli.migrate import bring_tables
from banso.config.database import database
from banso.core.postgres import attach, detach, stay_attached
from banso.core.postgres.paths import Home, home_of
from banso.lib.processes import holders, is_alive

ENDS_SECONDS = 30.0


@dataclass
class Private:
    """A data folder with its keeper; `url` stays good however often either dies."""

    data: Path
    url: str

    @property
    def home(self) -> Home:
        return home_of(self.data)

    def pid(self, name: str) -> int:
        """Of the `keeper` or of `postgres`, as last announced."""
        return int(str(self.home.announced().get(name) or 0))

    def everyone(self) -> list[int]:
        """The keeper and every process of PostgreSQL."""
        return sorted({*holders(self.home.keeper_lock), *holders(self.home.server_lock)})

    def kill_postmaster(self) -> None:
        kill([self.pid("postgres")])

    def kill_all_of_postgresql(self) -> None:
        kill(holders(self.home.server_lock))

    def kill_keeper_and_postmaster(self) -> None:
        kill([self.pid("keeper"), self.pid("postgres")])

    def restart(self) -> None:
        """A fast shutdown, as by an operator; the keeper brings PostgreSQL back."""
        os.kill(self.pid("postgres"), signal.SIGINT)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def wait(self, *, after: int, seconds: float = 60.0) -> None:
        """Another PostgreSQL than the process `after` answers. TimeoutError."""
        until(lambda: self.pid("postgres") != after and self.answers(), seconds=seconds)


def kill(pids: list[int]) -> None:
    """All at once: none is left to tidy up after the others."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def until(holds: Callable[[], object], *, seconds: float, every: float = 0.01) -> float:
    """Seconds until it held. TimeoutError when it did not in time."""
    begin = time.monotonic()
    while not holds():
        if time.monotonic() - begin > seconds:
            raise TimeoutError(f"it did not happen within {seconds:.0f} s")
        time.sleep(every)
    return time.monotonic() - begin


@contextmanager
def private_server() -> Iterator[Private]:
    """A migrated private PostgreSQL that this process keeps up and its queries go to."""
    with tempfile.TemporaryDirectory(prefix="banso-trial-") as folder:
        server = Private(Path(folder), attach(Path(folder)))
        stay_attached(server.data)
        try:
            with queries_go_to(server.url):
                bring_tables()
                yield server
        finally:
            _end(server)


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder for programs that start a private PostgreSQL; nothing of it is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="banso-trial-") as folder:
        try:
            yield Path(folder)
        finally:
            _end(Private(Path(folder), ""))


@contextmanager
def queries_go_to(url: str) -> Iterator[None]:
    """This process's Django asks that server; the usual one afterwards."""
    usual, usual_url = dict(connections["default"].settings_dict), os.environ["DATABASE_URL"]
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # lost connections are expected
    _point(database(url, threads=8), url)
    try:
        yield
    finally:
        _point(usual, usual_url)


def _point(facts: dict[str, object], url: str) -> None:
    connections["default"].close()
    getattr(connections["default"], "close_pool")()  # noqa: B009  (unknown to the stubs)
    connections["default"].settings_dict.update(facts)
    os.environ["DATABASE_URL"] = url


def _end(server: Private) -> None:
    """No process and no file of it is left."""
    detach(server.data)
    for pid in holders(server.home.keeper_lock):
        if pid != os.getpid():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        until(lambda: not _others(server), seconds=ENDS_SECONDS)
    kill(_others(server))
    sockets = server.home.announced().get("sockets")
    for path in filter(None, (sockets, server.home.folder)):
        shutil.rmtree(str(path), ignore_errors=True)


def _others(server: Private) -> list[int]:
    return [pid for pid in server.everyone() if pid != os.getpid() and is_alive(pid)]
