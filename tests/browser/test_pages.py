"""Every page, in both languages: it opens, axe and the content policy find nothing."""

from playwright.sync_api import expect

from tests.browser.visits import Visitor

PAGES = ["/", "/customers/", "/health", "/tasks", "/imports/", "/settings/", "/accounts/2fa/"]


def test_pages_are_accessible_and_keep_to_the_content_policy(csm: Visitor) -> None:
    for path in PAGES:
        csm.open(path)


def test_pages_fit_a_telephone(csm: Visitor) -> None:
    csm.page.set_viewport_size({"width": 360, "height": 740})
    for path in PAGES:
        page = csm.open(path)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def test_the_gallery_shows_every_element_without_a_violation(visitor: Visitor) -> None:
    for language in ("ja", "en"):
        visitor.open(f"/ui/?lang={language}")


def test_today_names_customers_with_reasons_and_a_waiting_task(csm: Visitor, language: str) -> None:
    page = csm.open("/")
    assert page.locator("[data-watch-row]").count() >= 7
    reasons = page.locator("[data-reason]").all_inner_texts()
    assert len(set(reasons[:12])) >= 7
    assert page.locator("[data-task]").count() >= 1
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_a_person_changes_the_language(csm: Visitor, language: str) -> None:
    other = "en" if language == "ja" else "ja"
    page = csm.open("/settings/")
    page.select_option("[name=language]", other)
    page.click("main form button[type=submit]")
    csm.check()
    expect(page.locator("html")).to_have_attribute("lang", other)
    page.select_option("[name=language]", "")
    page.click("main form button[type=submit]")
