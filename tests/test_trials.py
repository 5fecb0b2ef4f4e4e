"""Every trial of `trials/`, at the dose of the daily run: none may find a violation."""

import json
import subprocess
import sys

import pytest

from banso.cli import beside
from banso.cli.places import REPOSITORY
from banso.cli.supervisor import environment

SEED = "20261120"
SECONDS = 400


@pytest.mark.slow
@pytest.mark.parametrize("name", beside.names("trials"))
def test_a_trial_finds_no_violation(name: str, tables: str) -> None:
    command = [sys.executable, "-m", "banso", "trial", name, "--dose", "ci", "--seed", SEED]
    done = subprocess.run(
        [*command, "--json"],
        cwd=REPOSITORY,
        env=environment() | {"BANSO_TABLES": tables},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.stdout.startswith("{"), done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert report["violations"] == []
    assert done.returncode == 0 and report["counts"]
