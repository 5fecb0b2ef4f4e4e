import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from banso.core.models import ImportRun, Workspace
from banso.core.tests.builders import drain_jobs
from banso.customers.models import Customer
from banso.customers.services import create_attribute
from banso.customers.tests.builders import a_customer


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def two_sheets() -> SimpleUploadedFile:
    book, file = Workbook(), io.BytesIO()
    east = book.active
    east.title = "東日本"
    for row in (["外部ID", "会社名"], [7, "株式会社青葉"], [124, "株式会社若葉"]):
        east.append(row)
    west = book.create_sheet("西日本")
    for cells in (["西日本の顧客"], [], ["外部ID", "会社名"], ["W-1", "株式会社紅葉"]):
        west.append(cells)
    book.save(file)
    return SimpleUploadedFile("customers.xlsx", file.getvalue())


def form_of(sheet: str, was: str = "東日本", heading: str = "1", **more: str) -> dict[str, str]:
    stored = ImportRun.objects.get().settings["files"][0]["stored"]
    facts = {"table": "customers", "was": "customers", "sheet": sheet, "was_sheet": was}
    facts |= {"heading": heading, "was_heading": "1", **more}
    return {f"{stored}:{name}": text for name, text in facts.items()}


def test_another_sheet_of_a_workbook_is_chosen(alice_client: Client, acme: Workspace) -> None:
    place = alice_client.post("/imports/", {"files": two_sheets()})["Location"]
    page = alice_client.get(place).content.decode()
    assert "株式会社青葉" in page and "西日本" in page
    alice_client.post(f"{place}choose/", form_of("西日本"))
    page = alice_client.get(place).content.decode()
    assert "株式会社紅葉" in page and 'value="3"' in page
    alice_client.post(f"{place}run/")
    drain_jobs()
    assert [one.external_id for one in Customer.objects.all()] == ["W-1"]


def test_another_sheet_is_another_table_where_it_looks_like_one(
    alice_client: Client, acme: Workspace
) -> None:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["外部ID", "会社名"])
    book.active.append(["A-1", "株式会社青葉"])
    people = book.create_sheet("名簿")
    people.append(["外部ID", "顧客ID", "氏名", "メールアドレス"])
    people.append(["P-1", "A-1", "青木 葉子", "aoki@example.com"])
    book.active.title = "一覧"
    book.save(file)
    upload = SimpleUploadedFile("book.xlsx", file.getvalue())
    place = alice_client.post("/imports/", {"files": upload})["Location"]
    alice_client.post(f"{place}choose/", form_of("名簿", was="一覧"))
    assert '<option value="contacts" selected>' in alice_client.get(place).content.decode()


def test_lost_zeros_are_told_and_put_back(alice_client: Client, acme: Workspace) -> None:
    place = alice_client.post("/imports/", {"files": two_sheets()})["Location"]
    assert "桁数" in alice_client.get(place).content.decode()
    columns = {"column:external_id": "外部ID", "column:name": "会社名", "digits:external_id": "５"}
    alice_client.post(f"{place}choose/", form_of("東日本", **columns))
    alice_client.post(f"{place}run/")
    drain_jobs()
    assert {one.external_id for one in Customer.objects.all()} == {"00007", "00124"}


def test_cells_pasted_from_excel_are_imported(alice_client: Client, acme: Workspace) -> None:
    pasted = (
        '外部ID\t会社名\t目標\r\nC-1\t株式会社青葉\t"一行目\r\n""二""行目"\r\nC-2\t若葉, 本店\t\r\n'
    )
    place = alice_client.post("/imports/", {"pasted": pasted})["Location"]
    alice_client.post(f"{place}run/")
    drain_jobs()
    found = {one.external_id: (one.name, one.goals) for one in Customer.objects.all()}
    assert found == {"C-1": ("株式会社青葉", '一行目\n"二"行目'), "C-2": ("若葉, 本店", "")}


@pytest.mark.parametrize("pasted", ["", " \r\n", "\t\t\n", "名前だけ"])
def test_pasting_nothing_is_refused_or_asks(
    alice_client: Client, acme: Workspace, pasted: str
) -> None:
    answer = alice_client.post("/imports/", {"pasted": pasted})
    assert answer.status_code in {302, 422}
    assert not Customer.objects.exists()


@pytest.mark.parametrize("heading", ["-1", "x", "99999999", "40"])
def test_a_heading_that_is_nowhere_is_told(
    alice_client: Client, acme: Workspace, heading: str
) -> None:
    place = alice_client.post("/imports/", {"files": two_sheets()})["Location"]
    alice_client.post(f"{place}choose/", form_of("東日本", heading=heading))
    assert alice_client.get(place).status_code == 200
    assert alice_client.post(f"{place}choose/", form_of("北日本")).status_code in {302, 422}
    assert alice_client.get(place).status_code == 200


def test_our_id_and_attributes_are_kept_when_the_form_is_saved(
    alice_client: Client, acme: Workspace
) -> None:
    customer = a_customer("株式会社青葉", external_id="C-1")
    create_attribute(key="color", label="社内の色", kind="text", by=None)
    pasted = f"Banso ID\t会社名\t社内の色\n{customer.pk}\t青葉株式会社\t紺"
    place = alice_client.post("/imports/", {"pasted": pasted})["Location"]
    stored = ImportRun.objects.get().settings["files"][0]["stored"]
    told = {f"{stored}:table": "customers", f"{stored}:was": "customers"}
    alice_client.post(f"{place}choose/", {**told, f"{stored}:column:name": "会社名"})
    alice_client.post(f"{place}run/")
    drain_jobs()
    [found] = Customer.objects.all()
    assert (found.pk, found.name, found.attributes) == (
        customer.pk,
        "青葉株式会社",
        {"color": "紺"},
    )
