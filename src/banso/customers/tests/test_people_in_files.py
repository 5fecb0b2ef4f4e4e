"""Files say where contacts belong beside their own company, and what they were before."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from banso.core.errors import Refused
from banso.core.imports import undoing
from banso.core.imports.declarations import import_table
from banso.core.imports.guesses import guess_table
from banso.core.tests.builders import TODAY, fresh
from banso.customers import queries, services
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Affiliation, Contact, FormerPost
from banso.customers.tests.builders import a_contact, a_customer, a_merge, an_affiliation
from banso.customers.tests.files import brought_in, imported

pytestmark = pytest.mark.usefixtures("acme")
BESIDE = "contact,customer,department,title,roles\n"
BEFORE = "先方担当者ID,異動日,部署,役職\n"


def hana(**given: Any) -> Contact:
    """P-1 of C-1, whose address only she has."""
    home = a_customer("本社", external_id="C-1")
    usual = {"external_id": "P-1", "email": "Hana@h.example", "department": "情報システム部"}
    return a_contact(home, **{**usual, **given})


def sent_out(name: str) -> list[dict[str, str]]:
    table = import_table(name)
    assert table is not None
    return [dict(row) for row in table.rows()]


def test_one_person_belongs_to_several_companies(tmp_path: Path) -> None:
    her, one, other = hana(), a_customer("子会社", external_id="C-2"), a_customer("関連会社")
    rows = "P-1,C-2,総務部,部長,user;champion\nhana@H.example,関連会社,,監査役,\nP-9,C-2,,,\nP-1,C-1,,,\n"
    run, report = brought_in(tmp_path, BESIDE + rows, "affiliations.csv")
    assert {beside.customer: beside.title for beside in queries.companies_of(her.pk)} == {
        one: "部長",
        other: "監査役",
    }
    assert [(error["line"], error["code"]) for error in report["errors"]] == [
        (4, "unknown_contact"),
        (5, "refused"),
    ]
    again = imported(tmp_path, BESIDE + rows, "affiliations.csv")
    assert (again["created"], again["unchanged"], again["updated"]) == (0, 2, 0)
    undoing.undo_import(run.pk, by=None)
    assert not Affiliation.objects.exists()


def test_an_empty_cell_changes_nothing_and_the_undo_gives_the_former_back(tmp_path: Path) -> None:
    her = hana()
    a_customer("子会社", external_id="C-2")
    imported(tmp_path, BESIDE + "P-1,C-2,総務部,部長,user\n", "affiliations.csv")
    run, report = brought_in(tmp_path, BESIDE + "P-1,C-2,,本部長,\n", "affiliations.csv")
    [beside] = queries.companies_of(her.pk)
    assert report["updated"] == 1
    assert (beside.department, beside.title, beside.roles) == ("総務部", "本部長", ["user"])
    undoing.undo_import(run.pk, by=None)
    assert fresh(beside).title == "部長"


def test_affiliations_of_a_merged_company_come_apart_again(tmp_path: Path) -> None:
    hana()
    one, old = a_customer("子会社", external_id="C-2"), a_customer("旧子会社", external_id="C-3")
    made = a_merge(one, old)
    imported(tmp_path, BESIDE + "P-1,C-3,,監査役,\n", "affiliations.csv")
    assert Affiliation.objects.get().customer == one
    unmerge(made.pk, by=None)
    assert Affiliation.objects.get().customer == old


def test_what_they_were_before_is_told_and_what_they_are_stays(tmp_path: Path) -> None:
    her = hana(roles=("champion",))
    rows = "P-1,2022/4/1,営業部,\nP-1,令和6年4月1日,経理部,課長\nP-1,2999-01-01,夢,\nP-1,2020-04-01,,\n"
    run, report = brought_in(tmp_path, BEFORE + rows, "経歴.csv")
    posts = queries.former_posts(her.pk)
    assert [(post.until, f"{post}") for post in posts] == [
        (date(2024, 4, 1), "経理部 課長"),
        (date(2022, 4, 1), "営業部"),
    ]
    assert {tuple(post.roles) for post in posts} == {("champion",)}
    assert [error["line"] for error in report["errors"]] == [4, 5]
    assert fresh(her).department == "情報システム部"
    again = imported(tmp_path, BEFORE + rows, "経歴.csv")
    assert (again["created"], again["unchanged"]) == (0, 2)
    undoing.undo_import(run.pk, by=None)
    assert not FormerPost.objects.exists()


def test_a_past_post_is_no_move_that_could_be_taken_back(
    tmp_path: Path, alice_client: Client
) -> None:
    her = hana()
    services.mark_contact_moved(her.pk, presence="moved", since=TODAY, by=None)
    [moved] = queries.former_posts(her.pk)
    imported(tmp_path, BEFORE + "P-1,2022-04-01,営業部,\n", "経歴.csv")
    told = FormerPost.objects.get(is_told=True)
    with pytest.raises(Refused):
        services.take_back_move(her.pk, former_post_id=told.pk, by=None)
    page = alice_client.get(f"/contacts/{her.pk}/").content.decode()
    assert "営業部" in page and page.count("?post=") == 1 and f"?post={moved.pk}" in page
    services.take_back_move(her.pk, former_post_id=moved.pk, by=None)
    assert fresh(her).presence == "here"


def test_both_come_out_as_they_came_in(tmp_path: Path) -> None:
    hana(), a_customer("子会社", external_id="C-2")
    imported(tmp_path, BESIDE + "P-1,C-2,総務部,部長,user\n", "affiliations.csv")
    imported(tmp_path, BEFORE + "P-1,2022-04-01,営業部,主任\n", "経歴.csv")
    assert sent_out("affiliations") == [
        {
            "contact": "P-1",
            "customer": "C-2",
            "department": "総務部",
            "title": "部長",
            "roles": "user",
        }
    ]
    [post] = sent_out("former_posts")
    assert (post["contact"], post["until"], post["title"]) == ("P-1", "2022-04-01", "主任")


def test_a_binned_company_or_contact_is_not_sent_out() -> None:
    beside = an_affiliation()
    services.bin_customer(beside.customer_id, by=None)
    assert sent_out("affiliations") == []


def test_files_of_contacts_are_still_taken_for_contacts() -> None:
    guessed = guess_table("list.csv", ["customer", "contact", "department", "title", "roles"])
    assert guessed is not None and guessed.name == "contacts"
