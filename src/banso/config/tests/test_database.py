"""Connections of pages: they give up in time, and so does PostgreSQL with them."""

import os
import time

import psycopg
import pytest
from psycopg_pool import ConnectionPool

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
        with pytest.raises(psycopg.Error):
            made.execute("SELECT pg_sleep(60)")
        assert made.closed


def test_after_one_wait_in_vain_no_idle_connection_of_the_pool_is_tried() -> None:
    with ConnectionPool(
        os.environ["DATABASE_URL"], connection_class=Hurried, min_size=3, open=True
    ) as pool:
        pool.wait(10)
        idle = [pool.getconn() for _n in range(3)]
        before = {one.info.backend_pid for one in idle}
        for one in idle[1:]:
            pool.putconn(one)
        with pytest.raises(psycopg.Error):
            idle[0].execute("SELECT pg_sleep(5)")
        pool.putconn(idle[0])
        pool.wait(10)
        after = [pool.getconn() for _n in range(3)]
        assert not before & {one.info.backend_pid for one in after}
        for one in after:
            pool.putconn(one)
