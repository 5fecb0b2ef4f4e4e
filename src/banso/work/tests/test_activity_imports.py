"""A team moves in with its minutes: activities from files, tried, changed and undone."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.core.errors import Refused
from banso.core.imports import undoing
from banso.core.models import ImportedRow, Person, Workspace
from banso.core.tests.builders import events, fresh
from banso.customers.merges.merging import merge_customers
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Customer
from banso.customers.personal_data import erase as erase_contacts
from banso.customers.tests.builders import a_contact, a_customer
from banso.work import personal_data, queries, services
from banso.work.models import Activity, Attendee, Task
from banso.work.tests.builders import an_activity
from banso.work.tests.files import bring_in, counts, messages, try_out, written

SHORT = "顧客コード,日時,種別,件名"
HEAD = f"{SHORT},内容,決定事項,温度感,弊社担当,先方出席者,次回アクション,次回アクション日"


@pytest.fixture
def aoba(acme: Workspace) -> Customer:
    customer = a_customer("株式会社青葉", external_id="C-1", last_contact_on=date(2026, 6, 1))
    a_contact(customer, "山田 花子", email="hana@aoba.example")
    a_contact(customer, "佐藤 一郎")
    return customer


def names(activity: Activity) -> set[str]:
    rows = Attendee.objects.filter(activity=activity).select_related("contact", "member")
    return {(one.contact or one.member).name for one in rows if one.contact or one.member}


def test_minutes_from_excel_come_in_with_people_of_both_sides_and_a_next_step(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    line = 'C-1,2026/11/05 14:00,Zoom,定例会,"一行目\n二行目",値上げなし,○,鈴木坊,"山田様、佐藤部長",見積,2026-11-30'
    path = written(tmp_path, "活動記録.csv", HEAD, line)
    run, facts = bring_in(path, by=bob)
    assert (counts(facts), facts["errors"]) == ((1, 0, 0, 0), [])
    made = Activity.objects.select_related("next_step").get()
    assert (made.kind, made.title, made.mood) == ("meeting", "定例会", "good")
    assert (made.body, made.decisions) == ("一行目\n二行目", "値上げなし")
    assert made.happened_at == datetime(2026, 11, 5, 5, 0, tzinfo=UTC)
    assert names(made) == {"山田 花子", "佐藤 一郎", bob.name}
    assert made.next_step and made.next_step.title == "見積"
    assert made.next_step.due_on == date(2026, 11, 30)
    assert made.created_by_import == run and queries.search_activities(["定例"], limit=5) == [made]


def test_last_contact_moves_as_if_somebody_had_logged_it_and_events_tell(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    rows = ["C-1,2026/11/05,電話,あ", "C-1,2026/10/01,訪問,い", "C-1,2026/11/06,メモ,う"]
    bring_in(written(tmp_path, "活動記録.csv", SHORT, *rows), by=bob)
    assert fresh(aoba).last_contact_on == date(2026, 11, 5)
    told = events("work.activity_logged")
    assert {one.by for one in told} == {bob.pk} and len(told) == 3
    assert [one.facts["before"] for one in events("customers.customer_contacted")] == [
        "2026-06-01",
        "2026-11-05",
    ]
    services.delete_activity(Activity.objects.get(title="あ").pk)
    assert fresh(aoba).last_contact_on == date(2026, 10, 1)


def test_the_same_file_twice_changes_nothing(aoba: Customer, tmp_path: Path) -> None:
    rows = ["C-1,2026/11/05 10:00,電話,あ,本文", "C-1,2026/11/05 11:00,電話,,題のない本文"]
    path = written(tmp_path, "活動記録.csv", HEAD.partition(",決定")[0], *rows)
    assert counts(bring_in(path)[1]) == (2, 0, 0, 0)
    assert counts(bring_in(path)[1]) == (0, 0, 2, 0)
    assert {one.title for one in Activity.objects.all()} == {"あ", "題のない本文"}


def test_what_is_wrong_is_told_by_line_and_column_and_the_rest_comes_in(
    aoba: Customer, tmp_path: Path
) -> None:
    rows = [
        "C-9,2026/11/05,電話,あ",
        "C-1,2026/11/05,宴会,い",
        "C-1,2099/11/05,電話,う",
        "C-1,2026/11/05,電話,",
        "C-1,2026/11/05,電話,お",
    ]
    _run, facts = bring_in(written(tmp_path, "活動記録.csv", SHORT, *rows))
    assert counts(facts) == (1, 0, 0, 4)
    told = " ".join(messages(facts))
    for line, column in ((2, "顧客コード"), (3, "種別"), (4, "日時"), (5, "件名")):
        assert f"{line}行目「{column}」" in told


def test_names_that_nobody_has_do_not_keep_a_row_out_and_are_told_once(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    head = "顧客コード,日時,種別,件名,弊社担当,先方出席者"
    rows = [f"C-1,2026/11/0{n},電話,あ,退職者; 鈴木坊,山田; 謎の人" for n in range(1, 4)]
    _run, facts = bring_in(written(tmp_path, "活動記録.csv", head, *rows))
    assert counts(facts) == (3, 0, 0, 0)
    theirs, ours = (one["message"] for one in facts["notes"])
    assert theirs.count("謎の人") == ours.count("退職者") == 1
    assert all(names(one) == {bob.name, "山田 花子"} for one in Activity.objects.all())


def test_known_rows_take_what_the_file_says_and_blanks_overwrite_nothing(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    made = an_activity(aoba, body="本文", mood="bad", by=bob)
    head = "Banso ID,顧客コード,日時,種別,件名,内容,温度感,先方出席者"
    at = made.happened_at.astimezone(made.workspace.tz).strftime("%Y-%m-%d %H:%M")
    path = written(tmp_path, "x.csv", head, f"{made.pk},C-1,{at},電話,,,良い,山田様")
    facts = try_out(path)
    [shown] = facts["sample"]["changed"]
    assert sorted(shown["changes"]) == [["mood", "bad", "good"], ["their_people", "", "山田 花子"]]
    run, facts = bring_in(path, by=bob)
    assert counts(facts) == (0, 1, 0, 0)
    found = fresh(made)
    assert (found.title, found.body, found.mood) == (made.title, "本文", "good")
    assert names(made) == {"山田 花子", bob.name}
    undoing.undo_import(run.pk, by=bob)
    assert (fresh(made).mood, names(made)) == ("bad", {bob.name})


def test_undo_takes_everything_back_the_last_contact_too(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    own = an_activity(aoba, happened_at=datetime(2026, 9, 1, 3, tzinfo=UTC))
    head = "Banso ID,顧客コード,日時,種別,件名,次回アクション"
    rows = [",C-1,2026/11/05,電話,あ,見積", f"{own.pk},C-1,2026/11/10 12:00,訪問,い,お礼"]
    run, facts = bring_in(written(tmp_path, "活動記録.csv", head, *rows), by=bob)
    assert (counts(facts), fresh(aoba).last_contact_on) == ((1, 1, 0, 0), date(2026, 11, 10))
    undoing.undo_import(run.pk, by=bob)
    [left] = Activity.objects.all()
    assert (left.title, left.kind, left.next_step) == (own.title, "call", None)
    assert not Task.objects.exists() and fresh(aoba).last_contact_on == date(2026, 9, 1)
    services.delete_activity(own.pk)
    assert fresh(aoba).last_contact_on == date(2026, 6, 1)


@pytest.mark.parametrize("what", ["activity", "step"])
def test_undo_never_overwrites_what_somebody_did_meanwhile(
    aoba: Customer, bob: Person, tmp_path: Path, what: str
) -> None:
    head = "顧客コード,日時,種別,件名,次回アクション"
    run, _facts = bring_in(
        written(tmp_path, "活動記録.csv", head, "C-1,2026/11/05,電話,あ,見積"), by=bob
    )
    if what == "step":
        services.finish_task(Task.objects.get().pk, by=bob)
    else:
        services.edit_activity(Activity.objects.get().pk, changes={"mood": "good"}, by=bob)
    with pytest.raises(Refused) as refusal:
        undoing.undo_import(run.pk, by=bob)
    assert refusal.value.code == "changed_since" and Activity.objects.exists()


def test_a_next_step_that_is_a_task_already_is_changed_there(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    made = an_activity(aoba, next_step=services.NextStep("見積"), by=bob)
    head = "Banso ID,顧客コード,日時,種別,次回アクション"
    at = made.happened_at.astimezone(made.workspace.tz).strftime("%Y-%m-%d %H:%M")
    same = written(tmp_path, "活動記録.csv", head, f"{made.pk},C-1,{at},電話,見積")
    assert counts(bring_in(same)[1]) == (0, 0, 1, 0)
    other = written(tmp_path, "活動記録.csv", head, f"{made.pk},C-1,{at},電話,お礼")
    _run, facts = bring_in(other)
    assert counts(facts) == (0, 0, 0, 1) and "次回アクション" in messages(facts)[0]


def test_ids_of_nobody_and_of_other_customers_are_refused(
    aoba: Customer, other_workspace: Workspace, tmp_path: Path
) -> None:
    a_customer("若葉", external_id="C-2")
    made = an_activity(aoba)
    head, end = "Banso ID,顧客コード,日時,種別,件名", "2026/11/05,電話,あ"
    rows = [f"01a00000-0000-7000-8000-000000000000,C-1,{end}", f"{made.pk},C-2,{end}"]
    _run, facts = bring_in(written(tmp_path, "活動記録.csv", head, *rows))
    assert counts(facts) == (0, 0, 0, 2)
    told = messages(facts)
    assert "Banso ID" in told[0] and "顧客コード" in told[1]


def test_ids_of_the_source_lead_to_the_row_and_are_given_once(
    aoba: Customer, tmp_path: Path
) -> None:
    head = "外部ID,顧客コード,日時,種別,件名"
    bring_in(written(tmp_path, "活動記録.csv", head, "A-1,C-1,2026/11/05,電話,あ"))
    _run, facts = bring_in(
        written(tmp_path, "活動記録.csv", head, "A-1,C-1,2026/11/05,電話,新しい題")
    )
    assert counts(facts) == (0, 1, 0, 0) and Activity.objects.get().title == "新しい題"
    old = Activity.objects.get()
    services.delete_activity(old.pk)
    bring_in(written(tmp_path, "活動記録.csv", head, "A-1,C-1,2026/11/05,電話,あ"))
    with pytest.raises(Refused):
        services.restore_activity(old.pk)


def test_reading_many_rows_takes_no_more_statements_than_reading_few(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    head = "顧客コード,日時,種別,件名,弊社担当,先方出席者,次回アクション"

    def statements(name: str, count: int, hour: int) -> int:
        rows = [
            f"C-1,2026/11/05 {hour}:{n:02},電話,題{n},鈴木坊,山田様,宿題{n}" for n in range(count)
        ]
        with CaptureQueriesContext(connection) as seen:
            _run, facts = bring_in(written(tmp_path, name, head, *rows))
        assert counts(facts) == (count, 0, 0, 0)
        return len(seen)

    few, many = statements("活動記録.csv", 25, 10), statements("活動記録.csv", 50, 11)
    assert many <= few + 2


def test_who_is_erased_is_gone_from_what_an_undo_would_bring_back(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    hana = aoba.contacts.get(email="hana@aoba.example")
    made = an_activity(aoba, title="山田花子さんと", contact_ids=[hana.pk])
    head = "Banso ID,顧客コード,日時,種別,件名,先方出席者"
    at = made.happened_at.astimezone(made.workspace.tz).strftime("%Y-%m-%d %H:%M")
    path = written(tmp_path, "活動記録.csv", head, f"{made.pk},C-1,{at},電話,定例,佐藤")
    run, _facts = bring_in(path)
    personal_data.erase(hana)
    erase_contacts("hana@aoba.example")
    assert "山田" not in str(list(ImportedRow.objects.values_list("before", flat=True)))
    undoing.undo_import(run.pk, by=bob)
    assert "山田" not in fresh(made).title and names(made) == set()


def test_minutes_of_a_company_that_became_one_with_another_go_with_it_and_back(
    aoba: Customer, bob: Person, tmp_path: Path
) -> None:
    old = a_customer("青葉（旧）", external_id="C-2")
    merge = merge_customers(aoba.pk, merged_id=old.pk, by=bob)
    path = written(tmp_path, "活動記録.csv", SHORT, "C-2,2026/11/05,電話,あ")
    assert counts(bring_in(path)[1]) == (1, 0, 0, 0)
    made = Activity.objects.get()
    assert made.customer == aoba
    unmerge(merge.pk, by=bob)
    assert fresh(made).customer == old
