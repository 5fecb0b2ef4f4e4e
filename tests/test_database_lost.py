"""PostgreSQL dies under the running program: 503 in words, and back by itself."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from banso.cli.supervisor import banso, environment
from banso.core.postgres.paths import home_of
from banso.core.tests.programs import free_port
from banso.lib.processes import holders, is_alive

SETTLED_SECONDS = 30.0
# What is asked here; all tables take eight seconds of processor time, so the others are only said
# to be there, for the page that asks whether the tables are at this version.
TABLES = """
from banso.cli.database import need_django; need_django()
from django.core.management import call_command
for app in ("core", "procrastinate"):
    call_command("migrate", app, verbosity=0)
call_command("migrate", fake=True, verbosity=0)
call_command("createcachetable", verbosity=0)
"""
Answer = tuple[int, str, str]


class House:
    """A web process on a private PostgreSQL of its own."""

    def __init__(self, data: Path) -> None:
        self.home = home_of(data)
        self.env = {**environment(), "BANSO_DATA": str(data)}
        self.env.pop("DATABASE_URL", None)
        self.port = free_port()
        subprocess.run([sys.executable, "-c", TABLES], env=self.env, check=True, timeout=120)
        command = banso("web", f"--port={self.port}")
        self.web = subprocess.Popen(command, env=self.env, stderr=subprocess.DEVNULL)

    def ask(
        self, path: str, language: str = "ja", *, cookie: str = "sessionid=" + "x" * 32
    ) -> Answer:
        """(status, kind, text); status 0 while nobody listens."""
        headers = {"Accept-Language": language, "Cookie": cookie}
        asking = Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urlopen(asking, timeout=20) as answer:  # noqa: S310
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.headers["Content-Type"], error.read().decode()
        except (URLError, ConnectionError):
            return 0, "", ""

    def end(self) -> None:
        self.web.terminate()
        self.web.wait(10)
        for pid in holders(self.home.keeper_lock):
            os.kill(pid, signal.SIGTERM)
        eventually(lambda: not [*holders(self.home.keeper_lock), *holders(self.home.server_lock)])
        shutil.rmtree(self.home.folder)  # as root it stands beside no temporary folder


def eventually(condition: Callable[[], object]) -> None:
    end = time.monotonic() + SETTLED_SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    running = House(tmp_path / "data")
    yield running
    running.end()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the keeper's locks are Linux's")
def test_pages_say_503_while_postgresql_is_dead_and_come_back(house: House) -> None:
    eventually(lambda: house.ask("/readyz")[0] == 200)
    keeper, postgres = (int(str(house.home.announced()[name])) for name in ("keeper", "postgres"))
    os.kill(keeper, signal.SIGSTOP)  # or it would bring PostgreSQL back before anybody noticed
    os.kill(postgres, signal.SIGKILL)
    eventually(lambda: not is_alive(postgres))
    try:
        status, kind, text = house.ask("/settings/")
        assert (status, kind) == (503, "text/html; charset=utf-8")
        assert "データベース" in text
        status, kind, text = house.ask("/api/v1/tasks", "en")
        assert (status, kind) == (503, "application/problem+json")
        assert "database is away" in text
        # This process is well: restarting it would not help.
        assert house.ask("/healthz", cookie="")[0] == 200
        status, _kind, text = house.ask("/readyz", cookie="")
        assert status == 503 and json.loads(text)["database"] == "away"
    finally:
        os.kill(keeper, signal.SIGCONT)
    eventually(lambda: house.ask("/readyz")[0] == 200)
    assert house.ask("/settings/")[0] == 200  # the sign-in page it leads to
    assert house.ask("/api/v1/tasks")[0] == 401
