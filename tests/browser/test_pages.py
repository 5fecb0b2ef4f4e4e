"""What Today and a customer's page show in a browser, in both languages."""

import pytest
from playwright.sync_api import expect

from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser


def test_a_customer_shows_all_panels_and_fits_a_telephone(csm: Visitor, language: str) -> None:
    page = csm.open("/")
    page.locator("[data-watch-row] a").first.click()
    page.wait_for_url("**/customers/*/")
    csm.check()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.locator("main h2").count() >= 4
    csm.expect_to_fit(360)


@pytest.mark.parametrize("language", ["ja", "en"], indirect=True)
def test_today_names_customers_with_reasons_and_a_waiting_task(csm: Visitor, language: str) -> None:
    page = csm.open("/")
    assert page.locator("[data-watch-row]").count() >= 7
    reasons = page.locator("[data-reason]").all_inner_texts()
    assert len(set(reasons[:12])) >= 7
    assert page.locator("[data-task]").count() >= 1
    expect(page.locator("html")).to_have_attribute("lang", language)
