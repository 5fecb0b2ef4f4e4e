"""Open pages follow what others do, without a reload, and catch up after a lost connection."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from banso.core.tests.programs import Program, free_port
from tests.browser.conftest import signed_in, visiting
from tests.browser.house import TODAY, House
from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser
SOON = 10_000
RENAMED = "改名した会社"


@pytest.fixture
def language() -> str:
    return "ja"


@pytest.fixture
def elsewhere(
    browser: Browser, house: House, sessions: dict[str, Any], csm: Visitor
) -> Iterator[Page]:
    """The same person in another window."""
    with signed_in(browser, house, sessions, house.login, "ja") as one:
        yield one.page


def add_task(page: Page, base: str, title: str) -> None:
    page.goto(f"{base}/tasks")
    form = page.locator("form", has=page.locator("[name=title]"))
    form.locator("[name=title]").fill(title)
    form.locator("[name=due_on]").fill(TODAY)  # Today shows those that are due first
    form.locator("button").click()
    expect(page.locator(".work-task", has_text=title)).to_be_visible()


def listening(page: Page) -> None:
    """The page's stream is open."""
    with page.expect_response(lambda answer: "/live/stream" in answer.url):
        page.reload()


def test_a_task_made_elsewhere_appears_on_today(
    csm: Visitor, elsewhere: Page, house: House
) -> None:
    page = csm.open("/")
    page.evaluate("window.sameDocument = true")
    add_task(elsewhere, house.base, "別の窓で作ったタスク")
    expect(page.locator("[data-task]", has_text="別の窓で作ったタスク")).to_be_visible(timeout=SOON)
    assert page.evaluate("window.sameDocument")
    csm.check()


def test_a_list_says_what_changed_and_keeps_its_order_until_asked(
    csm: Visitor, elsewhere: Page, house: House
) -> None:
    page = csm.open("/customers/")
    row = page.locator("#book tbody tr").first
    key = row.get_attribute("data-key")
    reading = row.locator(".table__sub").inner_text()
    keys = "rows => rows.map(row => row.dataset.key)"
    before = page.locator("#book tbody tr").evaluate_all(keys)
    edit(elsewhere, house.base, f"/customers/{key}/", name_reading="んんん")
    expect(page.locator("[data-live-reorder]")).to_be_visible(timeout=SOON)
    assert page.locator("#book tbody tr").evaluate_all(keys) == before
    csm.check()
    csm.expect_to_fit(360)
    page.locator("[data-live-reorder]").click()
    expect(page.locator(f"[data-key='{key}']")).to_have_count(0)
    expect(page.locator("[data-live-reorder]")).to_be_hidden()
    edit(elsewhere, house.base, f"/customers/{key}/", name_reading=reading)


def test_a_customer_page_follows_and_leaves_what_is_being_typed_alone(
    csm: Visitor, elsewhere: Page, house: House
) -> None:
    page = csm.open("/")
    page.locator("[data-watch-row] a").first.click()
    page.wait_for_url("**/customers/*/")
    csm.check()
    details = page.locator("#work-of-customer details").last
    details.locator("summary").click()
    field = details.locator("[name=title]")
    field.fill("書きかけ")
    path = page.url.removeprefix(house.base)
    name = page.locator("h1").inner_text()
    edit(elsewhere, house.base, path, name=RENAMED)
    expect(page.locator("h1")).to_have_text(RENAMED, timeout=SOON)
    expect(field).to_be_focused()
    expect(field).to_have_value("書きかけ")
    edit(elsewhere, house.base, path, name=name)
    expect(page.locator("h1")).to_have_text(name, timeout=SOON)
    csm.check()


def test_a_page_whose_server_was_killed_says_so_and_shows_what_happened_meanwhile(
    browser: Browser, house: House, sessions: dict[str, Any], elsewhere: Page
) -> None:
    server = Program(["web"], house.url, house.data, port=free_port())
    server.start()
    try:
        with visiting(browser, house, "ja", sessions[house.login]) as one:
            page = one.page
            page.goto(f"{server.base}/")
            listening(page)
            server.kill()
            expect(page.locator("[data-live-sign=lost]")).to_be_visible(timeout=15_000)
            add_task(elsewhere, house.base, "切れている間のタスク")
            server.start()
            there = page.locator("[data-task]", has_text="切れている間のタスク")
            expect(there).to_be_visible(timeout=90_000)  # pages ask ever more seldom, every 30 s
            expect(page.locator("[data-live-sign=lost]")).to_be_hidden()
    finally:
        server.kill()


def test_a_page_whose_person_signed_out_says_so(browser: Browser, house: House) -> None:
    with visiting(browser, house, "ja") as one:
        one.sign_in(house.head, house.password)
        one.page.goto(f"{house.base}/")
        listening(one.page)
        other = one.page.context.new_page()
        other.goto(f"{house.base}/accounts/logout/")
        other.locator("main form button").click()
        expect(one.page.locator("[data-live-sign=over]")).to_be_visible(timeout=8_000)


def edit(page: Page, base: str, path: str, **fields: str) -> None:
    page.goto(f"{base}{path}edit/")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**{path}")
