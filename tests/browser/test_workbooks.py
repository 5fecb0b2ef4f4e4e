"""A book kept in Excel: a workbook's sheet is chosen, cells are pasted, a list goes out and comes back."""

import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser
HEADINGS = ["外部ID", "会社名", "利用開始日"]


def workbook(folder: Path) -> Path:
    """A cover, and two sheets of customers: the second begins below a title, with a spoiled date."""
    book = Workbook()
    cover = book.active
    cover.title = "表紙"
    cover["A1"] = "顧客一覧"
    east, west = book.create_sheet("東日本"), book.create_sheet("西日本")
    for row in (HEADINGS, ["E-1", "株式会社ためし東", "2026/4/1"]):
        east.append(row)
    for cells in (
        ["西日本の顧客"],
        [],
        HEADINGS,
        ["W-1", "株式会社ためし西", "令和8年4月1日"],
        ["W-2", "株式会社ためし外", "R8.13.1"],
    ):
        west.append(cells)
    book.save(folder / "customers.xlsx")
    return folder / "customers.xlsx"


def next_page(head: Visitor, page: Page) -> None:
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}/"))
    head.check()


def take_in_and_back(head: Visitor, page: Page) -> None:
    page.locator("form[action$='/run/'] button").click()
    undo = page.locator("a[href$='/undo/']")
    expect(undo).to_be_visible(timeout=20_000)
    head.check()
    undo.click()
    page.locator("main form button").click()
    expect(page.locator("a[href$='/undo/']")).to_have_count(0)


def test_a_sheet_of_a_workbook_is_chosen_tried_and_imported(head: Visitor, tmp_path: Path) -> None:
    page = head.open("/imports/")
    page.set_input_files("#files", workbook(tmp_path))
    page.locator("form[enctype] button[type=submit]").click()
    next_page(head, page)
    expect(page.locator("main")).to_contain_text("株式会社ためし東")
    page.locator("select[name$=':sheet']").select_option("西日本")
    page.locator("#draft button[name=check]").click()
    problem = page.locator("li", has_text="R8.13.1")
    expect(problem).to_be_visible(timeout=20_000)
    expect(problem).to_contain_text("シート「西日本」のセル C5「利用開始日」")
    expect(page.locator("input[name$=':heading']")).to_have_value("3")
    head.check()
    take_in_and_back(head, page)


def test_cells_pasted_from_excel_are_imported(head: Visitor) -> None:
    page = head.open("/imports/")
    page.fill("#pasted", '外部ID\t会社名\t目標\nP-1\t株式会社ためし貼付\t"一行目\n二行目"')
    page.locator("form:has(#pasted) button[type=submit]").click()
    next_page(head, page)
    expect(page.locator("main")).to_contain_text("株式会社ためし貼付")
    take_in_and_back(head, page)


def test_the_list_goes_out_to_excel_and_comes_back_unchanged(head: Visitor, tmp_path: Path) -> None:
    page = head.open("/customers/?columns=customers.tier,customers.industry")
    page.locator("summary", has_text="書き出し").click()
    head.check()
    with page.expect_download() as taken:
        page.locator("button", has_text="Excel").click()
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)
    rows = list(load_workbook(path).active.values)
    assert path.name == "customers.xlsx" and len(rows) > 10
    page = head.open("/imports/")
    page.set_input_files("#files", path)
    page.locator("form[enctype] button[type=submit]").click()
    next_page(head, page)
    page.locator("#draft button[name=check]").click()
    result = page.locator("table", has_text="変更なし").first
    expect(result).to_be_visible(timeout=20_000)
    cells = result.locator("tbody tr").first.locator("td").all_inner_texts()
    assert [int(text.replace(",", "")) for text in cells[:4]] == [
        len(rows) - 1,
        0,
        0,
        len(rows) - 1,
    ]
    page.locator("form[action$='/discard/'] button").click()
