"""Every page, in both languages: it opens, axe and the content policy find nothing, it fits."""

import pytest
from playwright.sync_api import expect

from tests.browser.visits import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one house, one browser
PAGES = [
    "/",
    "/customers/",
    "/customers/new/",
    "/health",
    "/tasks",
    "/imports/",
    "/settings/",
    "/search?q=株式会社",
    "/api/",
    "/accounts/2fa/",
    "/accounts/password/change/",
    "/no-such-page",
]
HEADS = [
    "/settings/people/",
    "/settings/workspace/",
    "/settings/calendar/",
    "/settings/keys/",
    "/settings/sources/",
    "/settings/sources/make/",
    "/usage/arrivals/",
    "/usage/waiting/",
    "/usage/waiting/people/",
    "/settings/sign-in/",
    "/settings/sign-in/add/",
    "/products/",
    "/attributes/",
    "/customers/bin/",
]


def test_pages_are_accessible_keep_to_the_content_policy_and_fit_a_telephone(csm: Visitor) -> None:
    for path in PAGES:
        csm.open(path)
        csm.expect_to_fit(360)


def test_pages_of_the_head_are_accessible_and_fit_a_telephone(head: Visitor) -> None:
    for path in HEADS:
        head.open(path)
        head.expect_to_fit(360)


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


def test_the_gallery_shows_every_element_without_a_violation(visitor: Visitor) -> None:
    for language in ("ja", "en"):
        visitor.open(f"/ui/?lang={language}")
        visitor.expect_to_fit(360)
