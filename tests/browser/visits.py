"""Visiting a page the way a person does, and holding it to WCAG and the content policy."""

import time
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, Response

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
# What passes is not read: it need not be spelt out.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "preload": False,  # nothing here comes from elsewhere
}
WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation',
  e => window.__violations.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
"""
# What another language and other colours can change. What things are named by is a string that each
# language has (test_architecture), and what they are is the same in both.
COLOURS_AND_WORDS = {
    "type": "rule",
    "values": [
        "color-contrast",
        "document-title",
        "html-has-lang",
        "html-lang-valid",
        "link-in-text-block",
        "target-size",
        "valid-lang",
    ],
}
# Rows and items of one parent, and folds of one class, come from one template: of many, the first
# dozen is looked at. What frames every page is looked at once in each of its forms. The rest is
# hidden meanwhile, folds are taken out: axe measures whatever is to be seen, and numbers whatever
# is there, also what it is not asked about.
FOUND = """
async ([known, rules]) => {
  const places = new Map();
  for (const one of document.querySelectorAll('tr, li, details')) {
    const of = one.matches('details[class]') ? one.className : one.parentElement;
    const place = (places.get(of) || 0) + 1;
    places.set(of, place);
    one.toggleAttribute('data-again', place > 12);
  }
  const frame = [...document.querySelectorAll('.frame__side, .frame__top')];
  frame.forEach(one => one.removeAttribute('data-again'));
  const html = frame.map(one => one.outerHTML.replace(/ (href|value)="[^"]*"/g, ''));
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const form = [innerWidth, dark, document.documentElement.dataset.theme, ...html].join();
  const sum = [...form].reduce((n, sign) => (Math.imul(31, n) + sign.codePointAt()) | 0, 0);
  if (known.includes(sum)) frame.forEach(one => one.setAttribute('data-again', ''));
  const hides = one => !one.hidden && !one.contains(document.activeElement);
  const again = [...document.querySelectorAll('[data-again]')].filter(hides);
  again.forEach(one => one.hidden = true);
  const folds = again.filter(one => one.localName === 'details').map(one => [one, new Comment()]);
  folds.forEach(([fold, place]) => fold.replaceWith(place));
  const found = await axe.run({exclude: ['[data-again]']}, rules);
  folds.forEach(([fold, place]) => place.replaceWith(fold));
  again.forEach(one => one.hidden = false);
  return [sum, found.violations];
}
"""
KNOWN: list[int] = []  # frames in which nothing was found
NOT_OPENED: set[str] = set()  # doors that only take what is sent to them, in whatever language
QUIET = "document.readyState === 'complete' && !document.querySelector('.htmx-request')"


@dataclass
class Visitor:
    """One browser page; every visit is checked."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=lambda: RULES)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.add_init_script(WATCH)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("response", self._note)

    def open(self, path: str) -> Page:
        """Go there, wait until it is quiet: no policy violation, no script error, no 5xx.

        How accessible pages are as they open is seen in test_every_page.
        """
        self.page.goto(self.base + path)
        self._expect_no_trouble()
        return self.page

    def problems_at(self, path: str) -> list[str]:
        """Go there and say everything that is wrong, also on a telephone.

        Nothing of doors for forms, of fragments, and of pages that were led to before.
        """
        answer = None if path in NOT_OPENED else self.page.goto(self.base + path)
        if answer is None or answer.status == 405:
            NOT_OPENED.add(path)
            return []
        self._settle()
        wrong = [*self.page.evaluate("window.__violations || []"), *self.troubles]
        self.troubles.clear()
        if self._where() in self.seen or self.page.evaluate("!document.doctype"):
            return [f"{path} {one}" for one in wrong]
        self.seen.add(self._where())
        for width in (
            (1440, 360) if self._width == 1440 else (360, 1440)
        ):  # as the last page left it
            self._resize(width)
            wrong += [*self._too_wide(width), *(self._found() if width == 1440 else [])]
        return [f"{path} {one}" for one in wrong]

    def _found(self) -> list[str]:
        """What axe finds; a page that was read while it changed is opened anew."""
        found = self._axe()
        if found:
            self.page.reload()
            self._settle()
            found = self._axe()
        return found

    @property
    def _width(self) -> int:
        assert self.page.viewport_size
        return self.page.viewport_size["width"]

    def _resize(self, width: int) -> None:
        if width != self._width:
            self.page.set_viewport_size({"width": width, "height": 900})

    def check(self) -> None:
        """No axe violation, no policy violation, no script error, no 5xx on the page as it stands."""
        self._expect_no_trouble()
        assert self._axe() == [], self._where()

    def _expect_no_trouble(self) -> None:
        self._settle()
        blocked = self.page.evaluate("window.__violations || []")
        assert (blocked, self.troubles) == ([], []), self._where()

    def _axe(self) -> list[str]:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE + "; null")
        frame, found = self.page.evaluate(FOUND, [KNOWN, self.rules])
        if not found:
            KNOWN.append(frame)
        return [_words(item) for item in found]

    def _where(self) -> str:
        return self.page.url.removeprefix(self.base)

    def _too_wide(self, width: int) -> list[str]:
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return [f"is {wide} px too wide for {width}"] if wide > 0 else []

    def _settle(self) -> None:
        """The page has loaded and asks for nothing more. (Waiting in the page would need eval.)"""
        self.page.wait_for_load_state("load")
        deadline = time.monotonic() + 15
        while not self.page.evaluate(QUIET):
            assert time.monotonic() < deadline, f"{self.page.url} keeps asking"
            self.page.wait_for_timeout(50)

    def expect_to_fit(self, width: int) -> None:
        """The page as it stands needs no sideways scrolling in a window of that width."""
        usual = self._width
        self._resize(width)
        assert self._too_wide(width) == [], self._where()
        self._resize(usual)

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
