"""A call with a next step, logged from a customer's page by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.house import TODAY
from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser


def test_a_call_with_a_next_step_is_logged_by_keyboard_and_stands_on_the_timeline_and_on_today(
    csm: Visitor, language: str
) -> None:
    page = csm.open("/")
    page.locator("[data-watch-row] a").first.click()
    page.wait_for_url("**/customers/*/")
    csm.check()
    customer = page.locator("h1").inner_text()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts a[data-keys='l c']")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.keyboard.press("c")
    page.wait_for_url("**/activities/new?kind=call")
    csm.check()
    title, step = f"値上げの相談 {language}", f"見積を送る {language}"
    page.keyboard.type(title)
    page.keyboard.press("Tab")
    page.keyboard.type("来期の値上げについて。\n議事録を貼る。")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(step)
    page.fill("[name=next_step_on]", TODAY)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]+/$"))
    csm.check()
    said = "Call on" if language == "en" else "の電話"
    expect(page.locator("#timeline li").first).to_contain_text(said)
    expect(page.locator("main")).to_contain_text(title)
    page.locator("#timeline li a").first.click()
    page.wait_for_url("**/activities/*")
    csm.check()
    expect(page.locator(".pasted")).to_have_text("来期の値上げについて。\n議事録を貼る。")
    csm.open("/")
    task = page.locator("[data-task]", has_text=step)
    expect(task).to_contain_text(customer)
    task.locator("button").click()
    page.keyboard.press("/")
    page.keyboard.type("値上")
    expect(page.locator("a.answer", has_text=title)).to_be_visible()
    page.keyboard.press("Escape")
    undo(csm, title)


def undo(csm: Visitor, title: str) -> None:
    """The house's book is shared: it is left as it was found."""
    page = csm.open("/activities")
    page.get_by_role("link", name=title).click()
    page.wait_for_url("**/activities/*")
    page.locator("form[action$='/delete'] button").click()
    expect(page.locator("#toasts form[action$='/restore']")).to_be_visible()
    csm.check()
    page.goto(csm.base + "/activities")
    expect(page.get_by_role("link", name=title)).to_have_count(0)
