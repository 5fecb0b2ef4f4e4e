"""The real program on a free port, with the demo's book, for a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from banso.core.tests.programs import Program, free_port

TODAY = "2026-11-20"


@dataclass(frozen=True, slots=True)
class House:
    """A served demo: its address, a CSM's and the head's login, their password, and its ground."""

    base: str
    login: str
    head: str
    password: str
    url: str
    data: Path


@contextmanager
def serving(url: str, data: Path, command: str = "up") -> Iterator[str]:
    """The pages on that database, with a worker unless the `command` is "web"; gives their address,
    ends them afterwards.
    """
    program = Program([command], url, data, port=free_port())
    try:
        program.start()
        yield program.base
    finally:
        program.stop()
