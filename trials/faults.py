"""The n-th statement to PostgreSQL fails, whoever sends it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Cursor

from banso.core import quick

SENT = ("execute", "executemany", "copy")
Sender = tuple[Any, str]
SENDERS: tuple[Sender, ...] = (*((Cursor, name) for name in SENT), (quick, "_conversation"))


@dataclass
class Fault:
    """`at`: which statement fails, 0 for none; `count`: how many were sent."""

    at: int = 0
    count: int = 0
    has_struck: bool = False


@contextmanager
def failing(at: int) -> Iterator[Fault]:
    """Inside the block the `at`-th statement is not sent: it ends as a lost connection does."""
    fault, usual = Fault(at), {one: getattr(*one) for one in SENDERS}

    def counted(one: Sender) -> Any:
        def send(first: Any, *args: Any, **facts: Any) -> Any:
            # Undoing is no write: a lost connection has undone everything already.
            fault.count += not str(args[0]).startswith("ROLLBACK")
            if fault.count == at and not fault.has_struck:
                fault.has_struck = True
                raise psycopg.OperationalError("R11: this statement fails")
            return usual[one](first, *args, **facts)

        return send

    for one in SENDERS:
        setattr(*one, counted(one))
    try:
        yield fault
    finally:
        for one in SENDERS:
            setattr(*one, usual[one])
