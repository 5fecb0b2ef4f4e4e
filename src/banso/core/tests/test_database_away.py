"""A connection that dies at any step raises what becomes 503, whoever was using it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from banso.core import sql
from banso.core.errors import DATABASE_AWAY
from banso.core.jobs import enqueue, enqueue_once
from banso.core.models import Workspace
from banso.core.quick import quick
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_workspace


@pytest.fixture
def ours(transactional_db: None) -> Iterator[Workspace]:
    with open_workspace(a_workspace()) as workspace:
        yield workspace
    connection.close()


def our_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def be_cut(pid: int) -> None:
    """The server ends our connection; we have not noticed yet."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Workspace.objects.count(),
        lambda: quick("SELECT %(workspace)s::uuid"),
        lambda: enqueue("core.deliver_mail", mail="x"),
        lambda: enqueue_once("core.deliver_mail", lock="x", mail="x"),
    ],
    ids=["a query", "a prepared statement", "a job", "a job of which one is enough"],
)
def test_a_cut_connection_is_a_database_that_is_away(
    ours: Workspace, ask: Callable[[], Any]
) -> None:
    with pytest.raises(DATABASE_AWAY), transaction.atomic():
        be_cut(our_pid())
        ask()


def test_a_connection_that_is_cut_while_rows_are_copied_is_a_database_that_is_away(
    ours: Workspace,
) -> None:
    pid = our_pid()

    def copied() -> Iterator[tuple[int]]:
        yield (1,)
        be_cut(pid)
        yield from ((n,) for n in range(100_000))

    with pytest.raises(DATABASE_AWAY), transaction.atomic():
        sql.stage("kept", {"n": "int4"}, copied())
