"""What Today and a customer's page show in a browser, in both languages."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser


def test_a_customer_stands_on_one_screen_and_fits_a_telephone(csm: Visitor, language: str) -> None:
    page = csm.open("/")
    page.locator("[data-watch-row] a").first.click()
    page.wait_for_url("**/customers/*/")
    csm.check()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert out_of_sight(page) == []
    page.locator(".fold summary").first.click()
    expect(page.locator(".fold #details")).to_be_visible()
    csm.check()
    csm.expect_to_fit(360)


IMPORTANT = [
    "h1", "#customer-figures .tile:last-child", "#contracts", "#goals", "#contacts",
    "[hx-get*='/health']", "[hx-get*='/work']", "[hx-get*='/usage']", "[hx-get*='/activities']",
    "#timeline li:nth-child(2)", ".fold summary",
]  # fmt: skip


def out_of_sight(page: Page) -> list[str]:
    """What of the important does not stand in the window of 1440 x 900 as it opens."""
    boxes = {one: page.locator(f"main {one}").first.bounding_box() for one in IMPORTANT}
    assert page.evaluate("scrollY") == 0
    return [
        f"{one} {box}"
        for one, box in boxes.items()
        if box is None or box["y"] < 0 or box["y"] + min(box["height"], 40) > 900
    ]


@pytest.mark.parametrize("language", ["ja", "en"], indirect=True)
def test_today_names_customers_with_reasons_and_a_waiting_task(csm: Visitor, language: str) -> None:
    page = csm.open("/")
    assert page.locator("[data-watch-row]").count() >= 7
    reasons = page.locator("[data-reason]").all_inner_texts()
    assert len(set(reasons[:12])) >= 7
    assert page.locator("[data-task]").count() >= 1
    expect(page.locator("html")).to_have_attribute("lang", language)
