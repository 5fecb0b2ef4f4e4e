"""A database of one's own beside the configured one, for tests, benches and trials."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import TupleRow

TRIES = 100


@contextmanager
def own_database(name: str, *, like: str = "template1") -> Iterator[str]:
    """A database on the configured server, gone afterwards; gives its DATABASE_URL.

    Empty, or a copy of `like`, which nobody may be connected to.
    """
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(_server(), autocommit=True) as server:
        _drop(server, name)
        server.execute(create.format(sql.Identifier(name), sql.Identifier(like)))
        try:
            yield url_of(name)
        finally:
            _drop(server, name)


def migrated_once(name: str) -> str:
    """The database `name`, empty and migrated: made by whoever asks first, others wait for it.

    What an earlier run of tests left under a name that begins alike is gone. Nobody stays connected
    to it, so that it can be copied.
    """
    with psycopg.connect(_server(), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('banso tables'))")
        known = {row[0] for row in server.execute("SELECT datname FROM pg_database")}
        if name not in known:
            _drop_older(server, name, known)
            draft = f"{name}_draft"
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            with connected_to(draft):
                call_command("migrate", verbosity=0)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            server.execute(rename.format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def _drop(server: "psycopg.Connection[TupleRow]", name: str) -> None:
    """Gone, whoever is connected; a vacuum at work in it is none of ours to end, and goes soon."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name))
    for left in reversed(range(TRIES)):
        try:
            server.execute(drop)
            return
        except InsufficientPrivilege:
            if not left:
                raise
            time.sleep(0.2)


def _drop_older(server: "psycopg.Connection[TupleRow]", name: str, known: set[str]) -> None:
    kind = f"{name.rpartition('_')[0]}_"
    for one in known:
        if one.startswith(kind):
            _drop(server, one)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """This process's queries go to that database; to the usual one afterwards."""
    usual = str(connection.settings_dict["NAME"])
    _connect(name)
    try:
        yield
    finally:
        _connect(usual)


def url_of(name: str) -> str:
    """DATABASE_URL, but for the database's name."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{quote(name)}"))


def _connect(name: str) -> None:
    connections["default"].close()  # first: it would open a pool anew to give itself back
    getattr(connections["default"], "close_pool")()  # noqa: B009  (PostgreSQL only, unknown to the stubs)
    connection.settings_dict["NAME"] = name


def _server() -> str:
    facts = connection.settings_dict
    words = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    known = {word: str(facts[name]) for word, name in words.items() if facts[name]}
    return make_conninfo(dbname="postgres", **known)
