"""The pages and the API of activities: who may, what comes of it, what is refused."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from banso.core.models import Event, Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, fresh
from banso.customers.models import Contact
from banso.customers.tests.builders import a_contact, a_customer
from banso.work import personal_data, queries, services
from banso.work.models import Activity, Task
from banso.work.tests.builders import an_activity

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
FORM = {"kind": "call", "happened_at": "2026-11-20T10:30", "title": "電話"}


def send(client: Client, verb: str, url: str, body: dict[str, Any] | None = None) -> Any:
    request = getattr(client, verb)
    return request(url, json.dumps(body or {}), content_type="application/json")


def text(client: Client, url: str, **more: Any) -> str:
    return client.get(url, **more).content.decode()


def test_a_call_with_a_next_step_is_logged_from_a_form_and_can_be_undone(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_customer()
    hana = a_contact(customer)
    address = f"/customers/{customer.pk}/activities/new"
    assert 'value="visit" selected' in text(bob_client, f"{address}?kind=visit")
    form = {
        **FORM,
        "body": " 一行目\r\n  二行目",
        "contact_ids": [str(hana.pk)],
        "member_ids": [str(bob.pk)],
        "mood": "good",
        "next_step": "見積を送る",
        "next_step_on": "2026-11-24",
        "next_step_by": str(bob.pk),
    }
    page = bob_client.post(address, form, follow=True).content.decode()
    made = Activity.objects.get()
    assert f"/activities/{made.pk}/delete" in page
    assert made.body == " 一行目\n  二行目" and made.happened_at.isoformat()[11:16] == "01:30"
    assert Task.objects.get().due_on == TODAY + timedelta(days=4)
    bob_client.post(f"/activities/{made.pk}/delete")
    assert fresh(made).deleted_at and fresh(customer).last_contact_on is None


def test_pasted_minutes_are_shown_and_not_run(acme: Workspace, bob_client: Client) -> None:
    made = an_activity(body="<script>alert(1)</script>\n  <b>字下げ</b>")
    page = text(bob_client, f"/activities/{made.pk}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\n  &lt;b&gt;字下げ" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "a\x00b"},
        {"kind": "party"},
        {"happened_at": "yesterday"},
        {"happened_at": "2026-11-21T00:00"},
        {"happened_at": "0001-01-01T00:00"},
        {"happened_at": "9999-12-31T23:59"},
        {"body": "あ" * 100_001},
        {"mood": "angry"},
        {"contact_ids": ["x"]},
        {"next_step": "あ" * 201},
        {"next_step": "電話", "next_step_by": "x"},
    ],
)
def test_a_wrong_form_is_told_and_changes_nothing(
    acme: Workspace, bob_client: Client, wrong: dict[str, Any]
) -> None:
    address = f"/customers/{a_customer().pk}/activities/new"
    assert bob_client.post(address, {**FORM, **wrong}).status_code == 422
    assert not Activity.objects.exists() and not Task.objects.exists()


def test_two_people_who_correct_different_things_both_keep_theirs(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    made = an_activity(title="電話", by=bob)
    address = f"/activities/{made.pk}/edit"
    assert 'name="initial-title"' in text(bob_client, address)
    shown = {"initial-title": "電話", "initial-body": "", "initial-kind": "call"}
    services.edit_activity(made.pk, changes={"title": "別の件名"})
    form = {**FORM, **shown, "body": "追記", "member_ids": [str(bob.pk)]}
    assert bob_client.post(address, form).status_code == 302
    assert (fresh(made).title, fresh(made).body) == ("別の件名", "追記")


def test_the_customers_page_asks_for_the_latest_and_their_keys_lead_to_the_form(
    acme: Workspace, bob_client: Client, vera_client: Client
) -> None:
    customer = a_customer()
    an_activity(customer, title="更新の相談")
    address = f"/customers/{customer.pk}/activities"
    page = text(bob_client, f"/customers/{customer.pk}/")
    assert address in page and f'{address}/new?kind=call" data-keys="l c"' in page
    assert "data-keys" not in text(vera_client, f"/customers/{customer.pk}/")
    assert "data-keys" not in text(bob_client, "/customers/")
    assert "更新の相談" in text(bob_client, address, **HTMX)


def test_the_list_is_filtered_by_its_address_and_refuses_what_cannot_be_asked(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_customer()
    an_activity(customer, title="値上げの相談", kind="visit", by=bob)
    an_activity(customer, title="お礼", kind="mail")
    page = text(bob_client, f"/activities?q=値上&kind=visit&member={bob.pk}&since=2026-11-20")
    assert "値上げの相談" in page and "お礼" not in page
    assert "お礼" in text(bob_client, f"/activities?customer={customer.pk}", **HTMX)
    for wrong in ("kind=x", "since=x", "customer=x", "member=x", "after=x"):
        assert bob_client.get(f"/activities?{wrong}").status_code == 422, wrong


def test_the_search_box_finds_activities(acme: Workspace, bob_client: Client) -> None:
    made = an_activity(title="定例", body="解約を検討中")
    assert f"/activities/{made.pk}" in text(bob_client, "/search?q=解約")


def test_the_timeline_leads_to_the_activity_also_when_it_was_deleted(
    acme: Workspace, bob_client: Client
) -> None:
    made = an_activity(title="秘密の件")
    address = f"/activities/{made.pk}"
    timeline = f"/customers/{made.customer_id}/timeline/"
    assert "2026/11/20の電話 — 秘密の件" in text(bob_client, timeline)
    services.delete_activity(made.pk)
    page = text(bob_client, timeline)
    assert address in page and "2026/11/20の電話" in page and "秘密の件" not in page
    assert f"{address}/restore" in text(bob_client, address)
    bob_client.post(f"{address}/restore")
    assert fresh(made).deleted_at is None


def test_today_shows_whose_meeting_is_overdue_and_managers_set_the_rhythm(
    acme: Workspace, alice_client: Client, bob: Person, bob_client: Client
) -> None:
    late = a_customer("会えていない社", tier="high", main_owner_id=bob.pk)
    assert "/meetings/overdue?who=me" in text(bob_client, "/")
    assert late.name in text(bob_client, "/meetings/overdue?who=me", **HTMX)
    assert late.name not in text(alice_client, "/meetings/overdue?who=me", **HTMX)
    assert late.name in text(alice_client, "/meetings/overdue?who=all")
    assert bob_client.get("/settings/meetings").status_code == 403
    alice_client.post("/settings/meetings", {"high": "0", "low": "90", "tech": "0"})
    assert late.name not in text(bob_client, "/meetings/overdue?who=me", **HTMX)
    assert alice_client.post("/settings/meetings", {"high": "999"}).status_code == 422


def test_a_viewer_reads_but_changes_nothing(acme: Workspace, vera_client: Client) -> None:
    made = an_activity()
    before = Event.objects.count()
    for url in ("/activities", f"/activities/{made.pk}", "/meetings/overdue"):
        assert vera_client.get(url).status_code == 200
    for url in (f"/activities/{made.pk}/{verb}" for verb in ("edit", "delete", "restore")):
        assert vera_client.post(url, FORM).status_code == 403
    new = f"/customers/{made.customer_id}/activities/new"
    assert vera_client.post(new, FORM).status_code == 403
    assert Event.objects.count() == before


def test_a_stranger_finds_nothing_here(acme: Workspace, charlie_client: Client) -> None:
    made = an_activity()
    for url in (f"/activities/{made.pk}", f"/customers/{made.customer_id}/activities"):
        assert charlie_client.get(url).status_code == 404
    assert charlie_client.post(f"/activities/{made.pk}/delete").status_code == 404
    assert fresh(made).deleted_at is None


def test_the_api_logs_lists_corrects_deletes_and_restores(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_customer()
    body = {
        "kind": "visit",
        "title": "訪問",
        "happened_at": "2026-11-19T10:00:00+09:00",
        "body": "長い議事録",
        "contact_ids": [str(a_contact(customer).pk)],
        "next_step": {"title": "お礼", "due_on": "2026-11-24"},
    }
    made = send(bob_client, "post", f"/api/v1/customers/{customer.pk}/activities", body)
    assert made.status_code == 201
    told = made.json()
    assert told["member_ids"] == [str(bob.pk)] and told["contact_ids"] == body["contact_ids"]
    assert told["next_step_id"] == str(Task.objects.get().pk)
    [row] = bob_client.get(f"/api/v1/activities?customer_id={customer.pk}&q=議事").json()["rows"]
    assert row["id"] == told["id"] and "body" not in row
    url = f"/api/v1/activities/{told['id']}"
    assert bob_client.get(url).json()["body"] == "長い議事録"
    assert send(bob_client, "patch", url, {"mood": "bad"}).json()["mood"] == "bad"
    assert send(bob_client, "delete", url).status_code == 200
    assert bob_client.get(url).status_code == 404
    assert send(bob_client, "put", f"{url}/restored").status_code == 200
    assert fresh(customer).last_contact_on == TODAY - timedelta(days=1)


def test_the_api_reads_and_sets_the_rhythm(
    acme: Workspace, alice_client: Client, bob_client: Client
) -> None:
    url, days = "/api/v1/meeting-cadences", {"high": 14, "low": 60, "tech": 0}
    assert send(bob_client, "put", url, days).status_code == 403
    assert send(alice_client, "put", url, days).json() == days == bob_client.get(url).json()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"kind": "call", "title": "x", "unknown": 1}, 400),
        ({"kind": "call", "title": "x", "happened_at": "2026-11-19T10:00:00"}, 422),
        ({"kind": "call", "title": "\ud800"}, 422),
        ({"kind": "call", "title": "x", "next_step": {"title": " "}}, 422),
    ],
)
def test_the_api_refuses_wrong_bodies_in_words(
    acme: Workspace, bob_client: Client, body: dict[str, Any], status: int
) -> None:
    url = f"/api/v1/customers/{a_customer().pk}/activities"
    answer = send(bob_client, "post", url, body)
    assert answer.status_code == status and answer.json()["detail"]
    assert not Activity.objects.exists()


def test_activities_of_another_workspace_cannot_be_asked_for(
    acme: Workspace, other_workspace: Workspace, bob_client: Client
) -> None:
    with open_workspace(other_workspace):
        theirs = an_activity()
    for url in (
        f"/activities?customer={theirs.customer_id}",
        f"/api/v1/activities?customer_id={theirs.customer_id}",
        f"/api/v1/activities/{theirs.pk}",
    ):
        assert bob_client.get(url).status_code == 404


def test_a_person_is_told_where_they_took_part_and_can_be_forgotten(acme: Workspace) -> None:
    customer = a_customer()
    hana = a_contact(customer, "山田 花子", email="hana@hikari.example")
    made = an_activity(customer, contact_ids=[hana.pk], body="山田花子様と。hana@hikari.example")
    absent = an_activity(customer, title="山田 花子さんの後任")
    assert [row["body"] for row in personal_data.export(hana)] == [made.body]
    assert personal_data.export(None) == [] and personal_data.erase(None) == 0
    assert personal_data.erase(hana) == 2
    assert fresh(made).body == "—様と。—" and fresh(absent).title == "—さんの後任"
    assert queries.search_activities(["花子"], limit=5) == []
    assert not made.attendees.exists() and Contact.objects.filter(pk=hana.pk).exists()
