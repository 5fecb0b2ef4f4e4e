"""Visiting a page the way a person does, and holding it to WCAG and the content policy."""

import time
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, Response

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation',
  e => window.__violations.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
"""
QUIET = "document.readyState === 'complete' && !document.querySelector('.htmx-request')"


@dataclass
class Visitor:
    """One browser page; every visit is checked."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(WATCH)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("response", self._note)

    def open(self, path: str) -> Page:
        """Go there, wait until it is quiet, and check it."""
        self.page.goto(self.base + path)
        self.check()
        return self.page

    def check(self) -> None:
        """No axe violation, no policy violation, no script error, no 5xx on the page as it stands."""
        self._settle()
        blocked = self.page.evaluate("window.__violations || []")
        self.page.evaluate(AXE + "; null")
        found = self.page.evaluate("rules => axe.run(document, rules)", RULES)
        where = self.page.url.removeprefix(self.base)
        assert (blocked, self.troubles) == ([], []), (where, blocked, self.troubles)
        worded = [_words(item) for item in found["violations"]]
        assert worded == [], (where, worded)

    def _settle(self) -> None:
        """The page has loaded and asks for nothing more. (Waiting in the page would need eval.)"""
        self.page.wait_for_load_state("load")
        deadline = time.monotonic() + 15
        while not self.page.evaluate(QUIET):
            assert time.monotonic() < deadline, f"{self.page.url} keeps asking"
            self.page.wait_for_timeout(50)

    def expect_to_fit(self, width: int) -> None:
        """The page as it stands needs no sideways scrolling in a window of that width."""
        usual: Any = self.page.viewport_size
        self.page.set_viewport_size({"width": width, "height": 740})
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        self.page.set_viewport_size(usual)
        where = self.page.url.removeprefix(self.base)
        assert wide <= 0, f"{where} is {wide} px too wide for {width}"

    def sign_in(self, email: str, password: str) -> None:
        self.open("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} {response.url}")


def _words(violation: dict[str, Any]) -> str:
    nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']} [{nodes}]"
