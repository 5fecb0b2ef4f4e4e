"""Our own program as others run it: processes that are started, killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[4]
START_SECONDS = 180.0
STOP_SECONDS = 20.0


@dataclass
class Program:
    """One long-running command on a database and a data folder.

    `port` is 0 for commands that listen nowhere. What it writes is kept in `log`.
    """

    words: list[str]
    url: str
    data: Path
    port: int = 0
    more: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def base(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data / f"{self.words[0]}.log"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> float:
        """It runs, and answers if it listens; returns the seconds that took."""
        begin = time.monotonic()
        given = {"BANSO_PORT": str(self.port), "BANSO_URL": self.base} if self.port else {}
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "banso", *self.words],
                cwd=REPOSITORY,
                env=environment(self.url, self.data, **{**given, **self.more}),
                stdout=log,
                stderr=log,
            )
        if self.port:
            self.wait()
        return time.monotonic() - begin

    def wait(self) -> None:
        """It answers. AssertionError with its last words when it has ended or stays silent."""
        deadline = time.monotonic() + START_SECONDS
        while not answers(f"{self.base}/healthz"):
            ended = self.process is None or self.process.poll() is not None
            assert not ended, f"the program has ended: {self.log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, "the program did not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """It is gone at once, as by kill -9: nothing was told, nothing was finished."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """It has ended as an operator ends it."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(STOP_SECONDS)
            self.process = None


def run(url: str, data: Path, *words: str) -> str:
    """One command of the launcher to its end; its standard output. Fails loudly."""
    done = subprocess.run(
        [sys.executable, "-m", "banso", *words],
        cwd=REPOSITORY,
        env=environment(url, data),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(url: str, data: Path, **more: str) -> dict[str, str]:
    ours = {"DATABASE_URL": url, "BANSO_DATA": str(data), "PYTHONPATH": str(REPOSITORY / "src")}
    return {**os.environ, **ours, **more}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 (our own loopback port)
    except OSError:
        return False
    return True
