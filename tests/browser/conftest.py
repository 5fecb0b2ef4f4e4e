"""A real server with the demo's book, and the system's Chromium. Skipped, saying so, without it."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.house import TODAY, own_database, run, serving
from tests.browser.visits import Visitor

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def chromium() -> str | None:
    return next(
        filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None
    )


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip(
            "no Chromium on this machine: browser tests need one (apt-get install chromium)"
        )
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """(address, login, password) of a served demo."""
    data = tmp_path_factory.mktemp("house")
    with own_database("banso_browser_tests") as url:
        told = json.loads(run(url, data, "demo", "--no-serve", "--json", "--today", TODAY))
        with serving(url, data) as base:
            yield base, told["login"], told["password"]


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visitor(browser: Browser, house: tuple[str, str, str]) -> Iterator[Visitor]:
    """A Japanese browser that nobody has signed in with."""
    yield from _visitor(browser, house[0], "ja")


@pytest.fixture
def csm(browser: Browser, house: tuple[str, str, str], language: str) -> Iterator[Visitor]:
    """The demo's CSM, signed in, once in each language."""
    base, login, password = house
    for one in _visitor(browser, base, language):
        one.sign_in(login, password)
        yield one


def _visitor(browser: Browser, base: str, language: str) -> Iterator[Visitor]:
    context = browser.new_context(locale=language, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    yield Visitor(context.new_page(), base)
    context.close()
