"""A customer passes to another owner from the list, and back; a colleague is away for a day."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser


def test_a_customer_is_handed_over_with_a_note_and_given_back(head: Visitor) -> None:
    page = head.open("/customers/?f=customers.tier:is:high")
    page.locator("[name=id]").first.check()
    page.get_by_role("button", name="一括変更").click()
    page.get_by_role("link", name="日付を決めて担当を引き継ぐ").click()
    page.select_option("[name=new_owner]", label="石田 千尋")
    page.fill("[name=note]", "決裁は専務。")
    for own in ("list_for_old", "list_for_new"):  # the house's book is shared
        page.fill(f"[name={own}]", "")
    page.uncheck("[name=passes_tasks]")
    page.get_by_role("button", name="担当を変更").click()
    expect(page.locator("h1")).to_contain_text("石田 千尋さんへ")
    expect(page.locator("main")).to_contain_text("決裁は専務。")
    page.get_by_role("link", name="変更の内容と元に戻す操作").click()
    page.get_by_role("button", name="元に戻す").click()
    expect(page.locator("#bulk-body")).to_contain_text("元に戻した顧客")


def test_a_colleagues_absence_is_noted_and_ended(head: Visitor) -> None:
    page = head.open("/absences")
    page.select_option("[name=person]", label="石田 千尋")
    page.get_by_role("button", name="不在を登録").click()
    row = page.locator("main li", has_text="石田 千尋")
    expect(row).to_contain_text("不在中")
    row.get_by_role("button", name=re.compile("今日から復帰")).click()
    expect(page.locator("main li", has_text="石田 千尋")).to_have_count(0)
