"""The command line, Today and the API tell the same list, on data nobody here made."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from banso.cli import listing
from banso.core.models import Workspace
from tests.test_ravenstack import DATA, bring_in

AT = date(2024, 12, 31)
SAID = ["external_id", "name", "mrr", "currency", "renewal_date", "score", "coverage", "reason"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here"),
]


def said(rows: list[dict[str, Any]]) -> list[list[Any]]:
    return [[row[name] for name in SAID] for row in rows]


def by_api(client: Client) -> list[dict[str, Any]]:
    rows, cursor = [], ""
    while True:
        asked = {"sort": "risk", "at": AT.isoformat(), "limit": "200", "cursor": cursor}
        page = client.get("/api/v1/customers", asked).json()
        rows += page["items"]
        if not (cursor := page["next_cursor"]):
            return rows


def test_the_command_line_today_and_the_api_tell_the_same_list(
    acme: Workspace, alice_client: Client
) -> None:
    bring_in("iso")
    with translation.override("ja"):
        told = listing.rows(AT, limit=None)
    assert len(told) == 500 and sum(row["mrr"] for row in told) == 10_159_608
    assert all(row["reason"] and row["renewal_date"] > AT.isoformat() for row in told)
    scored = [row for row in by_api(alice_client) if row["score"] is not None]
    assert said(scored) == said([row for row in told if row["score"] is not None])
    page = alice_client.get("/", {"at": AT.isoformat(), "who": "all"}).content.decode()
    shown = re.findall(r'data-watch-row[^>]*>\s*<th scope="row"><a [^>]*>([^<]+)</a>', page)
    assert shown == [row["name"] for row in told[: len(shown)]] and len(shown) >= 20
