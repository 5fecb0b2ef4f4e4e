"""Every trial of `trials/`, at the dose of the daily run: none may find a violation."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

import pytest

from banso.cli import beside
from banso.cli.places import REPOSITORY
from banso.cli.supervisor import environment
from banso.lib.processes import die_with

SEED = "20261120"
SECONDS = 400
NAMES = beside.names("trials")


@dataclass(frozen=True)
class Reports:
    """What one program that runs trials says of each, in its order."""

    program: "subprocess.Popen[bytes]"
    complaints: IO[bytes]

    def of(self, name: str) -> Any:
        """The next report. Where none comes in time, all that is left of them has ended."""
        told = self.program.stdout
        assert told
        if not select.select([told], [], [], SECONDS)[0]:
            self.end()
        line = told.readline()
        assert line, f"{name} hangs, or the program has died: {self._why()}"
        found = json.loads(line)
        assert found["name"] == name
        return found

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.program.pid, signal.SIGKILL)

    def _why(self) -> str:
        size = os.fstat(self.complaints.fileno()).st_size
        return os.pread(self.complaints.fileno(), 3000, max(0, size - 3000)).decode(
            errors="replace"
        )


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
            preexec_fn=partial(die_with, os.getpid(), signal.SIGKILL),
        ) as program,
    ):
        made = Reports(program, complaints)
        yield made
        made.end()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_trial_finds_no_violation(name: str, reports: Reports) -> None:
    found = reports.of(name)
    assert found["violations"] == []
    assert found["counts"]
