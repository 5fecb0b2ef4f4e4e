"""A real server with the demo's book, and the system's Chromium. Skipped, saying so, without it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser

from banso.core.tests.browsers import launched
from banso.core.tests.databases import own_database
from banso.core.tests.programs import run
from tests.browser.house import TODAY, House, serving
from tests.browser.visits import Visitor


@pytest.fixture(scope="package")
def browser(django_db_setup: None) -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def demo(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """What the program says of the demo it has made, with its `url` and `data`."""
    data = tmp_path_factory.mktemp("house")
    tables = os.environ.get("BANSO_TABLES", "template1")
    with own_database(f"{connection.settings_dict['NAME']}_browser", like=tables) as url:
        told = json.loads(run(url, data, "demo", "--no-serve", "--json", "--today", TODAY))
        yield {**told, "url": url, "data": data}


@pytest.fixture(scope="package")
def house(browser: Browser, demo: dict[str, Any]) -> Iterator[House]:
    """The demo's book, served with its worker."""
    url, data = demo["url"], demo["data"]
    with serving(url, data) as base:
        yield House(base, demo["login"], demo["head"], demo["password"], url, data)


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="package")
def sessions() -> dict[str, Any]:
    """Browser states of people who have signed in once: signing in again would only cost time."""
    return {}


@pytest.fixture
def visitor(browser: Browser, house: House) -> Iterator[Visitor]:
    """A Japanese browser that nobody has signed in with."""
    with visiting(browser, house, "ja") as one:
        yield one


@pytest.fixture
def csm(
    browser: Browser, house: House, sessions: dict[str, Any], language: str
) -> Iterator[Visitor]:
    """The demo's CSM, signed in, once in each language."""
    with signed_in(browser, house, sessions, house.login, language) as one:
        yield one


@pytest.fixture
def head(browser: Browser, house: House, sessions: dict[str, Any]) -> Iterator[Visitor]:
    """The demo's head of customer success, who may import; in Japanese."""
    with signed_in(browser, house, sessions, house.head, "ja") as one:
        yield one


@contextmanager
def signed_in(
    browser: Browser,
    house: House,
    sessions: dict[str, Any],
    login: str,
    language: str,
) -> Iterator[Visitor]:
    with visiting(browser, house, language, sessions.get(login)) as one:
        if login not in sessions:
            one.sign_in(login, house.password)
            sessions[login] = one.page.context.storage_state()
        yield one


@contextmanager
def visiting(browser: Browser, house: House, language: str, state: Any = None) -> Iterator[Visitor]:
    """A window of 1440 px. Without motion: a colour that fades has no contrast."""
    context = browser.new_context(
        locale=language,
        storage_state=state,
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    try:
        yield Visitor(context.new_page(), house.base)
    finally:
        context.close()
