"""Passkeys in a real browser, with a device of its own: made, used alone and as second step, removed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visiting
from tests.browser.house import House
from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


# A test's device answers at once when the browser offers its passkeys by itself.
OFFERS = """
if (sessionStorage.getItem('offers') !== 'yes') {
  PublicKeyCredential.isConditionalMediationAvailable = async () => false
}
"""


@pytest.fixture
def device(browser: Browser, house: House) -> Iterator[Visitor]:
    """Passkeys want a host name, so not 127.0.0.1."""
    named = House(house.base.replace("127.0.0.1", "localhost"), *_rest(house))
    with visiting(browser, named, "ja") as one:
        wire = one.page.context.new_cdp_session(one.page)
        wire.send("WebAuthn.enable")
        wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        one.page.add_init_script(OFFERS)
        yield one


def _rest(house: House) -> Any:
    return house.login, house.head, house.password


def test_a_passkey_is_made_used_and_removed(device: Visitor, house: House) -> None:
    page = device.page
    device.sign_in(house.head, house.password)
    make(device, house)
    device.open("/accounts/2fa/")
    expect(page.locator("main")).to_contain_text("会社のノートPC")
    device.expect_to_fit(360)
    sign_out(page)
    enter_alone(device)
    sign_out(page)
    enter_by_the_list_of_the_browser(device)
    sign_out(page)
    take_the_second_step(device, house)
    remove(device)
    sign_out(page)
    device.sign_in(house.head, house.password)
    page.wait_for_url(lambda url: "/accounts/" not in url)


def make(device: Visitor, house: House) -> None:
    """The password is asked once more; the recovery codes that come with it are shown once."""
    page = device.open("/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", house.password)
    page.click("main button[type=submit]")
    arrive(page, "/webauthn/add/")
    device.check()
    page.fill("[name=name]", "会社のノートPC")
    page.click("[data-passkey-go]")
    arrive(page, "/2fa/recovery-codes/")
    device.check()
    assert page.locator(".codes code").count() == 10
    with page.expect_download() as kept:
        page.click("[data-behavior=save_text]")
    assert len(kept.value.path().read_text().split()) == 10
    device.open("/accounts/2fa/recovery-codes/")
    assert page.locator(".codes code").count() == 0


def enter_alone(device: Visitor) -> None:
    page = device.open("/accounts/login/?next=/customers/")
    device.expect_to_fit(360)
    page.locator("[data-passkey=enter] [data-passkey-go]").click()
    arrive(page, "/customers/")
    device.check()


def enter_by_the_list_of_the_browser(device: Visitor) -> None:
    """Conditional mediation: the device of the test picks the passkey that the browser offers."""
    page = device.open("/accounts/login/")
    page.evaluate("sessionStorage.setItem('offers', 'yes')")
    page.reload()
    page.focus("[name=login]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    page.evaluate("sessionStorage.clear()")


def take_the_second_step(device: Visitor, house: House) -> None:
    page = device.page
    device.sign_in(house.head, house.password)
    arrive(page, "/2fa/authenticate/")
    device.check()
    device.expect_to_fit(360)
    page.click("[data-passkey-go]")
    page.wait_for_url(lambda url: "/accounts/" not in url)


def remove(device: Visitor) -> None:
    page = device.open("/accounts/2fa/")
    page.locator("a[href$='/remove/']").click()
    arrive(page, "/accounts/reauthenticate/")
    device.check()
    page.locator("main .list a", has_text="パスキー").click()
    arrive(page, "/webauthn/reauthenticate/")
    device.check()
    page.click("[data-passkey-go]")
    arrive(page, "/remove/")
    device.check()
    page.click("main .button--danger")
    arrive(page, "/accounts/2fa/")


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def arrive(page: Page, ending: str) -> None:
    """On the page whose path ends so: a pattern would find it in `next` already."""
    page.wait_for_url(lambda url: urlsplit(url).path.endswith(ending))
