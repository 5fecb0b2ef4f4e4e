"""A newcomer's way: make a source, try it, see what arrives without reloading, say whose it is."""

import base64
import json
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser


def send(base: str, key: str, message: dict[str, object]) -> None:
    basic = base64.b64encode(f"{key}:".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/json"}
    data = json.dumps(message).encode()
    request = urllib.request.Request(f"{base}/v1/track", data, headers)  # noqa: S310 (our own loopback port)
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


def test_a_newcomer_sees_usage_arrive_and_says_whose_it_is(head: Visitor) -> None:
    page = head.open("/settings/sources/")
    page.click("main a.button--primary")
    page.fill("[name=name]", "製品サーバー")
    page.click("main button[type=submit]")
    head.check()
    key = page.locator("code.secret").inner_text()
    assert key in page.locator("[data-program=python]").inner_text()
    page.goto(head.base + "/settings/sources/")
    page.click("main tbody th a")
    page.click("#trial button[type=submit]")
    page.wait_for_url("**?tried=*")
    head.check()
    expect(page.locator("#trial .notice")).to_contain_text("照合待ち")
    head.open("/usage/arrivals/")
    rows = page.locator("#arrivals tbody tr")
    expect(rows).to_have_count(1)
    told = {"event": "請求書を発行", "userId": "u-1", "messageId": "n-1"}
    send(head.base, key, {**told, "context": {"groupId": "org-neu"}})
    expect(rows).to_have_count(2)  # nobody has reloaded
    head.check()
    page.click("#arrivals tbody th a")
    head.check()
    expect(page.locator(".arrival__body")).to_contain_text("請求書を発行")
    head.open("/usage/waiting/people/")
    head.open("/usage/waiting/")
    page.click("text=org-neu")
    head.check()
    page.fill("main [name=q]", "暁")
    page.locator("#found form button").first.click()
    page.wait_for_url("**/usage/waiting/")
    head.check()
    expect(page.locator(".toasts")).to_contain_text("照合しました")
