"""The program with its private PostgreSQL and its data folder each on a small disk of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connections

from banso.cli.database import point_django_at
from banso.cli.migrate import bring_tables
from banso.core.postgres import attach, detach
from banso.core.postgres.paths import home_of, prepare
from banso.core.scope import open_workspace
from banso.core.tests.programs import Program, free_port
from banso.lib.processes import holders
from banso.touchpoints.usage.services import make_source
from trials.ground import Side, side
from trials.senders import NOBODY
from trials.small_disk import NoMount, SmallDisk, scratch_folder, small_disk

DATABASE_MB, DATA_MB = 800, 60


@dataclass
class House:
    """The served program with its database on one small disk and its data folder on another."""

    data: Path
    url: str
    server: SmallDisk
    uploads: SmallDisk
    ours: Side
    key: str
    programs: list[Program] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.programs[0].base

    def stored(self, query: LiteralString, *given: object) -> list[tuple[Any, ...]]:
        """What the database says, asked over a connection of its own."""
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            return connection.execute(query, given).fetchall()

    def answers(self) -> bool:
        try:
            return self.stored("SELECT 1") == [(1,)]
        except psycopg.Error:
            return False


def send_csv(house: House, prefix: str, rows: int) -> tuple[int, str, str]:
    """(status, content type, text) of an import of that many customers."""
    lines = "".join(f"{prefix}{n},会社{n}\n" for n in range(rows))
    line = "--b\r\nContent-Disposition: form-data; "
    body = (
        f'{line}name="files"; filename="customers.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\nexternal_id,name\n{lines}\r\n--b--\r\n"
    ).encode()
    parts = urlsplit(house.base)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = {
        "Authorization": f"Bearer {house.ours.key}",
        "Content-Type": "multipart/form-data; boundary=b",
        "Accept-Language": "en",
    }
    try:
        connection.request("POST", "/api/v1/imports", body, headers)
        answer = connection.getresponse()
        return answer.status, str(answer.headers["Content-Type"]), answer.read().decode()
    except (OSError, HTTPException) as error:
        return NOBODY, "", str(error)
    finally:
        connection.close()


def command(house: House, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "BANSO_DATA": str(house.data), "DATABASE_URL": house.url, "LC_ALL": "C"}
    return subprocess.run(
        [sys.executable, "-m", "banso", *words],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def house(*, worker: bool) -> Iterator[House]:
    """Everything stands and is served. Raises NoMount."""
    if os.geteuid() != 0:
        raise NoMount("only root may")
    usual = os.environ["DATABASE_URL"]
    with scratch_folder() as data, small_disk(data, megabytes=DATA_MB) as uploads:
        home = home_of(data)
        prepare(home)
        with small_disk(home.folder, megabytes=DATABASE_MB, uid=home.uid, gid=home.gid) as server:
            try:
                url = attach(data)
                point_django_at(url)
                found = _made(data, url, server, uploads)
                with _served(found, worker=worker):
                    yield found
            finally:
                connections.close_all()
                point_django_at(usual)
                server.make_room()
                _end(data)


def _made(data: Path, url: str, server: SmallDisk, uploads: SmallDisk) -> House:
    bring_tables()
    ours = side("アクメ株式会社", "acme")
    with open_workspace(ours.workspace):
        key = make_source("load", kind="server", by=ours.owner)[1]
    return House(data, url, server, uploads, ours, key)


@contextmanager
def _served(house: House, *, worker: bool) -> Iterator[None]:
    """The pages, and the jobs if wanted, under the supervisor's care as an operator has them."""
    known = {"BANSO_SECRET_KEY": settings.SECRET_KEY, "BANSO_TRACKING_RATE": "0", "LC_ALL": "C"}
    # Without DATABASE_URL: each process attaches to the private server by itself.
    program = Program(["up" if worker else "web"], "", house.data, free_port(), known)
    house.programs.append(program)
    program.start()
    try:
        yield
    finally:
        program.stop()


def _end(data: Path) -> None:
    """No process of the private server is left."""
    detach(data)
    home = home_of(data)
    for pid in holders(home.keeper_lock):
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 40
    while [*holders(home.keeper_lock), *holders(home.server_lock)] and time.monotonic() < end:
        time.sleep(0.05)
