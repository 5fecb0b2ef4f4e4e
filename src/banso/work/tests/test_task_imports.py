"""Open tasks from Excel: brought in, kept true, undone."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.core.errors import Refused
from banso.core.imports import undoing
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member, events, fresh
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contact, a_customer
from banso.work import personal_data, services
from banso.work.models import Task
from banso.work.tests.builders import a_task
from banso.work.tests.files import bring_in, counts, messages, try_out, written

HEAD = "顧客コード,タスク名,ステータス,期日,担当者,先方,備考"


@pytest.fixture
def aoba(acme: Workspace) -> Customer:
    customer = a_customer("株式会社青葉", external_id="C-1")
    a_contact(customer, "山田 花子", email="hana@aoba.example")
    return customer


def test_tasks_from_excel_come_in_open_and_done(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    rows = ["C-1,見積を送る,未着手,2026/12/01,鈴木　坊,山田様,急ぎ", ",経費精算,済,,,,"]
    run, facts = bring_in(written(tmp_path, "タスク.csv", HEAD, *rows), by=bob)
    assert (counts(facts), facts["errors"]) == ((2, 0, 0, 0), [])
    first, second = Task.objects.order_by("pk")
    assert (first.customer, first.owner, first.due_on) == (aoba, bob, date(2026, 12, 1))
    assert first.contact and (first.contact.name, first.note) == ("山田 花子", "急ぎ")
    assert (first.done_at, second.customer, second.done_by) == (None, None, bob)
    assert {one.by for one in events("work.task_opened")} == {bob.pk}
    assert [one.subject_id for one in events("work.task_finished")] == [str(second.pk)]
    undoing.undo_import(run.pk, by=bob)
    assert not Task.objects.exists()


def test_the_same_file_twice_changes_nothing(aoba: Customer, tmp_path: Path) -> None:
    path = written(tmp_path, "タスク.csv", HEAD, "C-1,見積,,2026/12/01,,,", ",見積,,,,,")
    assert counts(bring_in(path)[1]) == (2, 0, 0, 0)
    assert counts(bring_in(path)[1]) == (0, 0, 2, 0)


def test_what_is_wrong_is_told_by_line_and_column(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    a_member("twin@acme.example", name=bob.name)
    rows = [
        "C-9,あ,,,,,",
        "C-1,い,いつか,,,,",
        "C-1,う,,,鈴木坊,,",
        "C-1,え,,,誰か,,",
        "C-1,お,,,,誰か,",
        f"C-1,{'か' * 201},,,,,",
        "C-1,き,,,bob@acme.example,,",
    ]
    _run, facts = bring_in(written(tmp_path, "タスク.csv", HEAD, *rows))
    assert counts(facts) == (1, 0, 0, 6)
    told = " ".join(messages(facts))
    columns = ("顧客コード", "ステータス", "担当者", "担当者", "先方", "タスク名")
    for line, column in enumerate(columns, 2):
        assert f"{line}行目「{column}」" in told


def test_a_file_changes_and_finishes_a_task_but_opens_none_again(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    task = a_task("電話する", customer_id=aoba.pk, note="急ぎ")
    head = "Banso ID,タスク名,ステータス,担当者,備考"
    path = written(tmp_path, "タスク.csv", head, f"{task.pk},折り返す,完了,鈴木坊,")
    [shown] = try_out(path)["sample"]["changed"]
    assert sorted(shown["changes"]) == [
        ["owner", "", bob.name],
        ["state", "open", "done"],
        ["title", "電話する", "折り返す"],
    ]
    run, facts = bring_in(path, by=bob)
    found = fresh(task)
    assert (counts(facts), found.title, found.note) == ((0, 1, 0, 0), "折り返す", "急ぎ")
    assert (found.owner, found.done_by) == (bob, bob)
    again = written(tmp_path, "タスク.csv", head, f"{task.pk},折り返す,未完了,,")
    assert counts(bring_in(again)[1]) == (0, 0, 1, 0) and fresh(task).done_at
    undoing.undo_import(run.pk, by=bob)
    found = fresh(task)
    assert (found.title, found.owner, found.done_at) == ("電話する", None, None)


def test_undo_never_overwrites_what_somebody_did_meanwhile(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    run, _facts = bring_in(written(tmp_path, "タスク.csv", HEAD, "C-1,見積,,,,,"), by=bob)
    services.finish_task(Task.objects.get().pk, by=bob)
    with pytest.raises(Refused):
        undoing.undo_import(run.pk, by=bob)
    assert Task.objects.get().done_at


def test_a_task_of_another_workspace_or_customer_is_refused(
    aoba: Customer, other_workspace: Workspace, tmp_path: Path
) -> None:
    with open_workspace(other_workspace):
        theirs = a_task("秘密")
    ours = a_task("電話する", customer_id=aoba.pk)
    a_customer("若葉", external_id="C-2")
    head = "Banso ID,顧客コード,タスク名"
    rows = [f"{theirs.pk},C-1,盗む", f"{ours.pk},C-2,移す"]
    _run, facts = bring_in(written(tmp_path, "タスク.csv", head, *rows))
    assert counts(facts) == (0, 0, 0, 2)
    assert str(theirs.pk) in messages(facts)[0] and "顧客コード" in messages(facts)[1]
    with open_workspace(other_workspace):
        assert fresh(theirs).title == "秘密"


def test_reading_many_rows_takes_no_more_statements_than_reading_few(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    def statements(count: int) -> int:
        rows = [f"C-1,仕事{count}-{n},,,鈴木坊,山田様," for n in range(count)]
        with CaptureQueriesContext(connection) as seen:
            _run, facts = bring_in(written(tmp_path, "タスク.csv", HEAD, *rows))
        assert counts(facts) == (count, 0, 0, 0)
        return len(seen)

    few, many = statements(25), statements(50)
    assert many <= few + 2


def test_a_person_is_told_of_tasks_about_them_and_can_be_forgotten(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    hana = aoba.contacts.get()
    task = a_task("山田花子様に電話", customer_id=aoba.pk, contact_id=hana.pk)
    head = "Banso ID,顧客コード,タスク名"
    run, _facts = bring_in(written(tmp_path, "タスク.csv", head, f"{task.pk},C-1,山田 花子へ"))
    assert [row["title"] for row in personal_data.export(hana)] == ["山田 花子へ"]
    assert personal_data.erase(hana) == 1
    assert (fresh(task).title, fresh(task).contact) == ("—へ", None)
    undoing.undo_import(run.pk, by=bob)
    assert fresh(task).title == "—様に電話"
