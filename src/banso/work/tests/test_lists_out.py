"""Activities and my tasks as files with the columns on the screen, and back again."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from banso.core.models import Membership, Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, a_member, events, fresh
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contact, a_customer
from banso.work.models import Activity, Task
from banso.work.services import NextStep
from banso.work.tests.builders import a_task, an_absence, an_activity
from banso.work.tests.files import bring_in, cells, counts, messages, taken_out, with_cell
from banso.work.wording import declare_task_words

KINDS = pytest.mark.parametrize("kind", ["xlsx", "csv"])
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def talks(acme: Workspace, alice: Person, bob: Person) -> list[Activity]:
    """Activities with all that a spreadsheet spoils: signs, lines, seconds, namesakes, who has left."""
    aoba, wakaba = a_customer("株式会社青葉", external_id="00123"), a_customer("若葉")
    people = [a_contact(aoba, "山田 花子").pk, a_contact(aoba, "山田 花子", email="h@x.example").pk]
    gone = a_member("gone@acme.example", name="去年 退職")
    first = an_activity(
        aoba, kind="visit", title="=1+1", body="  一行目\r\n\n- 二行目\n", decisions="@決定", mood="good",
        happened_at=datetime(2026, 11, 5, 5, 0, 42, 123, tzinfo=UTC), contact_ids=people,
        member_ids=[bob.pk, gone.pk], next_step=NextStep("見積", date(2026, 12, 1), gone.pk),
        by=alice,
    )  # fmt: skip
    Membership.objects.filter(person=gone).delete()
    return [first, an_activity(wakaba, kind="memo", title="長文", body="あ" * 40_000, by=bob)]


@KINDS
@LANGUAGES
def test_activities_move_out_and_in_again_unchanged(
    talks: list[Activity], alice: Person, kind: str, language: str
) -> None:
    with translation.override(language):
        path = taken_out("activities", kind, alice)
    _run, facts = bring_in(path)
    assert (facts["table"], facts["errors"], facts["notes"]) == ("activities", [], [])
    assert counts(facts) == (0, 0, 2, 0)
    assert facts["unused"] == ["顧客" if language == "ja" else "Customer"]


@KINDS
@pytest.mark.parametrize("table", ["activities", "tasks"])
def test_whole_tables_move_out_and_in_again_unchanged(
    talks: list[Activity], alice: Person, table: str, kind: str
) -> None:
    _run, facts = bring_in(taken_out(f"table.{table}", kind, alice))
    assert facts["errors"] == [] and facts["read"] == facts["unchanged"] > 0


def test_one_cell_that_was_changed_is_one_update(
    talks: list[Activity], alice: Person, bob: Person
) -> None:
    path = with_cell(taken_out("activities", "xlsx", alice), "雰囲気", "悪い", row=1)
    _run, facts = bring_in(path, by=bob)
    assert counts(facts) == (0, 1, 1, 0)
    assert {one.title: one.mood for one in Activity.objects.all()} == {"=1+1": "bad", "長文": ""}
    [event] = events("work.activity_edited")
    assert (event.by, event.facts["changed"]) == (bob.pk, ["mood"])


def test_a_text_that_did_not_fit_into_the_cell_is_not_cut(
    talks: list[Activity], alice: Person
) -> None:
    path = with_cell(taken_out("activities", "xlsx", alice), "内容", "短くした")
    _run, facts = bring_in(path)
    assert counts(facts) == (0, 0, 1, 1) and "内容" in messages(facts)[0]
    assert len(fresh(talks[1]).body) == 40_000


def test_a_file_of_another_workspace_changes_nothing(
    talks: list[Activity], alice: Person, other_workspace: Workspace
) -> None:
    path = taken_out("activities", "csv", alice)
    with open_workspace(other_workspace):
        a_customer("株式会社青葉", external_id="00123")
        _run, facts = bring_in(path)
        assert counts(facts) == (0, 0, 0, 2) and not Activity.objects.exists()
        assert str(talks[0].pk) in " ".join(messages(facts))


def test_the_list_is_filtered_as_its_address_says_and_times_are_those_on_the_wall(
    talks: list[Activity], alice: Person
) -> None:
    [row] = cells(taken_out("activities", "xlsx", alice, "?kind=visit&after=x"))
    assert f"{row['日時']:%Y-%m-%d %H:%M:%S}" == "2026-11-05 14:00:42"
    assert (row["顧客（外部ID）"], row["顧客"]) == ("00123", "株式会社青葉")
    assert (row["種類"], row["雰囲気"], row["件名"]) == ("訪問", "良い", "'=1+1")
    assert row["先方の参加者"] == "山田 花子; 山田 花子"
    assert (row["次のステップ"], row["次のステップの期限"].date()) == ("見積", date(2026, 12, 1))
    [row] = cells(taken_out("activities", "csv", alice, "?q=長文"))
    assert row["件名"] == "長文" and len(row["内容"]) == 40_000
    assert cells(taken_out("activities", "csv", alice, f"?customer={alice.pk}")) == []


def test_an_hour_that_the_clock_shows_twice_changes_no_activity(
    talks: list[Activity], acme: Workspace, alice: Person
) -> None:
    acme.zone = "Europe/Berlin"
    acme.save(update_fields=["zone"])
    twice = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 for the second time
    an_activity(talks[1].customer, happened_at=twice)
    _run, facts = bring_in(taken_out("activities", "csv", alice))
    assert counts(facts) == (0, 0, 3, 0)


@pytest.fixture
def mine(acme: Workspace, alice: Person, bob: Person) -> list[Task]:
    """Tasks of bob's, and one of somebody for whom he stands in."""
    aoba: Customer = a_customer("株式会社青葉", external_id="00123")
    hana = a_contact(aoba, "山田 花子")
    away = an_absence(stand_in_id=bob.pk).person
    a_task("秘密の仕事", owner=alice)
    return [
        a_task("見積", owner=bob, customer_id=aoba.pk, contact_id=hana.pk, due_on=TODAY),
        a_task("", owner=bob, code="test.days_out", params={"n": 3}, note="-急ぎ\r\n"),
        a_task("留守番", owner=away),
    ]


