"""Runs tests in children of a process that has loaded everything which no mutant changes.

A program of its own, started in a copy of the checkout: reads one JSON object a line (`tests`,
`answer`, `seconds`), writes what became of each test into the file `answer`, and says "done".
"""

import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.creation import BaseDatabaseCreation

# What starting a test run spends its time on; nothing here reads settings.
LOADED = (
    "django.contrib.auth.hashers",
    "django.contrib.postgres.fields",
    "django.core.management",
    "django.db.backends.postgresql.base",
    "django.db.migrations.loader",
    "django.template.loader",
    "django.test",
    "django.test.utils",
    "procrastinate",
    "hypothesis",
    "msgspec",
    "psycopg_pool",
    "babel.numbers",
    "babel.dates",
    "cryptography.fernet",
    "cryptography.x509",
    "fido2.server",
    "jwt",
    "holidays",
    "aiosmtpd.controller",
    "prometheus_client",
    "uvicorn",
    "lxml.etree",
    "onelogin.saml2.response",
    "a2wsgi",
    "click",
)
ALREADY = "ignore::pytest.PytestAssertRewriteWarning"  # what is loaded here is not rewritten
ALWAYS = ["-q", "-W", ALREADY, "-p", "no:cacheprovider", "--reuse-db", "--hypothesis-seed=0"]
FIRST = ["passed", "skipped", "failed", "error"]


class Outcomes:
    """Hears what became of each test: the worst of its phases."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = "error" if report.failed and report.when != "call" else report.outcome
        before = self.found.get(report.nodeid, "passed")
        self.found[report.nodeid] = max(told, before, key=FIRST.index)


def main() -> None:
    for name in LOADED:
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # an extra that is not here
    assert not any(name.split(".")[0] == "banso" for name in sys.modules), "mutants load that"
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_run(asked))
        _wait(child, asked["seconds"])
        sys.stdout.write("done\n")
        sys.stdout.flush()


def _run(asked: dict[str, Any]) -> int:
    """The tests, here and now; nothing of them is heard but the answer and its log."""
    os.setsid()
    log = os.open(f"{asked['answer']}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for channel in (1, 2):
        os.dup2(log, channel)
    sys.dont_write_bytecode = not asked["is_first"]
    _rely_on_tables()
    outcomes = Outcomes()
    pytest.main([*ALWAYS, *asked["tests"]], plugins=[outcomes])
    Path(asked["answer"]).write_text(json.dumps(outcomes.found))
    return 0


def _rely_on_tables() -> None:
    """The tables are made; looking for migrations takes longer than most tests."""

    def known(creation: Any, *_args: Any, **_facts: Any) -> str:
        name = str(creation._get_test_db_name())
        creation.connection.close()
        creation.connection.settings_dict["NAME"] = name
        return name

    BaseDatabaseCreation.create_test_db = known  # type: ignore[assignment,method-assign]


def _wait(child: int, seconds: float) -> None:
    """The child has ended, at the latest after `seconds`."""
    give_up = time.monotonic() + seconds
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > give_up:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return
        time.sleep(0.01)


if __name__ == "__main__":
    main()
