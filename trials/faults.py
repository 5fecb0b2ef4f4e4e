"""The n-th statement to PostgreSQL fails, whoever sends it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Cursor

SENT = ("execute", "executemany", "copy")


@dataclass
class Fault:
    """`at`: which statement fails, 0 for none; `count`: how many were sent."""

    at: int = 0
    count: int = 0
    has_struck: bool = False


@contextmanager
def failing(at: int) -> Iterator[Fault]:
    """Inside the block the `at`-th statement is not sent: it ends as a lost connection does."""
    fault, usual = Fault(at), {name: getattr(Cursor, name) for name in SENT}

    def counted(name: str) -> Any:
        def send(cursor: Any, *args: Any, **facts: Any) -> Any:
            # Undoing is no write: a lost connection has undone everything already.
            fault.count += not str(args[0]).startswith("ROLLBACK")
            if fault.count == at and not fault.has_struck:
                fault.has_struck = True
                raise psycopg.OperationalError("R11: this statement fails")
            return usual[name](cursor, *args, **facts)

        return send

    for name in SENT:
        setattr(Cursor, name, counted(name))
    try:
        yield fault
    finally:
        for name in SENT:
            setattr(Cursor, name, usual[name])
