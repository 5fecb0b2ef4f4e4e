"""Imports as people meet them: guesses, questions, errors in words, and the way back."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.imports import exporting, planning, reports, running, undoing
from banso.core.imports.cells import as_written, harmless
from banso.core.imports.declarations import import_table, import_tables
from banso.core.models import ImportRun, Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member, events
from banso.customers import services
from banso.customers.models import Contact, Contract, ContractChange, Customer
from banso.touchpoints.usage.models import DailyUsage
from tests.test_ravenstack import checksums

CUSTOMERS = "顧客コード,会社名,業種,契約開始日\nC-1,株式会社青葉,製造,2026-04-01\n"


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def bring_in(
    *paths: Path, by: Person | None = None, **answers: Any
) -> tuple[ImportRun, list[dict[str, Any]]]:
    plan = planning.plan_import(
        [(path.name, path) for path in paths], answers=planning.Answers(**answers)
    )
    run = running.start_run(plan, source=paths[0].name, by=by)
    return run, running.run_import(plan, run=run, by=by)


def messages(facts: dict[str, Any], language: str) -> list[str]:
    with translation.override(language):
        return [one["message"] for one in reports.told(facts)["errors"]]


@pytest.fixture
def book(acme: Workspace, tmp_path: Path) -> Path:
    """Two customers with a contract each."""
    write(tmp_path, "customers.csv", "external_id,name\nC-1,株式会社青葉\nC-2,株式会社若葉\n")
    write(
        tmp_path,
        "contracts.csv",
        "external_id,customer,start_on,amount,term_months,seats\n"
        "K-1,C-1,2026-01-01,1200000,12,10\nK-2,C-2,2026-01-01,600000,12,5\n",
    )
    bring_in(tmp_path / "customers.csv", tmp_path / "contracts.csv")
    return tmp_path


def test_cp932_file_with_japanese_headers_is_guessed_and_read(
    acme: Workspace, tmp_path: Path
) -> None:
    text = "外部ID,会社名,業種\nC-1,㈱髙橋製作所①,製造業\n"
    _run, [facts] = bring_in(write(tmp_path, "顧客一覧.csv", text, "cp932"))
    assert (facts["table"], facts["encoding"], facts["created"]) == ("customers", "cp932", 1)
    assert Customer.objects.get().name == "㈱髙橋製作所①"


def test_order_of_day_and_month_is_asked_where_the_data_leaves_it_open(
    acme: Workspace, tmp_path: Path
) -> None:
    path = write(tmp_path, "customers.csv", "name,since\n青葉,03/04/2026\n")
    plan = planning.plan_import([(path.name, path)])
    assert [question.code for question in plan.questions] == ["ambiguous_dates"]
    _run, [facts] = bring_in(path)
    assert (facts["created"], facts["errors"][0]["line"]) == (0, 0)
    bring_in(path, date_order="dmy")
    assert Customer.objects.get().since == date(2026, 4, 3)


def test_order_is_proven_by_one_date_that_can_be_read_in_one_way_only(
    acme: Workspace, tmp_path: Path
) -> None:
    bring_in(write(tmp_path, "customers.csv", "name,since\n青葉,03/04/2026\n若葉,25/04/2026\n"))
    assert Customer.objects.get(name="青葉").since == date(2026, 4, 3)


def test_told_order_that_the_data_disproves_stops_the_file(acme: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "customers.csv", "name,since\n青葉,03/04/2026\n若葉,25/04/2026\n")
    _run, [facts] = bring_in(path, date_order="mdy")
    assert facts["errors"][0]["code"] == "other_order" and not Customer.objects.exists()


def test_row_errors_tell_line_and_column_in_both_languages_and_the_rest_goes_in(
    acme: Workspace, tmp_path: Path
) -> None:
    text = (
        "external_id,name,社員数,since\nC-1,青葉,多い,2026-13-01\nC-2,若葉,20,2026-04-01\nC-3,,,\n"
    )
    _run, [facts] = bring_in(write(tmp_path, "customers.csv", text))
    assert (facts["read"], facts["created"], facts["skipped"]) == (3, 1, 2)
    assert messages(facts, "ja") == [
        "2行目「社員数」：「多い」を数値として読めません。1234.5 のように入力してください。",
        "2行目「since」：「2026-13-01」という日付はありません。2026-11-01 か 2026/11/01 の形で入力してください。",
        "4行目「name」：値を入力してください。",
    ]
    assert messages(facts, "en")[2] == "Line 4, “name”: A value is needed here."


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\x14\x00\x06\x00rest of a workbook", "workbook_broken"),
        (b"name\n\x00\x01\x02\x00\xff\xfe\n", "binary"),
        (b"\xff\xd8\xff\xe0 a picture \x93\xfa\n", "unknown_encoding"),
        (b"external_id,phone\nC-1,03\n", "missing_column"),
        (b"name\n" + b"a" * 1_100_000, "line_too_long"),
        (b"name\xef\xbb\n", "unknown_encoding"),
    ],
)
def test_file_that_cannot_be_read_is_told_and_nothing_is_written(
    acme: Workspace, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(content)
    _run, [facts] = bring_in(path)
    assert code in {one["code"] for one in facts["errors"]}
    assert all(messages(facts, language) for language in ("ja", "en"))
    assert not Customer.objects.exists()


def test_values_no_column_can_hold_are_row_errors(acme: Workspace, tmp_path: Path) -> None:
    rows = ["あ" * 10_000, "青葉\x01", '"青葉\nとじない', "ok"]
    path = tmp_path / "customers.jsonl"
    lines = ['{"name": "%s"}' % ("あ" * 10_000), '{"name": "a\\u0000"}', '{"name": "\\ud800"}', "{"]
    path.write_text("\n".join([*lines, '{"name": "若葉"}']))
    _run, [facts] = bring_in(path)
    assert (facts["read"], facts["created"], facts["skipped"]) == (5, 1, 4)
    csv_path = write(tmp_path, "customers.csv", "name\n" + "\n".join(rows) + "\n")
    _run, [facts] = bring_in(csv_path)
    assert facts["created"] + facts["skipped"] == facts["read"]
    assert len(messages(facts, "ja")) == facts["skipped"] >= 2


def test_unknown_customer_and_wrong_choice_are_told_by_their_column(book: Path) -> None:
    text = "customer,name,roles\nC-9,山田,champion\nC-1,田中,王様\nC-1,佐藤,推進役\n"
    _run, [facts] = bring_in(write(book, "contacts.csv", text))
    assert [(one["column"], one["code"]) for one in facts["errors"]] == [
        ("customer", "unknown_customer"),
        ("roles", "not_a_choice"),
    ] or facts["created"] == 0


def test_difference_in_a_contract_becomes_a_line_of_its_ledger_from_today_on(
    book: Path, acme: Workspace
) -> None:
    text = (
        "external_id,customer,start_on,amount,term_months,seats\nK-1,C-1,2026-01-01,2400000,12,20\n"
    )
    run, [facts] = bring_in(write(book, "contracts.csv", text))
    assert facts["updated"] == 1
    line = ContractChange.objects.filter(contract__external_id="K-1").latest("pk")
    assert (line.kind, line.effective_on, line.mrr) == ("expansion", acme.today(), Decimal(200_000))
    undoing.undo_import(run.pk, by=None)
    contract = Contract.objects.get(external_id="K-1")
    assert (contract.amount, contract.seats) == (1_200_000, 10)
    assert ContractChange.objects.filter(contract=contract, voided_at=None).count() == 1


def test_undo_brings_changed_rows_back_to_what_they_were(book: Path) -> None:
    before = checksums()
    text = "external_id,name,業種,ステージ\nC-1,株式会社青葉（新）,製造,established\nC-3,新顧客,,\n"
    run, [facts] = bring_in(write(book, "customers.csv", text))
    assert (facts["created"], facts["updated"]) == (1, 1)
    undoing.undo_import(run.pk, by=None)
    assert checksums() == before


def test_undo_is_refused_in_words_when_somebody_worked_on_the_rows_since(
    book: Path, bob: Person
) -> None:
    run, _facts = bring_in(write(book, "customers.csv", "external_id,name\nC-3,新顧客\n"))
    new = Customer.objects.get(external_id="C-3")
    services.update_customer(new.pk, changes={"industry": "製造"}, by=bob)
    with pytest.raises(Refused) as refusal:
        undoing.undo_import(run.pk, by=bob)
    assert refusal.value.code == "changed_since"
    assert "1件の変更（顧客情報を変更しました）" in str(refusal.value.message)
    assert Customer.objects.filter(external_id="C-3").exists()


def test_a_refused_undo_names_no_event_that_has_no_words(book: Path, bob: Person) -> None:
    run, _facts = bring_in(write(book, "customers.csv", "external_id,name\nC-3,新顧客\n"))
    publish("customers.no_words_yet", Customer.objects.get(external_id="C-3"), by=bob.pk)
    with pytest.raises(Refused) as refusal:
        undoing.undo_import(run.pk, by=bob)
    assert "：1件の変更。" in str(refusal.value.message)


def test_undo_is_refused_when_a_later_import_stands_on_it(book: Path) -> None:
    run, _facts = bring_in(write(book, "customers.csv", "external_id,name\nC-3,新顧客\n"))
    bring_in(write(book, "contacts.csv", "customer,name\nC-3,山田\n"))
    with pytest.raises(Refused):
        undoing.undo_import(run.pk, by=None)


def test_contract_that_ends_on_the_day_it_starts_never_counts(book: Path) -> None:
    text = "external_id,customer,start_on,ended_on,amount\nK-3,C-1,2026-03-01,2026-03-01,1200\n"
    _run, [facts] = bring_in(write(book, "contracts.csv", text))
    contract = Contract.objects.get(external_id="K-3")
    assert (facts["created"], contract.end_on) == (1, date(2026, 3, 1))


def test_usage_events_land_on_their_local_day_and_repeats_are_told(book: Path) -> None:
    lines = [
        '{"messageId": "m1", "customer": "C-1", "event": "login", "timestamp": "2026-11-19T16:00Z"}',
        '{"messageId": "m1", "customer": "C-1", "event": "login", "timestamp": "2026-11-19T16:00Z"}',
        '{"messageId": "m2", "customer": "C-1", "event": "login", "timestamp": "2026-11-20 09:00"}',
    ]
    run, [facts] = bring_in(write(book, "events.jsonl", "\n".join(lines)))
    assert (facts["table"], facts["created"], facts["duplicates"]) == ("usage_events", 2, 1)
    assert DailyUsage.objects.get().events == 2 and DailyUsage.objects.get().day.day == 20
    assert [one.facts for one in events("usage.usage_begun")] == [{"day": "2026-11-20"}]
    undoing.undo_import(run.pk, by=None)
    assert not DailyUsage.objects.exists()


def test_failing_import_leaves_nothing_and_is_marked(
    acme: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "customers.csv", "name\n青葉\n")
    plan = planning.plan_import([(path.name, path)])
    run = running.start_run(plan, source="x", by=None)

    def crash(*_args: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        running.run_import(plan, run=run, by=None, progress=crash)
    assert not Customer.objects.exists()
    assert ImportRun.objects.get().state == ImportRun.State.FAILED


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+81-3", "-x", "@cmd", "\t=1", " \r\n=1", "＝1", "'=1", "''@", "\u200b=1", "普通"],
)
def test_cells_that_spreadsheets_would_run_are_quoted_and_come_back(text: str) -> None:
    assert as_written(harmless(text)) == text
    assert harmless(text)[0] == "'" or text == "普通"


def test_every_template_is_guessed_as_its_own_table(acme: Workspace, tmp_path: Path) -> None:
    for table in import_tables():
        for language in ("ja", "en"):
            path = tmp_path / "form.csv"
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                exporting.write_template(table, file, language=language)
            [plan] = planning.plan_import([(path.name, path)]).files
            wanted = {column.key for column in exporting.shown(table)}
            assert (plan.table, set(plan.columns)) == (table.name, wanted), language


def test_contacts_are_found_again_by_address_or_name(book: Path) -> None:
    text = "customer,name,email\nC-1,山田 花子,h@a.example\nC-1,髙橋 健,\n"
    path = write(book, "contacts.csv", text)
    bring_in(path)
    _run, [facts] = bring_in(path)
    assert (facts["unchanged"], Contact.objects.count()) == (2, 2)


def test_a_team_moves_in_with_its_minutes_and_tasks_at_once_and_out_again(
    acme: Workspace, bob: Person, tmp_path: Path
) -> None:
    empty = checksums()
    at, step = "2026-11-05 14:00", "見積,2026-12-01"
    files = {
        "タスク.csv": "顧客コード,タスク名,期限,実施者,先方\nC-1,電話,2026-12-01,鈴木坊,山田様\n",
        "活動記録.csv": "顧客コード,日時,種類,件名,当社の参加者,先方の参加者,次のステップ,次のステップの期限\n"
        f"C-1,{at},訪問,定例会,鈴木坊,山田様,{step}\n",
        "先方担当者.csv": "顧客コード,氏名\nC-1,山田 花子\n",
        "customers.csv": CUSTOMERS,
    }
    paths = [write(tmp_path, name, text) for name, text in files.items()]
    run, tables = bring_in(*paths, by=bob)
    names = ["customers", "contacts", "activities", "tasks"]
    assert [(one["table"], one["created"], one["errors"]) for one in tables] == [
        (name, 1, []) for name in names
    ]
    assert Customer.objects.get().last_contact_on == date(2026, 11, 5)
    _again, tables = bring_in(*paths, by=bob)
    assert [one["unchanged"] for one in tables] == [1, 1, 1, 1]
    undoing.undo_import(run.pk, by=bob)
    assert checksums() == empty


def test_wrong_answers_are_refused(acme: Workspace) -> None:
    answers = planning.Answers
    for wrong in (answers(date_order="day"), answers(currency="¥"), answers(encoding="ebcdic")):
        with pytest.raises(Refused):
            wrong.checked()
    assert import_table("customers") is not None


def test_own_ids_of_another_workspace_do_not_match(book: Path, other_workspace: Workspace) -> None:
    ours = Customer.objects.get(external_id="C-1")
    path = write(book, "contacts.csv", f"customer,name\n{ours.pk},侵入者\nC-1,侵入者\n")
    with open_workspace(other_workspace):
        _run, [facts] = bring_in(path)
        assert (facts["created"], facts["skipped"]) == (0, 2)


def test_an_owner_is_known_by_address_or_by_the_name_only_one_has(
    acme: Workspace, alice: Person, bob: Person, tmp_path: Path
) -> None:
    rows = f"C-1,青葉,{bob.email.upper()}\nC-2,若葉,鈴木　坊\nC-3,双葉,鈴木坊\n"
    run, _tables = bring_in(write(tmp_path, "customers.csv", f"顧客コード,会社名,主担当\n{rows}"))
    assert run.report and Customer.objects.filter(main_owner=bob).count() == 3


def test_a_name_that_several_people_have_is_told_and_its_row_left_out(
    acme: Workspace, bob: Person, tmp_path: Path
) -> None:
    a_member("other@acme.example", name="鈴木坊", role=Role.CSM)
    text = "顧客コード,会社名,主担当\nC-1,青葉,鈴木 坊\nC-2,若葉,誰かさん\n"
    _run, tables = bring_in(write(tmp_path, "customers.csv", text))
    told = messages(tables[0], "ja")
    assert "複数います" in told[0] and "誰かさん" in told[1]
    assert not Customer.objects.exists()
