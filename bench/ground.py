"""A database of its own for a bench, gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.workspaces import create_workspace

NAME = "banso_bench"
TODAY = date(2026, 11, 20)


@contextmanager
def scratch() -> Iterator[Workspace]:
    """An empty workspace in a new database beside the configured one, on the same server."""
    usual = connection.settings_dict["NAME"]
    with psycopg.connect(_server(), autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(NAME))
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        try:
            _use(NAME)
            call_command("migrate", verbosity=0)
            workspace = create_workspace("bench")
            workspace.fixed_today = TODAY
            workspace.save()
            with open_workspace(workspace):
                yield workspace
        finally:
            _use(usual)
            server.execute(drop)


def _use(name: str) -> None:
    getattr(connections["default"], "close_pool")()  # noqa: B009  (PostgreSQL only, unknown to the stubs)
    connections["default"].close()
    connection.settings_dict["NAME"] = name


def _server() -> str:
    facts = connection.settings_dict
    words = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    known = {word: str(facts[name]) for word, name in words.items() if facts[name]}
    return make_conninfo(dbname="postgres", **known)
