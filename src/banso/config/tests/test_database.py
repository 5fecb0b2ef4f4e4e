"""Connections of pages: they give up in time, and so does PostgreSQL with them."""

import os
import time

import psycopg
import pytest

from banso.config.database import PatientConnection


class Hurried(PatientConnection):
    seconds = 0.5


def test_a_transaction_of_which_nothing_comes_any_more_lets_its_locks_go() -> None:
    with Hurried.connect(os.environ["DATABASE_URL"]) as lost, pytest.raises(psycopg.Error):
        lost.execute("SELECT pg_advisory_xact_lock(20261122)")
        time.sleep(1)
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as other:
            found = other.execute("SELECT pg_try_advisory_xact_lock(20261122)").fetchone()
            assert found == (True,)
        lost.execute("SELECT 1")


def test_a_statement_that_takes_too_long_ends_its_connection() -> None:
    with Hurried.connect(os.environ["DATABASE_URL"]) as made:
        begin = time.monotonic()
        with pytest.raises(psycopg.Error):
            made.execute("SELECT pg_sleep(5)")
        assert time.monotonic() - begin < 3 and made.closed
