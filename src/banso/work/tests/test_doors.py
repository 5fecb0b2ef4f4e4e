"""The pages and the API of the work room: who may, what comes of it, what is refused."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from banso.core.models import Event, Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, fresh
from banso.customers.tests.builders import a_customer
from banso.work.models import CallToAction, Task
from banso.work.tests.builders import a_call, a_task

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


def send(client: Client, verb: str, url: str, body: dict[str, Any] | None = None) -> Any:
    request = getattr(client, verb)
    return request(url, json.dumps(body or {}), content_type="application/json")


def test_my_tasks_show_what_is_due_and_the_first_step_when_nothing_is(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    assert "empty" in bob_client.get("/tasks").content.decode()
    a_task("請求書を確認", owner=bob, due_on=TODAY - timedelta(days=1))
    page = bob_client.get("/tasks").content.decode()
    assert "請求書を確認" in page and "期限切れ" in page


def test_a_task_is_finished_and_undone_in_its_place(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    task = a_task(owner=bob)
    answer = bob_client.post(f"/tasks/{task.pk}/finish", **HTMX)
    assert answer.status_code == 200 and f"/tasks/{task.pk}/reopen" in answer.content.decode()
    assert fresh(task).done_at
    bob_client.post(f"/tasks/{task.pk}/reopen", **HTMX)
    assert fresh(task).done_at is None


def test_without_scripts_finishing_leads_back_with_an_undo(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    task = a_task(owner=bob)
    page = bob_client.post(f"/tasks/{task.pk}/finish", follow=True).content.decode()
    assert f"/tasks/{task.pk}/reopen" in page


@pytest.mark.parametrize(
    ("back", "led"),
    [
        ("/customers/?q=x", "/customers/?q=x"),
        ("", "/tasks"),
        ("https://evil.example/", "/tasks"),
        ("//evil.example/", "/tasks"),
        ("/\\evil.example/", "/tasks"),
        ("/a/../\t/evil.example", "/tasks"),
        ("evil", "/tasks"),
    ],
)
def test_finishing_leads_back_to_pages_of_ours_only(
    acme: Workspace, bob: Person, bob_client: Client, back: str, led: str
) -> None:
    answer = bob_client.post(f"/tasks/{a_task(owner=bob).pk}/finish", {"back": back})
    assert (answer.status_code, answer["Location"]) == (302, led)


def test_an_added_task_is_mine(acme: Workspace, bob: Person, bob_client: Client) -> None:
    answer = bob_client.post("/tasks/add", {"title": "電話する", "due_on": "2026-11-24"})
    assert answer.status_code == 302 and Task.objects.get().owner == bob


@pytest.mark.parametrize("title", ["", "あ" * 201, "a\x00b"])
def test_a_wrong_title_is_told_beside_the_field(
    acme: Workspace, bob_client: Client, title: str
) -> None:
    assert bob_client.post("/tasks/add", {"title": title}).status_code == 422
    assert not Task.objects.exists()


def test_a_task_is_given_to_somebody_else(
    acme: Workspace, alice: Person, bob: Person, bob_client: Client
) -> None:
    task = a_task(owner=bob)
    assert bob_client.get(f"/tasks/{task.pk}").status_code == 200
    bob_client.post(f"/tasks/{task.pk}", {"title": "訪問", "owner_id": str(alice.pk)})
    assert fresh(task).owner == alice and fresh(task).title == "訪問"


def test_calls_of_a_customer_are_raised_closed_and_opened_again(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    url = f"/customers/{customer.pk}/calls"
    assert "クレーム" in bob_client.post(url, {"kind": "complaint"}, **HTMX).content.decode()
    call = CallToAction.objects.get()
    bob_client.post(f"/calls/{call.pk}/close", **HTMX)
    assert fresh(call).closed_on == TODAY
    bob_client.post(f"/calls/{call.pk}/reopen", **HTMX)
    assert fresh(call).closed_on is None


def test_a_call_of_tomorrow_is_refused_in_words(acme: Workspace, bob_client: Client) -> None:
    url = f"/customers/{a_customer().pk}/calls"
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert bob_client.post(url, {"kind": "complaint", "since": tomorrow}).status_code == 422


def test_a_task_about_a_customer_is_on_their_page(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    bob_client.post(f"/customers/{customer.pk}/tasks", {"title": "お礼"})
    assert "お礼" in bob_client.get(f"/customers/{customer.pk}/work").content.decode()


def test_a_viewer_sees_but_changes_nothing(acme: Workspace, vera_client: Client) -> None:
    task, call = a_task(), a_call(a_customer())
    before = Event.objects.count()
    assert vera_client.get("/tasks").status_code == 200
    for url in (f"/tasks/{task.pk}/finish", f"/calls/{call.pk}/close", "/tasks/add"):
        assert vera_client.post(url, {"title": "x"}).status_code == 403
    assert Event.objects.count() == before


def test_a_stranger_finds_nothing_here(
    acme: Workspace, charlie_client: Client, bob_client: Client
) -> None:
    customer = a_customer()
    task, call = a_task(), a_call(customer)
    for url in (f"/tasks/{task.pk}/finish", f"/calls/{call.pk}/close"):
        assert charlie_client.post(url).status_code == 404
    assert charlie_client.get(f"/customers/{customer.pk}/work").status_code == 404
    assert bob_client.get(f"/tasks/{uuid4()}").status_code == 404
    assert send(charlie_client, "put", f"/api/v1/tasks/{task.pk}/done").status_code in (403, 404)
    assert fresh(task).done_at is None


def test_the_api_makes_changes_finishes_and_reopens_tasks(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    made = send(bob_client, "post", "/api/v1/tasks", {"title": "電話", "owner_id": str(bob.pk)})
    assert made.status_code == 201
    url = f"/api/v1/tasks/{made.json()['id']}"
    assert send(bob_client, "patch", url, {"due_on": "2026-12-01"}).json()["due_on"] == "2026-12-01"
    assert send(bob_client, "put", f"{url}/done").json()["done_at"]
    assert send(bob_client, "delete", f"{url}/done").json()["done_at"] is None
    assert [t["title"] for t in bob_client.get("/api/v1/tasks").json()["later"]] == ["電話"]


def test_the_api_raises_and_closes_calls(acme: Workspace, bob_client: Client) -> None:
    url = f"/api/v1/customers/{a_customer().pk}/calls"
    made = send(bob_client, "post", url, {"kind": "invoice_overdue", "since": "2026-10-06"})
    assert made.status_code == 201 and len(bob_client.get(url).json()) == 1
    send(bob_client, "put", f"/api/v1/calls/{made.json()['id']}/closed", {"outcome": "入金"})
    assert bob_client.get(url).json() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"title": "x", "unknown": 1}, 400),
        ({"title": "\ud800"}, 422),
        ({"title": "x", "owner_id": str(uuid4())}, 422),
        ({"title": "x", "customer_id": str(uuid4())}, 404),
        ({"title": "x" * 10_000}, 422),
    ],
)
def test_the_api_refuses_wrong_bodies_in_words(
    acme: Workspace, bob_client: Client, body: dict[str, Any], status: int
) -> None:
    answer = send(bob_client, "post", "/api/v1/tasks", body)
    assert answer.status_code == status and answer.json()["detail"]
    assert not Task.objects.exists()


def test_calls_of_another_workspaces_customer_cannot_be_listed(
    acme: Workspace, other_workspace: Workspace, bob_client: Client
) -> None:
    with open_workspace(other_workspace):
        theirs = a_customer()
    assert bob_client.get(f"/api/v1/customers/{theirs.pk}/calls").status_code == 404
