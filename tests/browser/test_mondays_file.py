"""Monday's Salesforce file arrives, is imported and told; and a book kept in Excel goes in and out."""

import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser
HEAD = "取引先 ID,取引先名,業種,従業員数\n"
FIRST = "001A0000006Vm9r,株式会社ためし月曜,小売,120\n"
SECOND = "001A0000006Vm9s,ためし火曜商事,物流,35\n"
FOOTER = '\n\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'


def arrive(folder: Path, name: str, text: str) -> None:
    """The file, and the mark that says that it is whole."""
    (folder / name).write_text(text)
    (folder / f"{name}.ok").touch()


def see(head: Visitor, page: Page, name: str, url: str) -> None:
    """The folder is looked into now, and the page follows until the file's import is over."""
    page.goto(url)
    page.locator("form[action$='/look/'] button").click()
    row = page.locator("tr", has_text=name)
    expect(row).to_contain_text("取り込み済み", timeout=30_000)
    head.check()


def set_up(head: Visitor) -> Page:
    """Salesforce keeps names and industries; its accounts come every Monday."""
    page = head.open("/masters/")
    page.fill("[name=name]", "Salesforce")
    page.fill("[name=code]", "salesforce")
    page.fill("[name=url]", "https://acme.my.salesforce.example/{id}")
    for field in ("name", "industry"):
        page.check(f"input[name=fields_kept][value={field}]")
    page.locator("main form button.button--primary").click()
    expect(page.locator("main table")).to_contain_text("顧客名 · 業種")
    page = head.open("/imports/repeated/new/")
    page.fill("[name=name]", "Salesforceの取引先（毎週月曜）")
    page.select_option("[name=mapping]", "mapping:salesforce")
    page.select_option("[name=table]", "customers")
    page.check("input[name=weekdays][value='0']")
    page.locator("main form button.button--primary").click()
    page.wait_for_url(re.compile(r"/imports/repeated/[0-9a-f-]{36}/$"))
    head.check()
    return page


def test_mondays_salesforce_file(head: Visitor) -> None:
    page = set_up(head)
    url, folder = page.url, Path(page.locator("main dl code").first.inner_text())
    arrive(folder, "report1.csv", HEAD + FIRST + SECOND + FOOTER)
    see(head, page, "report1.csv", url)
    cells = page.locator("tr", has_text="report1.csv").locator("td").all_inner_texts()
    assert cells[1:5] == ["2", "0", "0", "0"]  # new, changed, errors, vanished
    arrive(folder, "report2.csv", HEAD + FIRST + FOOTER)
    see(head, page, "report2.csv", url)
    page.locator("a", has_text="ためし火曜商事").click()
    page.wait_for_url("**/customers/*/")
    head.check()
    expect(page.locator("#customer-head")).to_contain_text("最新のファイルにない行")
    expect(page.locator("#customer-head a", has_text="Salesforce で開く")).to_have_attribute(
        "href", "https://acme.my.salesforce.example/001A0000006Vm9sIAC"
    )
    page.goto(f"{page.url}edit/")
    head.check()
    expect(page.locator("[name=name]")).to_be_disabled()
    expect(page.locator("[name=employees]")).to_be_editable()
    take_back(head, url, "report1.csv")


def take_back(head: Visitor, url: str, name: str) -> None:
    """The house's book is shared: it is left as it was found."""
    page = head.page
    page.goto(url)
    page.locator("main a", has_text=name).click()
    page.locator("a[href$='/undo/']").click()
    page.locator("main form button").click()
    expect(page.locator("a[href$='/undo/']")).to_have_count(0)


def upload(head: Visitor, path: Path) -> Page:
    page = head.open("/imports/")
    page.set_input_files("#files", path)
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}/"))
    return page


def counts(page: Page) -> list[str]:
    """Read, new, changed, unchanged."""
    result = page.locator("table", has_text="変更なし").first
    expect(result).to_be_visible(timeout=20_000)
    return result.locator("tbody tr").first.locator("td").all_inner_texts()[:4]


def test_a_book_kept_in_excel_moves_in_and_out_again_unchanged(
    head: Visitor, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    for row in (
        ["外部ID", "会社名", "業種", "利用開始日", "従業員数"],
        ["00701", "株式会社ためし帳簿", "小売", "令和8年4月1日", "１２０"],
        ["00702", "ためし帳簿二号㈱", "=1+1", "2026/4/2", None],
    ):
        sheet.append(row)
    sheet["C3"].data_type = "s"  # a text that begins as a formula does
    book.save(tmp_path / "book.xlsx")
    page = upload(head, tmp_path / "book.xlsx")
    page.locator("form[action$='/run/'] button").click()
    assert counts(page) == ["2", "2", "0", "0"]
    taken = page.url
    columns = "customers.external_id,customers.industry,customers.since,customers.employees"
    page = head.open(f"/customers/?q=ためし帳簿&columns={columns}")
    page.locator("summary", has_text="書き出し").click()
    with page.expect_download() as given:
        page.locator("button", has_text="Excel").click()
    given.value.save_as(tmp_path / "customers.xlsx")
    page = upload(head, tmp_path / "customers.xlsx")
    page.locator("form[action$='/run/'] button").click()
    assert counts(page) == ["2", "0", "0", "2"]
    page.goto(taken)
    page.locator("a[href$='/undo/']").click()
    page.locator("main form button").click()
    expect(page.locator("a[href$='/undo/']")).to_have_count(0)
