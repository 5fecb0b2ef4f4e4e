"""While somebody is away, what comes up is the stand-in's to do; afterwards what is left is theirs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from banso.core.errors import Refused
from banso.core.models import Membership, Person, Workspace
from banso.core.tests.builders import TODAY, events
from banso.customers.tests.builders import a_customer
from banso.work import queries, services
from banso.work.models import Absence, Task
from banso.work.tests.builders import a_task, an_absence

YESTERDAY, TOMORROW, WEEK = (TODAY + timedelta(days=n) for n in (-1, 1, 7))


def to_do(person: Person, on: date = TODAY) -> set[str]:
    mine = queries.my_tasks(person, on)
    return {task.title for task in (*mine.overdue, *mine.today, *mine.soon, *mine.later)}


def old_task(title: str, owner: Person, **more: Any) -> None:
    """A task opened before anybody went."""
    task = a_task(title, owner=owner, **more)
    Task.objects.filter(pk=task.pk).update(created_at="2026-11-01T00:00:00Z")


def notes(absence: Absence) -> tuple[str, ...]:
    return next(row.notes for row in queries.absences(TODAY) if row.absence == absence)


def test_new_tasks_and_those_that_fall_due_go_to_the_stand_in_and_come_back(
    alice: Person, bob: Person
) -> None:
    old_task("前から、あとで", alice, due_on=WEEK)
    old_task("前から、休み中に期限", alice, due_on=TOMORROW)
    an_absence(alice, days=(TODAY, TOMORROW), stand_in_id=bob.pk)
    made = a_task("休み中にできた", owner=alice, due_on=WEEK)
    Task.objects.filter(pk=made.pk).update(created_at="2026-11-20T03:00:00Z")
    assert to_do(bob) == {"休み中にできた", "前から、休み中に期限"}
    assert len(to_do(alice)) == 3
    assert to_do(bob, TOMORROW + timedelta(days=1)) == set() == to_do(bob, YESTERDAY)


def test_without_a_stand_in_each_customers_sub_owner_stands_in(alice: Person, bob: Person) -> None:
    ours, alone = a_customer("甲", main_owner_id=alice.pk, sub_owner_id=bob.pk), a_customer("乙")
    absence = an_absence(alice)
    a_task("甲に電話", owner=alice, customer_id=ours.pk, due_on=TODAY)
    a_task("乙に電話", owner=alice, customer_id=alone.pk, due_on=TODAY)
    assert to_do(bob) == {"甲に電話"} and notes(absence) == ()
    a_customer("丙", main_owner_id=alice.pk)
    assert notes(absence)[0].startswith("佐藤 有紗さんの顧客1社には副担当がいません")


def test_whoever_is_away_too_stands_in_for_nobody_and_that_is_said(
    alice: Person, bob: Person
) -> None:
    absence = an_absence(alice, days=(TODAY, WEEK), stand_in_id=bob.pk)
    an_absence(bob, days=(TODAY, TOMORROW))
    a_task("電話する", owner=alice, due_on=TODAY)
    assert to_do(bob) == set() and to_do(alice) == {"電話する"}
    assert "鈴木 坊さんも" in notes(absence)[0] and "佐藤 有紗" in notes(absence)[0]


def test_back_early_is_back_from_that_day(alice: Person, bob: Person) -> None:
    absence = an_absence(alice, days=(TODAY, WEEK), stand_in_id=bob.pk)
    a_task("電話する", owner=alice, due_on=TODAY)
    services.end_absence(absence.pk, by=bob)
    services.end_absence(absence.pk, by=bob)
    assert to_do(bob) == set() and len(events("work.absence_ended")) == 1
    an_absence(alice, days=(TODAY, TODAY))  # the days are free again


def test_days_after_somebody_came_back_early_are_free(alice: Person) -> None:
    gone = an_absence(alice, days=(YESTERDAY, WEEK))
    services.end_absence(gone.pk)
    an_absence(alice, days=(TOMORROW, WEEK))
    with pytest.raises(Refused):
        an_absence(alice, days=(YESTERDAY, TODAY))


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ((TOMORROW, TODAY), "before_start"),
        ((YESTERDAY, YESTERDAY), "over"),
        ((YESTERDAY, TODAY), "away_already"),
        ((date(1, 1, 1), TODAY), "invalid"),  # no zone can tell when that day began
    ],
)
def test_days_that_cannot_be_are_refused_in_words(
    alice: Person, days: tuple[date, date], code: str
) -> None:
    an_absence(alice)
    with pytest.raises(Refused) as refusal:
        an_absence(alice, days=days)
    assert refusal.value.code == code and Absence.objects.count() == 1


def test_only_colleagues_stand_in(alice: Person, charlie: Person, acme: Workspace) -> None:
    for one, code in ((charlie, "not_a_member"), (alice, "oneself")):
        with pytest.raises(Refused) as refusal:
            an_absence(alice, stand_in_id=one.pk)
        assert refusal.value.code == code


def test_today_marks_whose_task_it_is(alice: Person, bob: Person, bob_client: Client) -> None:
    a_customer(main_owner_id=bob.pk)
    an_absence(alice, stand_in_id=bob.pk)
    a_task("請求の確認", owner=alice, due_on=TODAY)
    a_task("自分の電話", owner=bob, due_on=TODAY)
    page = bob_client.get("/tasks").content.decode()
    assert page.count("佐藤 有紗さんの代わり") == 1 and "自分の電話" in page


def test_the_page_notes_an_absence_and_says_what_is_wrong(
    alice: Person, bob: Person, bob_client: Client
) -> None:
    days = {"from_on": TODAY.isoformat(), "until_on": WEEK.isoformat()}
    given = {"person": str(bob.pk), "stand_in": str(bob.pk), **days}
    assert bob_client.post("/absences", given).status_code == 422
    assert bob_client.post("/absences", given | {"stand_in": str(alice.pk)}).status_code == 302
    absence = Absence.objects.get()
    assert (absence.person, absence.stand_in, absence.by) == (bob, alice, bob)
    assert "佐藤 有紗" in bob_client.get("/absences").content.decode()
    bob_client.post(f"/absences/{absence.pk}/end")
    assert "不在の人はいません" in bob_client.get("/absences").content.decode()


def test_the_persons_page_shows_them_to_whoever_manages_people(
    alice_client: Client, bob: Person, bob_client: Client
) -> None:
    an_absence(bob)
    member = Membership.objects.get(person=bob)
    page = alice_client.get(f"/settings/people/{member.pk}/").content.decode()
    assert f"/people/{member.pk}/absences" in page
    assert bob.name in alice_client.get(f"/people/{member.pk}/absences").content.decode()
    assert bob_client.get(f"/settings/people/{member.pk}/").status_code == 403


def test_the_api_notes_lists_and_ends(bob: Person, bob_client: Client) -> None:
    days = {"from_on": TODAY.isoformat(), "until_on": WEEK.isoformat()}
    url = "/api/v1/absences"
    made = bob_client.post(url, days, content_type="application/json")
    assert made.status_code == 201 and made.json()["person_id"] == str(bob.pk)
    assert [one["id"] for one in bob_client.get(url).json()] == [made.json()["id"]]
    ended = bob_client.put(f"{url}/{made.json()['id']}/ended")
    assert ended.json()["ended_on"] == TODAY.isoformat() and bob_client.get(url).json() == []
