"""A touch tier that a segment proposes: seen, explained, approved, told on the customer's page."""

import pytest
from playwright.sync_api import expect

from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser


def test_a_proposed_touch_tier_is_explained_and_approved(head: Visitor) -> None:
    page = head.open("/segments/")
    page.locator("a", has_text="承認待ち").first.click()
    page.wait_for_url("**/proposals/")
    head.check()
    rows = page.locator("tbody tr")
    before, customer = rows.count(), rows.first.locator("th a").get_attribute("href")
    rows.first.locator("a", has_text="理由").click()
    page.wait_for_url("**/members/*/")
    head.check()
    expect(page.locator("tbody")).to_contain_text("¥")
    page.go_back()
    page.locator("tbody tr").first.locator("input[type=checkbox]").check()
    page.locator("button", has_text="選んだ提案を承認").click()
    expect(page.locator("#toasts")).to_contain_text("1社")
    head.check()
    expect(page.locator("tbody tr")).to_have_count(before - 1)
    head.open(str(customer))
    expect(page.locator(".badge", has_text="ハイタッチ").first).to_be_visible()
    page.locator("summary", has_text="セグメント").click()
    expect(page.locator("details[open]", has_text="月額20万円以上")).to_be_visible()
