"""Which pages are asked, and how: the real WSGI application, in this process."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from bench.pages_parts.book import Book

EMPTY = "bench/empty"
PANEL = re.compile(r'hx-get="(/[^"]+)" hx-trigger="load"')
SORTS = {
    "name": "customers.name",
    "MRR": "-customers.mrr",
    "renewal": "customers.renewal_on",
    "risk": "health.risk",
}
FILTERS = "f=customers.tier:is:low&f=health.band:is:{band}&f=customers.deadline_on:within_days:{n}"
MINE = (
    "f=customers.main_owner:is:{me}&f=health.band:is:{band}&f=customers.deadline_on:within_days:{n}"
)
BANDS, DAYS = ("danger", "watch", "healthy"), (90, 60, 30)
WORDS = ("青葉商", "商事", "アオバ", "瑞穂製作所", "林", "カトウ", "C12", "千歳 電機")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page with the addresses it is asked by; `fragment` as htmx asks for it."""

    name: str
    paths: list[str]
    fragment: bool = False


def kinds(book: Book) -> list[Kind]:
    """Every kind of page, by name the same in each book; the last are the customer page's panels."""
    pages = [f"/customers/{one}/" for one in book.customers]
    lists = [
        Kind(f"list, 3 filters, by {name}", _filtered(FILTERS, book, sort))
        for name, sort in SORTS.items()
    ]
    whole = [Kind(f"list by {name}", [f"/customers/?sort={sort}"]) for name, sort in SORTS.items()]
    found = [f"/search?q={quote(word)}" for word in WORDS]
    return [
        Kind("empty page", [f"/{EMPTY}"]),
        Kind("Today, mine", ["/?who=me"]),
        Kind("Today, everyone's", ["/?who=all"]),
        *whole,
        *lists,
        Kind("list, 3 filters, my own", _filtered(MINE, book, SORTS["renewal"])),
        Kind("search box", found, fragment=True),
        Kind("search page", found),
        Kind("segments", ["/segments/"]),
        Kind(
            "a segment's members and moves", [f"/segments/{one}/members/" for one in book.segments]
        ),
        Kind("customer page", pages),
        *_panels(book, pages),
    ]


def _filtered(words: str, book: Book, sort: str) -> list[str]:
    return [
        f"/customers/?{words.format(band=band, n=n, me=book.person)}&sort={sort}"
        for band, n in zip(BANDS, DAYS, strict=True)
    ]


def _panels(book: Book, pages: list[str]) -> Iterator[Kind]:
    """What a customer's page fetches by itself, panel by panel."""
    asker = Asker(book.cookie)
    fetched = [PANEL.findall(asker.get(page).decode()) for page in pages[:50]]
    for same in zip(*fetched, strict=True):
        yield Kind(f"panel {resolve(same[0]).view_name}", list(same), fragment=True)


class Asker:
    """A browser of one person, without a network between."""

    def __init__(self, cookie: str) -> None:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise wants it
        self.cookie, self.application = cookie, get_wsgi_application()

    def get(self, path: str, *, fragment: bool = False) -> bytes:
        """The answer's body; anything but 200 is an error."""
        environ = self._environ(path, fragment)
        status: list[str] = []

        def start_response(line: str, headers: Any, exc_info: Any = None) -> Any:
            status.append(line)

        answer: Any = self.application(environ, start_response)
        body = b"".join(answer)
        answer.close()
        if not status[0].startswith("200"):
            raise RuntimeError(f"{path} was answered {status[0]}")
        return body

    def _environ(self, path: str, fragment: bool) -> dict[str, Any]:
        parts = urlsplit(path)
        environ: dict[str, Any] = {"PATH_INFO": parts.path, "QUERY_STRING": parts.query}
        setup_testing_defaults(environ)
        known = {"HTTP_COOKIE": self.cookie, "REMOTE_ADDR": "127.0.0.1"}
        if fragment:
            known["HTTP_HX_REQUEST"] = "true"
        return environ | known

    def seconds(self, kind: Kind, times: int) -> list[float]:
        """Seconds of server time of each of `times` requests, from the request to its last byte."""
        paths, spent = cycle(kind.paths), []
        for _time in range(times):
            path = next(paths)
            begin = time.perf_counter()
            self.get(path, fragment=kind.fragment)
            spent.append(time.perf_counter() - begin)
        return spent

    def queries(self, kind: Kind) -> int:
        """How many queries one such page asks."""
        with CaptureQueriesContext(connection) as caught:
            self.get(kind.paths[0], fragment=kind.fragment)
        return len(caught)
