"""Every trial of `trials/`, at the dose of the daily run: none may find a violation."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import pytest

from banso.cli import beside
from banso.cli.places import REPOSITORY
from banso.cli.supervisor import environment

SEED = "20261120"
SECONDS = 400
NAMES = beside.names("trials")


@dataclass(frozen=True)
class Reports:
    """What one program that runs all trials says of each, in its order."""

    told: IO[bytes]
    complaints: IO[bytes]

    def of(self, name: str) -> Any:
        while True:
            assert select.select([self.told], [], [], SECONDS)[0], f"{name} hangs: {self._why()}"
            line = self.told.readline()
            assert line, f"{name} has died: {self._why()}"
            found = json.loads(line)
            if found["name"] == name:
                return found

    def _why(self) -> str:
        self.complaints.seek(0)
        return self.complaints.read().decode(errors="replace")[-3000:]


@pytest.fixture(scope="module")
def reports(request: pytest.FixtureRequest, tables: str) -> Iterator[Reports]:
    """Of those trials whose tests are to be run."""
    tests = {one.name for one in request.session.items if one.path == request.path}
    wanted = [name for name in NAMES if any(one.endswith(f"[{name}]") for one in tests)]
    command = [sys.executable, "-m", "banso", "trial", *wanted, "--dose", "ci", "--seed", SEED]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            [*command, "--json"],
            cwd=REPOSITORY,
            env=environment() | {"BANSO_TABLES": tables},
            stdout=subprocess.PIPE,
            stderr=complaints,
            bufsize=0,
            start_new_session=True,
        ) as program,
    ):
        assert program.stdout
        yield Reports(program.stdout, complaints)
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGTERM)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_trial_finds_no_violation(name: str, reports: Reports) -> None:
    found = reports.of(name)
    assert found["violations"] == []
    assert found["counts"]
