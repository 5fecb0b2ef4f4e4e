"""The real program on a free port, with the demo's book, for a real browser."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

REPOSITORY = Path(__file__).resolve().parents[2]
TODAY = "2026-11-20"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class House:
    """A served demo: its address and database, a CSM's and the head's login, and their password."""

    base: str
    url: str
    login: str
    head: str
    password: str


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """A database beside the tests' own, gone afterwards; gives its DATABASE_URL."""
    with psycopg.connect(_server(), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield _url(name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))


@contextmanager
def serving(url: str, data: Path) -> Iterator[str]:
    """The pages and the worker on that database; gives their address, ends them afterwards."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    env = environment(url, data) | {"BANSO_URL": base, "BANSO_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "banso", "up", "--port", str(port)], cwd=REPOSITORY, env=env
    )
    try:
        wait_for(f"{base}/healthz", process)
        yield base
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


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


def environment(url: str, data: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "BANSO_DATA": str(data),
        "PYTHONPATH": str(REPOSITORY / "src"),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the program has ended"
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 (our own loopback port)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the program did not answer")


def _server() -> str:
    facts = connection.settings_dict
    words = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    known = {word: str(facts[name]) for word, name in words.items() if facts[name]}
    return make_conninfo(dbname="postgres", **known)


def _url(name: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{quote(name)}"))
