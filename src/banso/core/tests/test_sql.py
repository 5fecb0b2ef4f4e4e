import pytest
from django.db import transaction

from banso.core import sql
from banso.core.models import CompanyDay, Workspace
from banso.core.scope import NoWorkspaceOpen, open_workspace
from banso.core.tests.builders import TODAY

COUNT = "SELECT count(*) FROM core_companyday WHERE workspace_id = %(workspace)s"


def test_sql_sees_the_open_workspace_only(acme: Workspace, other_workspace: Workspace) -> None:
    CompanyDay.objects.create(day=TODAY, name="創立記念日")
    assert sql.rows(COUNT) == [(1,)]
    with open_workspace(other_workspace):
        assert sql.rows(COUNT) == [(0,)]


def test_a_caller_cannot_name_another_workspace(
    acme: Workspace, other_workspace: Workspace
) -> None:
    CompanyDay.objects.create(day=TODAY, name="創立記念日")
    assert sql.rows(COUNT, {"workspace": other_workspace.pk}) == [(1,)]


def test_sql_that_forgets_the_workspace_is_refused(acme: Workspace) -> None:
    for door in (sql.run, sql.rows):
        with pytest.raises(sql.UnscopedSql):
            door("SELECT count(*) FROM core_companyday")


def test_no_sql_runs_while_no_workspace_is_open(db: None) -> None:
    with pytest.raises(NoWorkspaceOpen):
        sql.run(COUNT)


def test_run_tells_how_many_rows_it_touched(acme: Workspace) -> None:
    CompanyDay.objects.create(day=TODAY, name="創立記念日")
    assert sql.run("DELETE FROM core_companyday WHERE workspace_id = %(workspace)s") == 1


def test_passing_the_wall_needs_a_reason(db: None) -> None:
    with pytest.raises(sql.UnscopedSql):
        sql.run_for_all("SELECT 1", reason="")
    assert sql.run_for_all("SELECT 1 + %(n)s", {"n": 1}, reason="a test") == [(2,)]


def test_staged_rows_stand_in_a_table_that_leaves_with_the_transaction(acme: Workspace) -> None:
    odd = 'タブ\t改行\n"引用" \\N'
    with transaction.atomic():
        assert sql.stage("incoming", {"n": "int4", "text": "text"}, [(1, odd), (2, None)]) == 2
        found = sql.rows("SELECT n, text FROM incoming WHERE %(workspace)s IS NOT NULL ORDER BY n")
    assert found == [(1, odd), (2, None)]


def test_staging_the_same_name_again_starts_empty(acme: Workspace) -> None:
    sql.stage("incoming", {"n": "int4"}, [(1,)])
    assert sql.stage("incoming", {"n": "int4"}, []) == 0
    assert sql.rows("SELECT n FROM incoming WHERE %(workspace)s IS NOT NULL") == []
