"""A renewal closed with a reduction, and taken back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser


def test_a_renewal_is_closed_with_a_reduction_and_its_reason_and_taken_back(
    head: Visitor,
) -> None:
    page = head.open("/renewals/")
    rows = page.locator("#renewals tbody tr")
    customer = rows.first.locator("th a").inner_text()
    rows.first.locator("a[href*='/renewal/close/']").click()
    page.wait_for_url("**/renewal/close/**")
    head.check()
    page.locator("[name=outcome][value=declined]").check()
    expect(page.locator("[name=amount]")).to_be_hidden()
    page.locator("[name=outcome][value=renewed]").check()
    expect(page.locator("[name=leaves_on]")).to_be_hidden()
    amount = page.locator("[name=amount]")
    amount.fill(f"{int(amount.input_value().replace(',', '')) * 4 // 5 // 100 * 100:,}")
    close(page)
    expect(page.locator("[name=main_reason][aria-invalid]")).to_be_visible()
    head.check()
    page.select_option("[name=main_reason]", "price")
    page.fill("[name=competitor]", "他社ワークフロー")
    close(page)
    expect(page.locator("#toasts")).to_contain_text("減額して更新")
    head.check()
    page.goto(head.base + "/renewals/?which=closed")
    closed = page.locator("#renewals tbody tr").first
    expect(closed).to_contain_text(customer)
    expect(closed).to_contain_text("価格・予算")
    closed.locator("td a").click()
    page.wait_for_url("**/contracts/*/")
    head.check()
    kinds = page.locator("#ledger tbody tr")
    expect(kinds.nth(0)).to_contain_text("減額")
    expect(kinds.nth(0)).to_contain_text("他社ワークフロー")
    expect(kinds.nth(1)).to_contain_text("更新")
    take_back(head, customer)


def close(page: Page) -> None:
    page.locator(".form-actions button").click()


def take_back(head: Visitor, customer: str) -> None:
    """The house's book is shared: it is left as it was found."""
    page = head.page
    for _line in range(2):
        page.locator("#ledger tbody tr a[href$='/void/']").first.click()
        page.wait_for_url("**/void/")
        page.locator(".form-actions button").click()
        page.wait_for_url("**/contracts/*/")
    page = head.open("/renewals/")
    expect(page.locator("#renewals tbody tr").first).to_contain_text(customer)
