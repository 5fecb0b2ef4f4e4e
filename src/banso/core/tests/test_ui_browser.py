"""The gallery in a real browser: WCAG 2.2 AA, the content policy, narrow screens, keys."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from banso.core.tests.browsers import launched

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # the rest is not read: do not spell it out
}
WATCH = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`))"""


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def gallery(
    browser: Browser,
    live_server: LiveServer,
    language: str,
    *,
    width: int = 1440,
    scheme: Literal["light", "dark"] = "light",
) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.add_init_script(WATCH)
    page.goto(f"{live_server.url}/ui/?lang={language}")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("ja", 1440, "light"), ("en", 360, "dark")]
)
def test_the_gallery_is_accessible_and_keeps_the_content_policy(
    browser: Browser,
    live_server: LiveServer,
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    page = gallery(browser, live_server, language, width=width, scheme=scheme)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("window.violations") == []
    for one in (1440, 360):
        page.set_viewport_size({"width": one, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, one
    page.close()


def test_keys_search_help_and_move_between_rows(browser: Browser, live_server: LiveServer) -> None:
    page = gallery(browser, live_server, "en")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Shirakaba Precision"
    page.keyboard.press("k")
    assert "Tsubaki" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("jk?")
    assert page.input_value("#search") == "jk?"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()
    page.close()


def test_shortcuts_can_be_switched_off(browser: Browser, live_server: LiveServer) -> None:
    page = gallery(browser, live_server, "en")
    page.keyboard.press("?")
    page.locator("[data-shortcuts-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search"
    page.close()


def test_a_chosen_theme_outlives_the_page(browser: Browser, live_server: LiveServer) -> None:
    page = gallery(browser, live_server, "en")
    page.locator(".frame__tools summary").click()
    page.locator("[data-theme-choice=dark]").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.close()


def test_the_menu_opens_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(f"{live_server.url}/ui/?lang=ja")
    page.locator(".drawer > summary").click()
    assert page.locator(".drawer__sheet").is_visible()
    context.close()