declare_task_words(
    "test.days_out", lambda facts: f"{facts['n']}日" if _ja() else f"{facts['n']} days"
)


def _ja() -> bool:
    return translation.get_language() == "ja"


@KINDS
@LANGUAGES
def test_my_tasks_move_out_and_in_again_unchanged(
    mine: list[Task], bob: Person, kind: str, language: str
) -> None:
    with translation.override(language):
        path = taken_out("tasks", kind, bob)
    assert len(cells(path)) == 3
    _run, facts = bring_in(path)
    assert (facts["table"], facts["errors"]) == ("tasks", [])
    assert counts(facts) == (0, 0, 3, 0)


def test_a_task_that_was_done_in_excel_is_done(mine: list[Task], bob: Person) -> None:
    path = with_cell(taken_out("tasks", "xlsx", bob), "状態", "完了")
    _run, facts = bring_in(path, by=bob)
    assert counts(facts) == (0, 1, 2, 0)
    assert [one.subject_id for one in events("work.task_finished")] == [str(mine[0].pk)]


def test_the_address_cannot_ask_for_the_tasks_of_others(
    mine: list[Task], alice: Person, bob: Person
) -> None:
    rows = cells(taken_out("tasks", "csv", bob, f"?reader={alice.pk}"))
    assert "秘密の仕事" not in str(rows) and len(rows) == 3


def test_pages_offer_their_lists_as_files(bob_client: Client, mine: list[Task]) -> None:
    for path, name in (("/activities?kind=call", "activities"), ("/tasks", "tasks")):
        page = bob_client.get(path).content.decode()
        assert f'name="list" value="{name}"' in page
    assert (
        'name="query" value="?kind=call"'
        in bob_client.get("/activities?kind=call").content.decode()
    )
    answer = bob_client.post("/exports/", {"list": "tasks", "kind": "csv"}, follow=True)
    assert "留守番" in answer.content.decode("utf-8-sig")
