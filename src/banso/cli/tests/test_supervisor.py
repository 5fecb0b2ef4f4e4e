"""The supervisor with children that die, refuse to die, and lose their parent."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from banso.cli.supervisor import STOP_SECONDS, environment
from banso.lib.processes import family, is_alive

PROGRAM = """
import sys
from banso.cli.supervisor import Child, Supervisor
stubborn = "trap '' TERM; echo $$ >> stubborn; while :; do sleep 0.1; done"
children = [
    Child("meek", ["/bin/sh", "-c", "echo $$ >> meek; exec sleep 60"]),
    Child("stubborn", ["/bin/sh", "-c", stubborn]),
]
Supervisor(children, is_ready=lambda: True, when_ready=lambda: print("ready", flush=True)).run()
print("ended", flush=True)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "ready\n"
    eventually(lambda: (tmp_path / "meek").exists() and (tmp_path / "stubborn").exists())
    yield process
    for pid in family(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=30)


def eventually(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def started(tmp_path: Path, name: str) -> list[int]:
    return [int(line) for line in (tmp_path / name).read_text().split()]


def test_a_killed_child_is_started_again(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    os.kill(started(tmp_path, "meek")[0], signal.SIGKILL)
    eventually(lambda: len(started(tmp_path, "meek")) == 2)
    assert is_alive(started(tmp_path, "meek")[1])


def test_a_child_that_keeps_dying_is_started_ever_more_rarely(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    end = time.monotonic() + 3.2
    while time.monotonic() < end:
        with contextlib.suppress(ProcessLookupError):
            os.kill(started(tmp_path, "meek")[-1], signal.SIGKILL)
        time.sleep(0.05)
    assert 2 <= len(started(tmp_path, "meek")) <= 4  # after 0.5, 1 and 2 s


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_everything_ends_soon_after_a_signal(
    supervisor: "subprocess.Popen[str]", tmp_path: Path, how: signal.Signals
) -> None:
    """What does not end by itself is not waited for: that is all that takes time, and under 4 s."""
    children = started(tmp_path, "meek") + started(tmp_path, "stubborn")
    assert STOP_SECONDS < 4
    supervisor.send_signal(how)
    assert supervisor.communicate(timeout=30)[0] == "ended\n"
    assert not any(is_alive(pid) for pid in children)


def test_children_do_not_outlive_a_killed_supervisor(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    meek = started(tmp_path, "meek")[0]
    stubborn = started(tmp_path, "stubborn")[0]
    supervisor.kill()
    eventually(lambda: not is_alive(meek))
    os.kill(stubborn, signal.SIGKILL)  # it was told, which is all that can be done
