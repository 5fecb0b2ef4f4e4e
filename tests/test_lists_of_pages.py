"""Every page that lists rows of the book gives them as a file: its columns, its filters, no more."""

import csv
import re
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

import banso
from banso.core.imports.declarations import import_table
from banso.core.lists import services as lists
from banso.core.lists.declarations import TABLE, known_lists
from banso.core.models import Person, Workspace
from banso.core.tests.builders import drain_jobs, fresh
from banso.customers import services
from banso.customers.models import Contact, FormerPost, Segment
from tests.listed import CASES, in_the_bin, segment_members, to_confirm
from tests.test_lists_out import brought_in, taken_out

MENU = re.compile(r'name="list" value="([^"]*)"><input type="hidden" name="query" value="([^"]*)"')


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.DATA = tmp_path, tmp_path


def asked_by(client: Client, page: str, name: str) -> dict[str, str]:
    """What the buttons of the list send."""
    menus = dict(MENU.findall(client.get(page).content.decode()))
    return {"list": name, "query": unescape(menus[name]), "kind": "csv"}


def sent(client: Client, asked: dict[str, str]) -> list[list[str]]:
    answer = client.post("/exports/", asked, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize("name", CASES)
def test_the_page_gives_what_it_shows_and_strangers_get_nothing_of_it(
    name: str, alice: Person, bob: Person, alice_client: Client, charlie_client: Client
) -> None:
    case = CASES[name](alice, bob)
    asked = asked_by(alice_client, case.page, name.split()[0])
    assert sent(alice_client, asked) == case.texts()
    workbook = alice_client.post("/exports/", asked | {"kind": "xlsx"}, follow=True).content
    assert load_workbook(BytesIO(workbook)).active.max_row == len(case.texts())
    theirs = charlie_client.post("/exports/", asked, follow=True)
    if theirs.status_code != 404:
        assert len(theirs.content.decode("utf-8-sig").splitlines()) == 1


COME_BACK = ("to_confirm", "places", "segment_members", "passing", "purchases", "health", "targets")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", COME_BACK)
def test_a_file_of_customers_or_contacts_comes_back_unchanged(
    name: str, language: str, alice: Person, bob: Person, alice_client: Client
) -> None:
    case = CASES[name](alice, bob)
    asked = asked_by(alice_client, case.page, name)
    with translation.override(language):
        path = taken_out(name, "xlsx" if language == "ja" else "csv", alice, asked["query"])
    facts = brought_in(path)
    assert facts["errors"] == [] and facts["table"] == path.stem
    assert facts["read"] == facts["unchanged"] == len(case.rows)


def test_what_the_season_has_found_out_in_excel_comes_back(
    alice: Person, bob: Person, alice_client: Client
) -> None:
    case = to_confirm(alice, bob)
    path = taken_out(
        "to_confirm", "xlsx", alice, asked_by(alice_client, case.page, "to_confirm")["query"]
    )
    workbook = load_workbook(path)
    row = next(workbook.active.iter_rows(min_row=2, max_row=2))
    row[5].value, row[8].value = "大阪支店", "異動"
    workbook.save(path)
    facts = brought_in(path)
    assert (facts["updated"], facts["unchanged"], facts["created"]) == (1, 1, 0)
    found = fresh(Contact.objects.get(pk=UUID(row[0].value)))
    assert (found.department, found.presence) == ("大阪支店", "moved")
    assert [one.department for one in FormerPost.objects.all()] == ["=総務部"]


def test_lists_that_one_may_not_open_are_no_files_either(
    alice: Person, bob: Person, alice_client: Client, bob_client: Client
) -> None:
    asked = asked_by(alice_client, in_the_bin(alice, bob).page, "bin")
    assert bob_client.post("/exports/", asked).status_code == 422


OF_ONE = (
    "segment_members",
    "check_lists",
    "places",
    "history",
    "vanished",
    "bulk_edit_kept",
    "purchases",
)


def test_a_list_of_nothing_that_is_there_is_not_found(
    acme: Workspace, alice_client: Client
) -> None:
    for query in ("", "?segment=x&hand_over=1&customer=%00&repeated=&bulk_edit=%F0"):
        for name in OF_ONE:
            asked = {"list": name, "query": query, "kind": "csv"}
            assert alice_client.post("/exports/", asked).status_code == 404


def test_each_list_has_its_menu_on_a_page_and_only_what_comes_back_is_named_like_a_table() -> None:
    pages = Path(banso.__file__).parent.rglob("templates/**/*.html")
    menus = {
        name for page in pages for name in re.findall(r'export_menu "([\w.]+)"', page.read_text())
    }
    lists = {one.name: one for one in known_lists() if not one.name.startswith(TABLE)}
    assert {one for one in menus if not one.startswith(TABLE)} == set(lists)
    named = {one.name for one in lists.values() if import_table(one.file)}
    assert named >= {"customers", *COME_BACK}
    assert not named & (set(CASES) - set(COME_BACK))


def test_of_what_is_gone_before_its_file_is_written_one_is_told(
    alice: Person, bob: Person, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "AT_ONCE", 0)
    asked = asked_by(alice_client, segment_members(alice, bob).page, "segment_members")
    place = alice_client.post("/exports/", asked)["Location"]
    services.delete_segment(Segment.objects.get().pk, by=alice)
    drain_jobs()
    assert "その一覧はありません" in alice_client.get(place).content.decode()
