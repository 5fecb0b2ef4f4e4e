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
# They wait for programs to be killed and found again, longer than a run of all tests may take.
BY_HAND = {
    "r10_orders",
    "r13_mix",
    "r14_poison",
    "r16_restore",
    "r1_database_kills",
    "r2_creates",
    "r3_worker_kills",
    "r4_whole_program",
    "r5_disk_full",
    "r6_restarts",
    "r8_clocks",
    "s10_formulas",
    "s20_fuzz",
    "s23_mutants",
    "two_machines",
}
DAILY = [name for name in beside.names("trials") if name not in BY_HAND]


@pytest.mark.slow
@pytest.mark.parametrize("name", DAILY)
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
