"""The champion moved on 4/1: said in one step, seen by everybody, and taken back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser
STEP, HEIR = "稟議の状況を伺う", "後任 太郎"


def test_the_champion_moved_on_the_first_of_april(head: Visitor) -> None:
    page = head.page
    page.goto(f"{head.base}/customers/?f=customers.champion:is:here")
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]+/$"))
    customer = page.url
    row = page.locator("#contacts li", has_text="推進者").locator("a").first
    champion = row.inner_text()
    add_task(page, champion)
    row.click()
    page.get_by_role("link", name="異動・退職").click()
    page.select_option("[name=presence]", "moved")
    page.fill("[name=since]", "2026-04-01")
    page.fill("[name=successor_name]", HEIR)
    page.locator("main form button").first.click()
    expect(page.locator("#posts")).to_contain_text(HEIR)
    head.check()
    contact = page.url
    page.goto(customer)
    told = page.locator("#timeline li", has_text="推進者が不在になりました")
    expect(told.first).to_contain_text(f"（2026/04/01） — {champion}")
    expect(page.locator("#contacts li", has_text=HEIR)).to_contain_text("推進者")
    task = page.locator("[data-task]", has_text=STEP)
    expect(task).to_contain_text(HEIR)  # by event: as soon as the worker has heard
    as_it_was(page, contact, customer)


def add_task(page: Page, champion: str) -> None:
    page.locator("summary", has_text="タスクを追加").click()
    form = page.locator("form[action$='/tasks']")
    form.locator("[name=title]").fill(STEP)
    whom = form.locator("[name=contact_id]")
    whom.select_option(whom.locator("option", has_text=champion).get_attribute("value"))
    form.locator("button").click()
    expect(page.locator("[data-task]", has_text=STEP)).to_contain_text(champion)


def as_it_was(page: Page, contact: str, customer: str) -> None:
    """The house's book is shared; what is taken back takes the task along."""
    page.locator("#contacts li", has_text=HEIR).locator("a").first.click()
    heir = page.url
    page.goto(contact)
    page.locator("#posts button").click()
    expect(page.locator("#posts")).to_have_count(0)
    page.goto(heir)
    page.locator("form[action$='/remove/'] button").click()
    page.wait_for_url(customer)
    task = page.locator("[data-task]", has_text=STEP)
    expect(task).not_to_contain_text(HEIR)
    task.locator("button").click()
    expect(page.locator("#contacts")).not_to_contain_text(HEIR)


def test_the_season_is_worked_off_by_single_keys(head: Visitor) -> None:
    page = head.open("/contacts/to-confirm/?who=all")
    first, second = page.locator(".split .list a").all_inner_texts()[:2]
    page.keyboard.press("5")
    expect(page.locator(".season__card h2")).to_have_text(second)
    page.go_back()
    page.keyboard.press("1")
    expect(page.locator("#toasts")).to_contain_text(f"{first}：在籍")
    expect(page.locator(".season__card h2")).to_have_text(second)
    page.locator("#toasts form button").first.click()
    expect(page.locator(".season__card h2")).to_have_text(first)
