"""Files that come by themselves: taken when whole, once, and told of; missing ones told, too."""

import os
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from banso.core.errors import Refused
from banso.core.models import (
    ArrivedFile,
    ImportRun,
    Membership,
    Person,
    RepeatedImport,
    Workspace,
)
from banso.core.tests.builders import drain_jobs, fresh
from banso.customers.models import Contact, Contract, Customer
from banso.customers.tests.builders import a_customer, a_master
from banso.office.connections import arrivals, services, vanished
from banso.office.connections.repeated import Setup, save_repeated_import
from banso.office.connections.tests.builders import a_repeated_import
from banso.work.models import Task
from banso.work.wording import task_title

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2030, 1, 7, 5, 0, tzinfo=TOKYO)  # so late that every file is old
HEAD = '"取引先 ID","取引先名","業種","従業員数","取引先 所有者"\n'
FOOTER = """

"総計 (2 件のレコード)"

"Confidential Information - Do Not Distribute"
"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
"""
AOBA, WAKABA = "001A0000006Vm9r", "001A0000006Vm9s"
ROWS = f'"{AOBA}","株式会社青葉","小売","120","営業 太郎"\n"{WAKABA}","若葉商事","物流","","営業 太郎"\n'
Drop = Callable[..., Path]


@pytest.fixture(autouse=True)
def own_places(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.DATA = tmp_path / "files", tmp_path
    settings.IMPORT_FOLDERS = []


@pytest.fixture
def monday(acme: Workspace, alice: Person) -> RepeatedImport:
    """Expected every Monday at five since a week ago; Alice hears of it."""
    one = a_repeated_import(tells_id=alice.pk, weekdays=(0,))
    RepeatedImport.objects.update(since=MONDAY - timedelta(days=3))
    return fresh(one)


@pytest.fixture
def drop(acme: Workspace, tmp_path: Path) -> Drop:
    """Writes a file into the workspace's own folder."""

    def write(text: str = HEAD + ROWS + FOOTER, name: str = "report1.csv") -> Path:
        folder = tmp_path / "inbox" / str(acme.pk)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_text(text)
        return path

    return write


def look(at: datetime = MONDAY + timedelta(minutes=5)) -> None:
    """The clock strikes, the worker works, and the clock strikes again."""
    arrivals.look_for_files(now=at)
    drain_jobs()
    arrivals.look_for_files(now=at)


def subjects() -> list[str]:
    return [str(one.subject) for one in mail.outbox]


def test_mondays_file_is_imported_and_told_before_anybody_comes(
    monday: RepeatedImport, drop: Drop, alice: Person
) -> None:
    drop()
    look(MONDAY - timedelta(minutes=1))
    assert not ImportRun.objects.exists()
    look()
    assert sorted(Customer.objects.values_list("name", "source", "source_id")) == [
        ("株式会社青葉", "salesforce", "001A0000006Vm9rIAC"),
        ("若葉商事", "salesforce", "001A0000006Vm9sIAC"),
    ]
    report = ImportRun.objects.get().report["tables"][0]
    assert (report["read"], report["created"], report["errors"]) == (2, 2, [])
    [told] = mail.outbox
    assert told.to == [alice.email]
    assert told.subject == "Salesforceの取引先：新規2件、変更0件、エラー0件、消えた行0件"
    assert "report1.csv" in told.body and "/imports/" in told.body
    assert "総計 (2 件のレコード)" in told.body  # what was left out below the rows
    assert not Task.objects.exists()  # there is nothing to do


def test_a_file_is_taken_once_however_often_it_lies_there(
    monday: RepeatedImport, drop: Drop
) -> None:
    path = drop()
    look()
    os.utime(path, (1_800_000_000, 1_800_000_000))
    drop(name="copy.csv")
    look(MONDAY + timedelta(days=7, minutes=5))
    assert ImportRun.objects.count() == 1 and ArrivedFile.objects.count() == 3
    assert "前と同じ内容" in subjects()[-1] and path.exists()


def test_errors_and_vanished_rows_are_told_and_nothing_is_deleted(
    monday: RepeatedImport, drop: Drop, alice: Person
) -> None:
    drop()
    look()
    text = HEAD + f'"{AOBA}","株式会社青葉","小売","多数",""\n' + FOOTER
    drop(text, "report2.csv")
    look(MONDAY + timedelta(days=7, minutes=5))
    assert Customer.objects.count() == 2
    [row] = vanished.listed(monday)
    assert row["name"] == "若葉商事"  # a row that could not be read is still there
    told = mail.outbox[-1].body
    assert "若葉商事" in told and "従業員数" in told
    [task] = Task.objects.all()
    assert task.owner == alice and "エラー1件、消えた行1件" in task_title(task)
    drop(HEAD + ROWS.replace("小売", "卸売"), "report3.csv")
    look(MONDAY + timedelta(days=14, minutes=5))
    assert vanished.listed(monday) == [] and "消えた行0件" in subjects()[-1]


def test_a_file_that_does_not_come_is_told_once_and_taken_when_it_comes(
    monday: RepeatedImport, drop: Drop
) -> None:
    look(MONDAY + timedelta(minutes=50))
    assert subjects() == []
    for minutes in (65, 70, 600):
        look(MONDAY + timedelta(minutes=minutes))
    assert subjects() == ["Salesforceの取引先：ファイルが届いていません"]
    [task] = Task.objects.all()
    assert "2030/01/07 05:00" in task_title(task)
    drop()
    look(MONDAY + timedelta(hours=11))
    assert Customer.objects.count() == 2 and fresh(task).done_at is not None


@pytest.mark.parametrize(
    ("hour", "told"), [(0, "01:00"), (5, "06:00"), (7, "07:30"), (9, "10:00"), (23, "00:00")]
)
def test_news_of_the_night_are_there_before_eight(hour: int, told: str) -> None:
    ends = arrivals.patience_ends(MONDAY.replace(hour=hour))
    assert f"{ends:%H:%M}" == told


def test_every_few_hours_a_file_is_missed_once_a_day(acme: Workspace, alice: Person) -> None:
    a_repeated_import(at_hour=None, every_hours=6, tells_id=alice.pk)
    RepeatedImport.objects.update(since=MONDAY)
    for hours in range(1, 60, 6):
        look(MONDAY + timedelta(hours=hours))
    assert len(subjects()) == 2


def test_a_file_that_cannot_be_read_is_told_and_can_be_tried_again(
    monday: RepeatedImport, drop: Drop
) -> None:
    path = drop("なにか,べつの\n1,2\n")
    look()
    assert subjects() == ["Salesforceの取引先：ファイルを取り込めませんでした"]
    [file] = ArrivedFile.objects.all()
    assert file.trouble and "取り込めませんでした" in task_title(Task.objects.get())
    path.write_text(HEAD + ROWS)
    arrivals.look(monday.pk, asked=True, now=MONDAY + timedelta(minutes=30))
    drain_jobs()
    assert Customer.objects.count() == 2


def test_when_whoever_hears_has_left_the_owners_do(
    acme: Workspace, alice: Person, bob: Person, drop: Drop
) -> None:
    a_repeated_import(tells_id=bob.pk)
    RepeatedImport.objects.update(since=MONDAY - timedelta(days=1))
    Membership.objects.filter(person=bob).delete()
    drop()
    look()
    assert [one.to for one in mail.outbox] == [[alice.email]]


def test_paused_ones_wait(monday: RepeatedImport, drop: Drop, alice: Person) -> None:
    RepeatedImport.objects.update(paused_at=MONDAY)
    drop()
    look()
    assert not ArrivedFile.objects.exists()


def test_what_the_master_keeps_comes_by_its_file_and_by_no_other(
    monday: RepeatedImport, drop: Drop, alice_client: Client
) -> None:
    a_master("salesforce")
    drop()
    look()
    drop((HEAD + ROWS).replace("小売", "卸売"), "report2.csv")
    look(MONDAY + timedelta(days=7, minutes=5))
    aoba = Customer.objects.get(source_id="001A0000006Vm9rIAC")
    assert aoba.industry == "卸売"
    a_repeated_import(name="手作業", mapping="", pattern="own*.csv")
    RepeatedImport.objects.update(since=MONDAY)
    drop(f"id,name,industry,employees\n{aoba.pk},{aoba.name},医療,7\n", "own.csv")
    look(MONDAY + timedelta(days=14, minutes=5))
    assert (fresh(aoba).industry, fresh(aoba).employees) == ("卸売", 120)
    [error] = ImportRun.objects.latest("created_at").report["tables"][0]["errors"]
    assert "Salesforce が正です" in error["params"]["reason"]


def test_people_and_won_deals_of_a_report_find_their_customer(acme: Workspace, drop: Drop) -> None:
    aoba = a_customer("青葉", source="salesforce", source_id=AOBA)
    for table, pattern in (("contacts", "people*"), ("contracts", "deals*")):
        a_repeated_import(name=table, table=table, pattern=pattern)
    RepeatedImport.objects.update(since=MONDAY - timedelta(days=1))
    drop(
        "Contact ID,First Name,Last Name,Title,Account ID,Email\n"
        f"003A0000006Vm9r,Hana,Yamada,CTO,{AOBA}IAC,hana@aoba.example\n",
        "people.csv",
    )
    drop(
        "商談 ID,商談名,フェーズ,取引先 ID,商品名,契約開始日,合計金額,数量\n"
        f'006A0000006Vm9r,更新,成立,{AOBA},伴走,2026/04/01,"1,200,000",30\n'
        f"006A0000006Vm9s,未定,提案,{AOBA},伴走,,未定,\n",
        "deals.csv",
    )
    look()
    assert Contact.objects.get().name == "Hana Yamada" and Contact.objects.get().customer == aoba
    contract = Contract.objects.get()
    assert (contract.customer, contract.amount, contract.seats) == (aoba, 1_200_000, 30)
    reports = {
        run.report["tables"][0]["table"]: run.report["tables"][0] for run in ImportRun.objects.all()
    }
    assert reports["contracts"]["skipped"] == 1 and reports["contracts"]["errors"] == []


def test_refused_files_are_tried_again_once_the_setup_is_mended(
    monday: RepeatedImport, drop: Drop, alice: Person
) -> None:
    drop("取引先コード,社名\nA-1,青葉\n")
    look()
    assert not Customer.objects.exists() and ImportRun.objects.get().state == "draft"
    mended = {**as_set_up(monday), "mapping": ""}
    save_repeated_import(Setup(**mended), repeated_import_id=monday.pk, by=alice)
    assert arrivals.look(monday.pk, asked=True, now=MONDAY + timedelta(hours=1)) == 1
    drain_jobs()
    assert Customer.objects.get().name == "青葉" and ImportRun.objects.get().state == "done"


def as_set_up(one: RepeatedImport) -> dict[str, Any]:
    names = [field.name for field in fields(Setup)]
    return {**{name: getattr(one, name, None) for name in names}, "source": ""}


def test_a_file_is_read_as_an_import_before_it(acme: Workspace, alice: Person, drop: Drop) -> None:
    a_repeated_import(mapping="", pattern="first*", tells_id=alice.pk)
    drop("id_there,name,since\n1,青葉,13/04/2026\n".replace("id_there", "external_id"), "first.csv")
    RepeatedImport.objects.update(since=MONDAY - timedelta(days=1))
    look()
    before = ImportRun.objects.get()
    like = a_repeated_import(mapping=f"run:{before.pk}", pattern="next*", source="crm")
    RepeatedImport.objects.update(since=MONDAY - timedelta(days=1))
    assert like.mapped_like == "first.csv"
    drop("external_id,name,since\n2,若葉,03/04/2026\n", "next.csv")
    look(MONDAY + timedelta(days=1))
    wakaba = Customer.objects.get(external_id="2")
    assert (str(wakaba.since), wakaba.source) == ("2026-04-03", "crm")


def test_a_table_is_not_read_by_another_ones_columns(monday: RepeatedImport) -> None:
    other = {**as_set_up(monday), "table": "contacts", "mapping": None}
    with pytest.raises(Refused):
        save_repeated_import(Setup(**other), repeated_import_id=monday.pk, by=None)


def test_it_is_set_up_seen_paused_and_deleted_on_its_pages(
    alice_client: Client, bob_client: Client, alice: Person, drop: Drop
) -> None:
    sent = {
        "name": "毎週月曜", "place": "inbox", "pattern": "*.csv", "table": "customers",
        "mapping": "mapping:salesforce", "source": "", "is_whole": "on", "hours": "at:5",
        "weekdays": ["0"], "tells": str(alice.pk),
    }  # fmt: skip
    place = alice_client.post("/imports/repeated/new/", sent)["Location"]
    drop()
    RepeatedImport.objects.update(since=MONDAY - timedelta(days=1))
    look()
    shown = alice_client.get(place).content.decode()
    assert "report1.csv" in shown and "salesforce" in shown and "月" in shown
    assert bob_client.get(place).status_code == 200
    assert bob_client.post(f"{place}look/").status_code == 403
    assert alice_client.post(f"{place}edit/", {**sent, "folder": "../x"}).status_code == 422
    again = {**sent, "mapping": "kept", "hours": "every:6", "weekdays": []}
    assert alice_client.post(f"{place}edit/", again).status_code == 302
    assert "6時間ごと" in alice_client.get("/imports/repeated/").content.decode()
    for paused in ("1", "1", "0"):
        alice_client.post(f"{place}pause/", {"paused": paused})
    assert RepeatedImport.objects.get().paused_at is None
    assert alice_client.post(f"{place}remove/").status_code == 302
    assert not RepeatedImport.objects.exists() and Customer.objects.count() == 2


def test_looking_now_reads_no_file_in_the_request_and_the_page_follows_it(
    monday: RepeatedImport, drop: Drop, alice_client: Client
) -> None:
    drop()
    place = f"/imports/repeated/{monday.pk}/"
    for _twice in range(2):
        assert alice_client.post(f"{place}look/").status_code == 302
    assert not ArrivedFile.objects.exists()
    shown = alice_client.get(place).content.decode()
    assert "ファイルを探しています" in shown and 'hx-trigger="every 1s"' in shown
    arrivals.look_as_asked(monday.pk, now=MONDAY - timedelta(hours=1))
    part = alice_client.get(place, headers={"HX-Request": "true"}).content.decode()
    assert "取り込み中" in part and "<html" not in part and 'hx-trigger="every 1s"' in part
    drain_jobs()  # the job of the request finds itself answered
    shown = alice_client.get(place).content.decode()
    assert Customer.objects.count() == 2 and ArrivedFile.objects.count() == 1
    assert "1件のファイルを受け取りました" in shown and 'hx-trigger="every 1s"' not in shown


def test_where_nothing_new_lies_the_page_says_so(
    monday: RepeatedImport, alice_client: Client
) -> None:
    place = f"/imports/repeated/{monday.pk}/"
    alice_client.post(f"{place}look/")
    drain_jobs()
    shown = alice_client.get(place).content.decode()
    assert "新しいファイルはありませんでした" in shown and 'hx-trigger="every 1s"' not in shown


def test_a_look_that_was_never_answered_can_be_asked_for_again(monday: RepeatedImport) -> None:
    RepeatedImport.objects.update(asked_at=timezone.now() - arrivals.GIVES_UP)
    assert not arrivals.is_looking(fresh(monday))
    arrivals.ask_to_look(monday.pk)
    assert arrivals.is_looking(fresh(monday))


def test_what_was_taken_back_comes_again_with_the_next_file(
    monday: RepeatedImport, drop: Drop, alice: Person
) -> None:
    drop()
    look()
    services.undo(ImportRun.objects.get().pk, by=alice)
    assert not Customer.objects.exists()
    look(MONDAY + timedelta(days=7, minutes=5))  # what lies there was read, and is not forced back
    assert not Customer.objects.exists()
    drop(name="report2.csv")
    look(MONDAY + timedelta(days=7, minutes=10))
    assert Customer.objects.count() == 2 and ImportRun.objects.count() == 2
    drop(name="report3.csv")
    look(MONDAY + timedelta(days=14, minutes=5))
    assert ImportRun.objects.count() == 2 and "前と同じ内容" in subjects()[-1]


def test_what_was_taken_back_comes_again_when_somebody_asks(
    monday: RepeatedImport, drop: Drop, alice: Person
) -> None:
    drop()
    look()
    services.undo(ImportRun.objects.get().pk, by=alice)
    assert arrivals.look(monday.pk, asked=True, now=MONDAY + timedelta(minutes=30)) == 1
    drain_jobs()
    assert Customer.objects.count() == 2


def test_a_failed_import_is_no_reason_to_leave_the_next_file(
    monday: RepeatedImport, drop: Drop
) -> None:
    drop()
    look()
    Customer.objects.all().delete()
    ImportRun.objects.update(state=ImportRun.State.FAILED)
    drop(name="report2.csv")
    look(MONDAY + timedelta(days=7, minutes=5))
    assert Customer.objects.count() == 2
