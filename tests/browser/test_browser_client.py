"""The browser's program, as a source's page shows it, in a page of another origin."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.clients.ground import INSTALLED, a_post, expect_delivered, need_node, served

PACKAGE = "@segment/analytics-next"
# The bundle has its classes on `window`; a page without a bundler takes them from there.
SHIM = (
    "await import('/client/index.js')\nexport const { AnalyticsBrowser } = window.AnalyticsNext\n"
)
PAGE = """<!doctype html><title>製品</title>
<script type="importmap">{"imports": {"@segment/analytics-next": "/shim.js"}}</script>
<script type="module" src="/program.js"></script>
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@contextmanager
def another_origin(folder: Path) -> Iterator[str]:
    """The folder, served from a port of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_the_browser_program_delivers_from_another_origin(
    browser: Browser, django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> None:
    need_node(PACKAGE)
    (tmp_path / "client").symlink_to(INSTALLED / PACKAGE / "dist" / "umd")
    (tmp_path / "shim.js").write_text(SHIM)
    (tmp_path / "index.html").write_text(PAGE)
    with django_db_blocker.unblock(), served("browser_client") as base:
        post = a_post(base)
        (tmp_path / "program.js").write_text(post.programs["browser"])
        with another_origin(tmp_path) as origin:
            page, asked = browser.new_page(), []
            page.on("request", lambda request: asked.append(request.url))
            page.goto(origin)
            page.wait_for_timeout(1500)
            expect_delivered(post)
            page.close()
    strangers = [url for url in asked if not url.startswith((origin, post.base))]
    assert strangers == [], "the program must ask nobody else"
