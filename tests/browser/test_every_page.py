"""Every staff page in both languages: accessible, true to the content policy, and fitting 360 px."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import signed_in
from tests.browser.everywhere import addresses
from tests.browser.house import House
from tests.browser.visits import COLOURS_AND_WORDS, RULES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def everywhere(house: House) -> list[str]:
    """Addresses of the pages, walked from the resolver."""
    found = addresses(house.url)
    assert len(found) > 60  # the walk has found the house, not an empty lot
    return found


@pytest.mark.parametrize(("language", "scheme"), [("ja", "dark"), ("en", "light")])
def test_every_page_is_accessible_keeps_the_content_policy_and_fits_a_telephone(
    browser: Browser,
    house: House,
    sessions: dict[str, Any],
    everywhere: list[str],
    language: str,
    scheme: Literal["dark", "light"],
) -> None:
    """WCAG 2.2 AA by axe; no violation of the policy, no script error, no 5xx.

    Colours are the same in both languages: those of the dark are looked at in one, those of the
    light in the other. English is not asked again what a language cannot change.
    """
    found = []
    with signed_in(browser, house, sessions, house.head, language) as head:
        head.rules = RULES if language == "ja" else {**RULES, "runOnly": COLOURS_AND_WORDS}
        head.page.emulate_media(color_scheme=scheme)
        for address in everywhere:
            found += head.problems_at(address)
    assert found == []
