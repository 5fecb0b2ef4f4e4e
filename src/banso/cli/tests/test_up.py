"""`banso up` as a person runs it: one port, kills survived, everything gone at the end."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from banso.cli.supervisor import banso, environment
from banso.core.postgres.client import running
from banso.core.postgres.paths import home_of
from banso.core.tests.programs import free_port
from banso.lib.processes import family, is_alive

MOST_MEMORY = 600_000_000


@pytest.fixture
def program(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    variables = {name: value for name, value in environment().items() if name != "DATABASE_URL"}
    data = tmp_path / "data"
    variables.update(BANSO_DATA=str(data), BANSO_PORT=str(free_port()), LC_ALL="C")
    process = subprocess.Popen(
        banso("up"), env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    yield process, variables
    process.kill()
    process.communicate(timeout=10)
    eventually(lambda: not is_alive(int(str(running(data).get("keeper", 0)))), seconds=60)
    shutil.rmtree(home_of(data).folder, ignore_errors=True)


def eventually(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def answers(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


@pytest.mark.slow
def test_up_serves_survives_kills_and_ends(
    program: tuple["subprocess.Popen[str]", dict[str, str]],
) -> None:
    process, variables = program
    port, data = variables["BANSO_PORT"], Path(variables["BANSO_DATA"])
    # By its name: browsers make no passkeys for a bare address.
    assert process.stdout and f"http://localhost:{port}/" in process.stdout.readline()
    eventually(lambda: answers(port), seconds=60)

    facts = json.loads(
        subprocess.run(
            banso("doctor", "--json"), env=variables, capture_output=True, text=True, check=True
        ).stdout
    )
    assert facts["database"]["durable"] and facts["database"]["private"]
    assert 50_000_000 < facts["memory"]["total_bytes"] < MOST_MEMORY

    for child in family(process.pid)[1:]:
        os.kill(child, signal.SIGKILL)
    eventually(lambda: answers(port), seconds=60)

    os.kill(int(str(running(data)["postgres"])), signal.SIGKILL)
    eventually(lambda: answers(port), seconds=60)

    everyone = family(process.pid)
    process.terminate()
    assert process.wait(30) == 0
    assert not any(is_alive(pid) for pid in everyone)
    assert not (data / "up.json").exists()
