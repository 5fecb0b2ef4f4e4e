"""Two rows are one company, then not: from the pairs found to the merge, and back."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser
CUSTOMER = re.compile(r"/customers/[0-9a-f-]{36}/$")


def test_two_rows_are_one_company_then_not(head: Visitor, house: House) -> None:
    page, called = head.page, f"ひかり{uuid4().hex[:6]}"
    one = add(page, house.base, name=f"株式会社{called}", industry="")
    other = add(page, house.base, name=f"{called}（株）", industry="製造業")
    page.goto(f"{house.base}/customers/alike/")
    page.click("form[action$='/find/'] button")
    open_pair(page, house.base, called)
    page.get_by_role("link", name="同じ会社").click()
    page.wait_for_url("**/merge/?with=*")
    head.check()
    expect(page.locator("main")).to_contain_text("製造業")
    page.locator("main form button.button--primary").click()
    page.wait_for_url(CUSTOMER)
    assert page.url == one
    expect(page.locator("main")).to_contain_text("製造業")
    page.goto(other)
    assert page.url == one
    page.goto(f"{house.base}/merges/")
    page.get_by_role("link", name=f"{called}（株）").click()
    page.locator("form[action$='/undo/'] button").click()
    page.wait_for_url(CUSTOMER)
    assert page.url == other
    expect(page.locator("h1")).to_contain_text(f"{called}（株）")
    page.goto(f"{house.base}/customers/alike/?which=apart")
    expect(page.locator("main")).to_contain_text(called)
    remove(page, one, other)


def add(page: Page, base: str, **values: Any) -> str:
    """A new customer, by the form; its address."""
    page.goto(f"{base}/customers/new/")
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)
    page.click("main .form-actions [type=submit]")
    page.wait_for_load_state()
    if (asked := page.locator("[name=namesake_is_another]")).count():
        asked.check()
        page.click("main .form-actions [type=submit]")
    page.wait_for_url(CUSTOMER)
    return page.url


def open_pair(page: Page, base: str, called: str) -> None:
    """Found by the worker, soon."""
    pair = page.get_by_role("link", name=called)
    for _try in range(40):
        page.goto(f"{base}/customers/alike/")
        if pair.count():
            break
        page.wait_for_timeout(100)
    pair.first.click()
    page.wait_for_url("**/customers/alike/*-*/")


def remove(page: Page, *addresses: str) -> None:
    """The house's book is shared: it is left as it was found."""
    for address in addresses:
        page.goto(address)
        token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        answer = page.request.post(
            f"{address}remove/",
            form={"csrfmiddlewaretoken": token},
            headers={"referer": address},
        )
        assert answer.ok
