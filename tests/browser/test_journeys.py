"""What people do with Banso, done in a browser: sign in, search, filter, save, import, mend."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser
SPOILED = "外部ID,会社名,利用開始日\nZ-1,株式会社ためし青葉,2026-04-01\nZ-2,株式会社ためし若葉,2026-13-45\n"
MENDED = SPOILED.replace("2026-13-45", "2026-04-02")


def test_a_person_signs_in_and_a_wrong_password_says_so(visitor: Visitor, house: House) -> None:
    page = visitor.open("/customers/")
    assert "/accounts/login/" in page.url
    page.fill("[name=login]", house.login)
    page.fill("[name=password]", "not the password")
    page.click("main button[type=submit]")
    visitor.check()
    expect(page.locator(".notice")).to_be_visible()
    page.fill("[name=login]", house.login)
    page.fill("[name=password]", house.password)
    page.click("main button[type=submit]")
    page.wait_for_url("**/customers/")
    visitor.check()


def test_a_slash_searches_and_enter_opens_what_was_found(csm: Visitor) -> None:
    page = csm.open("/")
    name = page.locator("[data-watch-row] a").first.inner_text()
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    csm.check()
    found = page.locator("main a", has_text=name).first
    found.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")
    expect(page.locator("h1")).to_contain_text(name)


def test_the_arrow_keys_choose_among_the_answers(csm: Visitor) -> None:
    page = csm.open("/")
    name = page.locator("[data-watch-row] a").first.inner_text()
    page.keyboard.press("/")
    page.keyboard.type(name)
    expect(page.locator("a.answer", has_text=name).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")
    csm.check()
    expect(page.locator("h1")).to_contain_text(name)


def test_a_filter_is_saved_as_a_segment_and_taken_away(csm: Visitor, language: str) -> None:
    page = csm.open("/customers/")
    page.locator("summary", has_text="Filter" if language == "en" else "絞り込み").first.click()
    page.select_option("#book-add", "customers.tier")
    page.locator(".book__sheet form:has(#book-add) button").click()
    page.wait_for_selector(".book__filter")
    csm.check()
    page.locator(".book__filter input[value=high]").check()
    page.locator(".book__filter button").click()
    page.wait_for_selector(".chip--applied")
    csm.check()
    shown = page.locator("tbody tr").count()
    assert 0 < shown < 30  # the demo has 22 of them, and a few who left
    save_and_remove(csm, page, f"ハイタッチの試し {language}")


def save_and_remove(csm: Visitor, page: Page, name: str) -> None:
    page.locator("a[href*='/segments/new/']").click()
    page.wait_for_url("**/segments/new/**")
    csm.check()
    page.fill("[name=name]", name)
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/customers/|/segments/"))
    csm.check()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    menu = page.locator("details.menu:has(a[href$='/remove/'])")
    menu.locator("summary").click()
    menu.locator("a[href$='/remove/']").click()
    page.wait_for_url("**/remove/")
    csm.check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/customers/**")
    expect(page.get_by_role("link", name=name)).to_have_count(0)


def test_a_bad_date_is_told_by_line_and_column_mended_imported_and_taken_back(
    head: Visitor, tmp_path: Path
) -> None:
    page = upload(head, tmp_path, SPOILED)
    page.locator("#draft button[name=check]").click()
    problem = page.locator("li", has_text="2026-13-45")
    expect(problem).to_be_visible(timeout=20_000)
    expect(problem).to_contain_text("3行目")
    expect(problem).to_contain_text("利用開始日")
    head.check()
    page.locator("form[action$='/discard/'] button").click()
    upload(head, tmp_path, MENDED)
    page.locator("form[action$='/run/'] button").click()
    undo = page.locator("a[href$='/undo/']")
    expect(undo).to_be_visible(timeout=20_000)
    head.check()
    assert customers_found(head, "ためし") == 2
    page.go_back()
    undo.click()
    head.check()
    page.locator("main form button").click()
    expect(page.locator("a[href$='/undo/']")).to_have_count(0)
    head.check()
    assert customers_found(head, "ためし") == 0


def upload(head: Visitor, folder: Path, text: str) -> Page:
    path = folder / "customers.csv"
    path.write_text(text, "utf-8")
    page = head.open("/imports/")
    page.set_input_files("#files", path)
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}/"))
    head.check()
    return page


def customers_found(visitor: Visitor, words: str) -> int:
    page = visitor.open(f"/customers/?q={words}")
    return page.locator("tbody tr").count()


def test_a_person_changes_the_language_and_back(csm: Visitor, language: str) -> None:
    other = "en" if language == "ja" else "ja"
    page = csm.open("/settings/")
    page.select_option("main select[name=language]", other)
    page.locator("main form:has(select[name=language]) button").click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    csm.check()
    page.select_option("main select[name=language]", "")
    page.locator("main form:has(select[name=language]) button").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
