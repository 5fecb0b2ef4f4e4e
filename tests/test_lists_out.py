"""Lists as files, and back: a book kept in Excel moves in and out again unchanged."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from banso.core.imports import planning, running
from banso.core.lists import services
from banso.core.lists.declarations import Cell, Sheet, known_list, known_lists
from banso.core.lists.writing import write_csv, write_xlsx
from banso.core.models import ListExport, Person, Workspace
from banso.core.personal_data import erase
from banso.core.tests.builders import a_member, drain_jobs, events
from banso.customers.models import Customer
from banso.customers.services import create_attribute, update_customer
from banso.customers.tests.builders import a_contact, a_contract, a_customer

COLUMNS = ",".join(
    f"customers.{one}"
    for one in (
        "external_id", "tier", "stage", "main_owner", "sub_owner", "industry", "country", "employees", "since",
        "currency", "last_contact_on", "mrr", "deadline_on", "champion", "attributes.color", "attributes.floors",
        "attributes.listed",
    )
)  # fmt: skip


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def book(acme: Workspace, alice: Person, bob: Person) -> list[Customer]:
    """Customers with everything that Excel spoils: codes with zeros, formulas, namesakes."""
    twin = a_member("twin@acme.example", name=bob.name)
    for key, kind in (("color", "text"), ("floors", "number"), ("listed", "bool")):
        create_attribute(key=key, label=f"社内の{key}", kind=kind, by=alice)
    first = a_customer(
        "株式会社青葉", external_id="00123", tier="high", industry="=1+1", employees=120
    )
    second = a_customer("-若葉", external_id="1E5", main_owner_id=twin.pk, since=date(2026, 4, 1))
    third = a_customer("紅葉\n本店", external_id="2026/4/1", last_contact_on=date(2026, 11, 2))
    attributes = {"color": "'紺", "floors": 12.5, "listed": True}
    update_customer(
        first.pk, changes={"attributes": attributes, "main_owner_id": alice.pk}, by=alice
    )
    a_contract(first, amount=1_200_001)
    a_contact(first, email="hana@acme.example")
    return [first, second, third]


def taken_out(name: str, kind: str, by: Person, query: str = "") -> Path:
    export = services.begin(name, query=query, kind=kind, by=by)
    assert export.state == "done"
    path = services.path_of(export.pk)
    return path.rename(path.with_name(services.file_name(export)))


def brought_in(path: Path) -> dict[str, Any]:
    plan = planning.plan_import([(path.name, path)])
    run = running.start_run(plan, source=path.name, by=None)
    [facts] = running.run_import(plan, run=run, by=None)
    return facts


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_on_the_screen_moves_out_and_in_again_unchanged(
    book: list[Customer], alice: Person, kind: str, language: str
) -> None:
    with translation.override(language):
        path = taken_out("customers", kind, alice, f"?columns={COLUMNS}&sort=-customers.mrr")
    facts = brought_in(path)
    assert facts["errors"] == [] and facts["table"] == "customers"
    assert (facts["read"], facts["unchanged"]) == (3, 3)
    assert len(facts["unused"]) == 3  # what follows of contracts and contacts


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("table", ["customers", "contacts", "contracts"])
def test_whole_tables_move_out_and_in_again_unchanged(
    book: list[Customer], alice: Person, table: str, kind: str
) -> None:
    facts = brought_in(taken_out(f"table.{table}", kind, alice))
    assert facts["errors"] == []
    assert facts["read"] == facts["unchanged"] > 0


def test_what_was_changed_in_excel_comes_back_as_an_update(
    book: list[Customer], alice: Person
) -> None:
    path = taken_out("customers", "xlsx", alice, "?columns=customers.tier,customers.industry")
    workbook = load_workbook(path)
    sheet = workbook.active
    for row in sheet.iter_rows(min_row=2):
        if row[1].value == "株式会社青葉":
            row[1].value, row[2].value = "青葉ホールディングス株式会社", "ロータッチ"
    workbook.save(path)
    facts = brought_in(path)
    assert (facts["updated"], facts["unchanged"], facts["created"]) == (1, 2, 0)
    changed = Customer.objects.get(external_id="00123")
    assert (changed.name, changed.tier) == ("青葉ホールディングス株式会社", "low")
    assert changed.industry == "=1+1"


def test_a_workbook_has_numbers_days_and_no_formula(book: list[Customer], alice: Person) -> None:
    path = taken_out("customers", "xlsx", alice, f"?columns={COLUMNS}&sort=customers.external_id")
    rows = list(load_workbook(path).active.iter_rows())
    cells = {str(head.value): cell for head, cell in zip(rows[0], rows[1], strict=True)}
    assert cells["外部ID"].value == "00123"
    assert cells["業種"].value == "'=1+1" and cells["業種"].data_type == "s"
    assert cells["MRR"].value == 100_000 and cells["社内のfloors"].value == 12.5
    days = {str(head.value): cell.value for head, cell in zip(rows[0], rows[2], strict=True)}
    assert days["利用開始日"].date() == date(2026, 4, 1)


def test_the_list_is_filtered_and_sorted_as_its_address_says(
    book: list[Customer], alice: Person
) -> None:
    def names(query: str) -> list[str]:
        path = taken_out("customers", "csv", alice, query)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row[1] for row in csv.reader(file)][1:]

    assert names("?sort=-customers.external_id") == ["紅葉\n本店", "'-若葉", "株式会社青葉"]
    assert names("?q=葉&f=customers.tier:is:high") == ["株式会社青葉"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_button_of_the_list_gives_the_file(
    alice_client: Client, book: list[Customer], kind: str
) -> None:
    page = alice_client.get("/customers/?q=葉").content.decode()
    assert f'name="kind" value="{kind}"' in page
    asked = {"list": "customers", "query": "?q=葉", "kind": kind}
    answer = alice_client.post("/exports/", asked, follow=True)
    assert f"customers.{kind}" in answer["Content-Disposition"]
    assert answer.content.startswith(b"PK" if kind == "xlsx" else b"\xef\xbb\xbf")
    assert [one.facts["rows"] for one in events("core.list_exported")] == [3]


def test_a_long_list_is_written_by_a_job(
    alice_client: Client, book: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 2)
    place = alice_client.post("/exports/", {"list": "customers", "kind": "csv"})["Location"]
    assert "書き出しています" in alice_client.get(place).content.decode()
    assert alice_client.get(f"{place}file")["Location"] == place
    drain_jobs()
    assert "3行" in alice_client.get(place).content.decode()
    lines = alice_client.get(f"{place}file").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 5  # one name has two


@pytest.mark.parametrize(
    "asked",
    [
        {"list": "", "kind": "csv"}, {"list": "x", "kind": "csv"}, {"list": "table.x", "kind": "csv"},
        {"list": "customers", "kind": "pdf"}, {"list": "customers", "kind": "csv", "query": "f=x"},
        {"list": "customers", "kind": "csv", "query": "sort=x\x00"}, {},
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_and_nothing_is_kept(
    alice_client: Client, book: list[Customer], asked: dict[str, str]
) -> None:
    assert alice_client.post("/exports/", asked).status_code == 422
    assert not ListExport.objects.exists()


def test_only_who_asked_for_a_list_gets_it_and_viewers_get_none(
    alice: Person, bob_client: Client, charlie_client: Client, book: list[Customer]
) -> None:
    export = services.begin("customers", query="", kind="csv", by=alice)
    for client in (bob_client, charlie_client):
        assert client.get(f"/exports/{export.pk}/").status_code in {403, 404}
        assert client.get(f"/exports/{export.pk}/file").status_code in {403, 404}
    viewer = a_member("viewer@acme.example", role="viewer")
    viewing = Client()
    viewing.force_login(viewer)
    assert viewing.post("/exports/", {"list": "customers", "kind": "csv"}).status_code == 403


def test_files_of_lists_are_gone_after_a_day_and_when_somebody_is_erased(
    alice: Person, book: list[Customer]
) -> None:
    export = services.begin("customers", query="", kind="csv", by=alice)
    assert services.sweep() == 0 and services.path_of(export.pk).exists()
    ListExport.objects.update(created_at="2026-01-01T00:00:00Z")
    assert services.sweep() == 1 and not services.path_of(export.pk).exists()
    services.begin("customers", query="", kind="csv", by=alice)
    assert erase("hana@acme.example") == 1 and not ListExport.objects.exists()


def test_every_table_that_can_be_imported_is_a_list(acme: Workspace) -> None:
    names = {one.name for one in known_lists()}
    tables = {
        f"table.{one}" for one in ("customers", "contacts", "contracts", "activities", "tasks")
    }
    assert {"customers", "activities", "tasks"} | tables <= names
    assert "table.usage_events" not in names  # raw events stay where they are
    assert all(str(one.label) and known_list(one.name) for one in known_lists())


def test_times_are_those_on_the_wall_also_before_excel_begins(tmp_path: Path) -> None:
    times = [datetime(2026, 11, 5, 14, 0), datetime(1900, 1, 15, 9, 30)]  # noqa: DTZ001
    sheet = Sheet(["時"] * 2, [times])
    write_csv(tmp_path / "a.csv", sheet, "表")
    assert "2026-11-05 14:00:00,1900-01-15 09:30:00" in (tmp_path / "a.csv").read_text("utf-8-sig")
    write_xlsx(tmp_path / "a.xlsx", sheet, "表")
    page = load_workbook(tmp_path / "a.xlsx").active
    assert [one.value for one in page[2]] == [times[0], "1900-01-15 09:30:00"]
    assert page.column_dimensions["A"].width >= 19


def test_cells_of_every_kind_are_written(tmp_path: Path) -> None:
    row: list[Cell] = [
        "a\x00b",
        12,
        Decimal("1.50"),
        date(1890, 1, 1),
        True,
        None,
        "あ" * 40_000,
        "@x",
    ]
    write_csv(tmp_path / "a.csv", Sheet(["=x"] * 8, [row]), "表")
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert text.startswith("'=x,") and "ab,12,1.50,1890-01-01,TRUE,," in text
    write_xlsx(tmp_path / "a.xlsx", Sheet(["=x"] * 8, [row]), "とても長い名前の表" * 5)
    cells = [
        one.value for one in load_workbook(io.BytesIO((tmp_path / "a.xlsx").read_bytes())).active[2]
    ]
    assert cells[:6] == ["ab", 12, 1.5, "1890-01-01", True, None] and cells[7] == "'@x"


def test_what_spreadsheets_do_not_know_is_written_alike_by_both_kinds_of_file(
    tmp_path: Path,
) -> None:
    key = UUID("00000000-0000-0000-0000-000000000001")
    noon = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
    row: list[Any] = [
        0.25, 1e-7, float("nan"), float("inf"), Decimal("NaN"), gettext_lazy("Customer"), key, noon,
    ]  # fmt: skip
    sheet = Sheet(["列"] * 8, [row])
    with timezone.override("Asia/Tokyo"), translation.override("ja"):
        write_csv(tmp_path / "a.csv", sheet, "表")
        write_xlsx(tmp_path / "a.xlsx", sheet, "表")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = list(csv.reader(file))[1]
    assert texts == ["0.25", "0.0000001", "", "", "", "顧客", str(key), "2026-11-05 12:00:00"]
    cells = [one.value for one in load_workbook(tmp_path / "a.xlsx").active[2]]
    noon_there = datetime(2026, 11, 5, 12, 0)  # noqa: DTZ001
    assert cells == [0.25, 1e-7, None, None, None, "顧客", str(key), noon_there]
