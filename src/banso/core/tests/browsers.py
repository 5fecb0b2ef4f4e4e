"""The browser that tests drive: the system's Chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

# The shell is the same engine without a browser around it: a third less of the processor's time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages are looked at once: compiling what they run for speed would only cost time.
    "--js-flags=--no-turbofan --no-maglev --min-semi-space-size=64",
]


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser until the block ends. Skips the test, saying so, where the system has none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(
            "no Chromium on this machine: browser tests need one (apt-get install chromium)"
        )
    # Playwright runs a loop of its own in this thread; Django takes that for an async caller.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
