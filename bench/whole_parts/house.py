"""The whole program as somebody starts it at home: its own PostgreSQL, in a folder of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from banso.cli.demo.ground import PASSWORD
from banso.cli.demo.team import LEAD_CSM
from banso.core.postgres.client import running
from banso.core.postgres.paths import home_of
from banso.core.tests.programs import REPOSITORY, free_port
from banso.lib.processes import is_alive

LOGIN = "/accounts/login/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CUSTOMER = re.compile(r'href="(/customers/[0-9a-f-]{36}/)"')
PANEL = re.compile(r'hx-get="(/[^"]+)" hx-trigger="load"')
PATIENCE = 120.0


@dataclass
class House:
    """One data folder; the program on it may be started and stopped many times."""

    data: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *words: str) -> float:
        """It serves; seconds from the command to the first page, whole."""
        begin = time.monotonic()
        with (self.data / "banso.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_banso(), *words, f"--port={self.port}"],
                cwd=REPOSITORY, env=self._environment(), stdout=log, stderr=log,
            )  # fmt: skip
        while not self._shows_a_page():
            if self.process.poll() is not None or time.monotonic() > begin + PATIENCE:
                raise RuntimeError(f"it did not start: {self._log()}")
            time.sleep(0.01)
        return time.monotonic() - begin

    def stop(self) -> None:
        """It has ended, its PostgreSQL too."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None
        self._until_the_keeper_has_gone()

    def run(self, *words: str) -> Any:
        """What a command answers as JSON."""
        command = [*_banso(), *words, "--json"]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=self._environment(), capture_output=True, check=True
        )
        return json.loads(done.stdout)

    def memory(self) -> dict[str, int]:
        """Bytes (PSS) of the program and of PostgreSQL, and both together."""
        facts = self.run("doctor")["memory"]
        return {
            name: int(facts[name]) for name in ("program_bytes", "postgresql_bytes", "total_bytes")
        }

    def _until_the_keeper_has_gone(self) -> None:
        keeper = running(self.data).get("keeper")
        end = time.monotonic() + PATIENCE
        while keeper and is_alive(int(str(keeper))) and time.monotonic() < end:
            time.sleep(0.1)

    def _shows_a_page(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}{LOGIN}", timeout=5) as answer:  # noqa: S310
                return b"</html>" in answer.read()
        except OSError:
            return False

    def _environment(self) -> dict[str, str]:
        ours = {"BANSO_DATA": str(self.data), "PYTHONPATH": str(REPOSITORY / "src")}
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return {**kept, **ours, "BANSO_URL": self.base}

    def _log(self) -> str:
        return (self.data / "banso.log").read_text(errors="replace")[-2000:]


def _banso() -> list[str]:
    return [sys.executable, "-m", "banso"]


@contextmanager
def house() -> Iterator[House]:
    """An empty data folder, gone afterwards with its PostgreSQL and all it holds."""
    with tempfile.TemporaryDirectory(prefix="banso-bench-") as folder:
        made = House(Path(folder))
        try:
            yield made
        finally:
            made.stop()
            shutil.rmtree(home_of(made.data).folder, ignore_errors=True)


class Browser:
    """The demo's CSM, signed in; asks page after page as people do."""

    def __init__(self, house: House) -> None:
        self.base, handler = house.base, urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(handler)
        token = TOKEN.search(self.get(LOGIN))
        assert token, "the sign-in page has no form"  # noqa: S101
        form = {"csrfmiddlewaretoken": token[1], "login": LEAD_CSM.email, "password": PASSWORD}
        self.get(LOGIN, urlencode(form).encode())
        self.paths = self._paths()

    def get(self, path: str, body: bytes | None = None) -> str:
        asked = urllib.request.Request(f"{self.base}{path}", body)  # noqa: S310
        with self.opener.open(asked, timeout=30) as answer:
            return str(answer.read().decode())

    def visit(self, pages: int) -> None:
        """So many pages, in turn."""
        for number in range(pages):
            self.get(self.paths[number % len(self.paths)])

    def _paths(self) -> list[str]:
        places = ["/", "/?who=all", "/customers/", "/customers/?sort=-customers.mrr", "/health"]
        found = list(dict.fromkeys(CUSTOMER.findall(self.get("/customers/"))))[:10]
        assert found, "the demo's list is empty"  # noqa: S101
        panels = PANEL.findall(self.get(found[0]))
        return [*places, *found, *panels, "/search?q=%E6%A0%AA%E5%BC%8F"]
