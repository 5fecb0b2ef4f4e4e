"""The API's schema: kept in the repository, shown on a page of ours."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from banso.config.api import schema, schema_text
from banso.core.declarations import permission

SNAPSHOT = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


def test_the_snapshot_is_what_the_program_serves(client: Client, db: None) -> None:
    """When it is not, and the change is meant: ./banso openapi"""
    assert SNAPSHOT.read_text() == schema_text()
    served = client.get("/api/v1/openapi.json").json()
    assert served == json.loads(SNAPSHOT.read_text())


def test_the_schema_is_openapi_3_1_and_every_operation_says_its_right() -> None:
    document = schema()
    assert document["openapi"].startswith("3.1")
    silent = [
        f"{method} {path}"
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if not told.get("x-permission") or not told.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_operation_stands_on_the_page(vera_client: Client, language: str) -> None:
    page = vera_client.get("/api/", headers={"accept-language": language})
    text = page.content.decode()
    assert page.status_code == 200 and f'<html lang="{language}"' in text
    missing = [path for path in schema()["paths"] if f"<code>{path}</code>" not in text]
    assert missing == []


def test_the_page_says_title_and_right_of_every_operation_without_opening_it(
    vera_client: Client,
) -> None:
    page = vera_client.get("/api/", headers={"accept-language": "ja"}).content.decode()
    heads = [one.split("</summary>")[0] for one in page.split(' class="operation"')[1:]]
    with translation.override("ja"):
        wanted = [
            (gettext(told["summary"]), str(permission(told["x-permission"]).label))
            for methods in schema()["paths"].values()
            for told in methods.values()
        ]
    assert len(wanted) == len(heads)
    for title, right in wanted:
        assert not title.isascii() and any(title in one and right in one for one in heads), title


def test_no_two_operations_are_called_the_same() -> None:
    titles = [one["summary"] for methods in schema()["paths"].values() for one in methods.values()]
    assert len(set(titles)) == len(titles)


def test_the_settings_lead_to_the_page_and_it_keeps_their_tabs(vera_client: Client) -> None:
    assert 'href="/api/"' in vera_client.get("/settings/").content.decode()
    assert 'href="/settings/"' in vera_client.get("/api/").content.decode()


def test_the_page_is_for_people_who_are_signed_in(client: Client, db: None) -> None:
    assert "/accounts/login/" in client.get("/api/")["Location"]
