"""Each program that a source's page offers to copy is run as it is shown, and delivers."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.ground import (
    Post,
    a_post,
    beside_the_clients,
    expect_delivered,
    need_node,
    served,
)


@pytest.fixture(scope="module")
def base(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), served("clients") as address:
        yield address


@pytest.fixture
def post(base: str) -> Post:
    return a_post(base)


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_python_program_delivers(post: Post, tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(post.programs["python"])
    run(sys.executable, str(file))
    expect_delivered(post)


def test_the_node_program_delivers(post: Post, tmp_path: Path) -> None:
    need_node("@segment/analytics-node")
    run("node", str(beside_the_clients(tmp_path, "program.mjs", post.programs["node"])))
    expect_delivered(post)


def test_the_curl_program_delivers_once_however_often_it_is_run(post: Post) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    for _ in range(2):
        run("bash", "-c", post.programs["curl"].replace("curl ", "curl --fail -sS ", 1))
    expect_delivered(post, person="")
