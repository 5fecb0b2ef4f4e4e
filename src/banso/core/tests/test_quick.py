"""Prepared statements that are asked together."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, transaction

from banso.core.models import Workspace
from banso.core.quick import Moments, Uuids, quick, quick_all
from banso.core.scope import NoWorkspaceOpen, open_workspace
from banso.core.sql import UnscopedSql

OURS = "SELECT %(workspace)s::uuid"


def test_the_open_workspace_is_a_value_of_every_statement(acme: Workspace) -> None:
    assert quick(OURS) == [(acme.pk,)]
    with pytest.raises(UnscopedSql):
        quick("SELECT 1")
    assert quick("SELECT 1", reason="a number") == [(1,)]


def test_without_an_open_workspace_nothing_is_asked() -> None:
    with pytest.raises(NoWorkspaceOpen):
        quick(OURS)


def test_values_come_back_as_they_went(acme: Workspace) -> None:
    told = {
        "at": datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
        "id": uuid4(),
        "text": "株式会社 50%",
    }
    sql = f"{OURS}, %(at)s::timestamptz, %(id)s::uuid, %(text)s::text, %(text)s::text || '%'"
    ((_ours, at, key, text, longer),) = quick(sql, told)
    assert (at, key, text, longer) == (*told.values(), "株式会社 50%%")


def test_uuids_that_were_packed_are_those_that_were_meant(acme: Workspace) -> None:
    for ids in ([], [uuid4()], [uuid4() for _n in range(100)]):
        told = {"ids": Uuids.of([one.bytes for one in ids])}
        assert quick(f"{OURS}, %(ids)s::uuid[]", told) == [(acme.pk, ids)]


def test_moments_that_were_packed_are_those_that_were_meant(acme: Workspace) -> None:
    tokyo = timezone(timedelta(hours=9))
    for moments in (
        [],
        [datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC)],
        [datetime(2026, 11, 23, 8, 0, 0, 1, tokyo), datetime(2000, 1, 1, tzinfo=UTC)],
    ):
        assert quick(f"{OURS}, %(at)s::timestamptz[]", {"at": Moments.of(moments)}) == [
            (acme.pk, moments)
        ]


def test_a_statement_is_prepared_once_for_each_type_of_its_values(acme: Workspace) -> None:
    sql = f"{OURS}, %(n)s + 1"
    assert [quick(sql, {"n": n})[0][1] for n in (1, 70_000, 2, 5_000_000_000)] == [
        2,
        70_001,
        3,
        5_000_000_001,
    ]


def test_several_statements_see_each_others_rows_in_one_transaction(acme: Workspace) -> None:
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        (f"CREATE TEMP TABLE kept AS {OURS} AS owner", {}),
        ("SELECT count(*) FROM kept WHERE owner = %(workspace)s", {}),
    )
    with transaction.atomic():
        assert quick_all(asked[0]) == [[]]
        assert quick_all(asked[1], asked[1]) == [[(1,)], [(1,)]]
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_after_a_refusal_the_connection_goes_on(acme: Workspace) -> None:
    sql = f"{OURS}, 1 / %(n)s"
    with pytest.raises(DataError), transaction.atomic():
        quick_all((OURS, {}), (sql, {"n": 0}), (f"{OURS}, 2", {}))
    with transaction.atomic():
        assert [rows[0][1:] for rows in quick_all((sql, {"n": 1}), (f"{OURS}, 2", {}))] == [
            (1,),
            (2,),
        ]


@pytest.mark.django_db(transaction=True)
def test_after_a_refusal_what_was_prepared_before_still_is(acme: Workspace) -> None:
    sql, division = f"{OURS}, 3 AS three", f"{OURS}, 2 / %(n)s"
    quick(sql)
    with pytest.raises(DataError):
        quick_all((division, {"n": 0}), (f"{OURS}, 4", {}))
    assert (quick(sql)[0][1], quick(division, {"n": 1})[0][1]) == (3, 2)
    held = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS three'"
    assert quick(held, reason="the connection's own") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_begins_with_it_is_undone_whole(acme: Workspace) -> None:
    name = "UPDATE core_workspace SET name = 'x' WHERE id = %(workspace)s"
    with transaction.atomic():
        quick(name)
        transaction.set_rollback(True)
    acme.refresh_from_db()
    assert acme.name != "x"
    with open_workspace(acme):
        quick(name)  # outside a transaction each call is one
    acme.refresh_from_db()
    assert acme.name == "x"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_several_statements_are_one_together(acme: Workspace) -> None:
    rename = "UPDATE core_workspace SET name = %(name)s WHERE id = %(workspace)s"
    with pytest.raises(DataError):
        quick_all((rename, {"name": "x"}), (f"{OURS}, 1 / %(n)s", {"n": 0}))
    assert quick(f"{OURS}, name FROM core_workspace", {})[0][1] == acme.name
    quick_all((rename, {"name": "x"}), (OURS, {}))
    assert quick(f"{OURS}, name FROM core_workspace", {})[0][1] == "x"


@pytest.mark.django_db(transaction=True)
def test_what_only_the_end_of_their_transaction_refuses_is_raised(acme: Workspace) -> None:
    quick("CREATE TEMP TABLE one (id int PRIMARY KEY)", reason="a test")
    later = "CREATE TEMP TABLE other (one int REFERENCES one DEFERRABLE INITIALLY DEFERRED)"
    quick(later, reason="a test")
    refer = f"INSERT INTO other SELECT 1 WHERE {OURS.removeprefix('SELECT')} IS NOT NULL"
    with pytest.raises(IntegrityError):
        quick_all((refer, {}), (OURS, {}))
    assert quick("SELECT count(*) FROM other", reason="a test") == [(0,)]
    assert quick_all((OURS, {})) == [[(acme.pk,)]]
