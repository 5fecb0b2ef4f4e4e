"""Readers by snapshot miss nothing, not even what their own transaction writes after it."""

import psycopg
from django.db import connection, transaction

from banso.core import sql
from banso.core.events import publish
from banso.core.models import Event, Workspace
from banso.core.snapshots import is_later, snapshot, written_since


def _later(then: str) -> list[str]:
    """Names of the test's events that the snapshot had not seen."""
    later, values = written_since(then)
    own = f"SELECT name FROM core_event WHERE workspace_id = %(workspace)s AND {later} ORDER BY id"  # noqa: S608
    names = [row[0] for row in sql.rows(own, values)]
    return [name for name in names if name.startswith("test.")]


def _another_transaction_commits() -> None:
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_current_xact_id()")


def test_what_we_write_after_the_snapshot_is_later_though_others_have_committed_since(
    acme: Workspace,
) -> None:
    publish("test.first", acme)  # our transaction has its number now
    _another_transaction_commits()
    then = snapshot()
    publish("test.second", acme)
    assert _later(then) == ["test.first", "test.second"]


def test_what_has_committed_before_the_snapshot_is_not_later(
    transactional_db: None, acme: Workspace
) -> None:
    publish("test.first", acme)
    then = snapshot()
    with transaction.atomic():
        publish("test.second", acme)
        _another_transaction_commits()
    assert _later(then) == ["test.second"]
    assert is_later(snapshot(), then) and not is_later(then, "no snapshot")


def test_what_our_own_transaction_wrote_before_the_snapshot_is_not_later(acme: Workspace) -> None:
    publish("test.first", acme)
    then = snapshot(Event)
    publish("test.second", acme)
    assert _later(then) == ["test.second"]
