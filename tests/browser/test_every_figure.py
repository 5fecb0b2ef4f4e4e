"""Every figure of every page opens to rows that add up to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import Browser, Page

from banso.core.tests.builders import PASSWORD
from banso.core.tests.databases import connected_to, own_database
from banso.insight.metrics.asking.registry import MEASURES
from tests.browser import figures_book
from tests.browser.figures_walk import opened, shown, wrong_with
from tests.browser.house import serving
from tests.browser.visits import Visitor

pytestmark = pytest.mark.browser
BOARDS = (
    "",
    "?period=2026-10&cohorts=mrr",
    "?kind=year&unit=group&standing=today",
)


@pytest.fixture
def served(
    browser: Browser, tables: str, tmp_path: Path, django_db_blocker: Any
) -> Iterator[tuple[Visitor, dict[str, str]]]:
    """The owner of the book of figures, signed in to the real program."""
    name = f"{tables}_figures"
    with own_database(name, like=tables) as url:
        with django_db_blocker.unblock(), connected_to(name):
            ids = figures_book.write()
        with serving(url, tmp_path, "web") as base:  # what clocks renew meanwhile would be news
            context = browser.new_context(locale="ja")
            visitor = Visitor(context.new_page(), base)
            visitor.sign_in(figures_book.EMAIL, PASSWORD)
            yield visitor, ids
            context.close()


def addresses(ids: dict[str, str]) -> list[str]:
    """Every page that shows figures."""
    september = f"/metrics/closings/{ids['september']}/"
    return [
        *(f"/metrics/{one}" for one in BOARDS),
        "/metrics/figures/",
        *(f"/metrics/figure/?kpi={kpi}&periods=2" for kpi in MEASURES),
        "/metrics/closings/",
        *(f"{september}?by={by}" for by in ("whole", "plan", "tier", "owner")),
        f"/metrics/closings/{ids['october']}/",
        f"/metrics/restatements/?kpi=nrr&first=2026-09&last=2026-09&closing={ids['september']}",
        f"/metrics/restatements/?kpi=mrr&first=2026-10&last=2026-10&by=tier&closing={ids['october']}",
        *(f"/metrics/reviews/{ids[name]}" for name in ("closed", "draft")),
        "/metrics/report?month=2026-10",
    ]


def test_every_figure_of_every_page_opens_to_rows_that_add_up_to_it(
    served: tuple[Visitor, dict[str, str]],
) -> None:
    visitor, ids = served
    found = [(address, one) for address in addresses(ids) for one in shown(at(visitor, address))]
    assert [(where, one) for where, one in found if not one.href] == []
    told = {urldefrag(one.href)[0] for _where, one in found}
    assert len(told) > 500  # the walk has found the figures
    rows = {address: opened(visitor.page.request, address) for address in told}
    wrong = [
        (where, one.words, one.href, why)
        for where, one in found
        if (why := wrong_with(one, rows[urldefrag(one.href)[0]]))
    ]
    assert wrong == []


def at(visitor: Visitor, address: str) -> Page:
    answer = visitor.page.goto(visitor.base + address, wait_until="domcontentloaded")
    assert answer and answer.ok, address
    return visitor.page
