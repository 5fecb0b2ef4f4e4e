"""A request with an Idempotency-Key does its work once, at every door that makes something."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from banso.core import api_keys, idempotency, kept_answers, personal_data, workspaces
from banso.core.models import Event, ImportRun, KeptAnswer, Membership, Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.customers.models import Contact, Customer
from banso.customers.tests.builders import a_bulk_edit, a_customer
from banso.touchpoints.usage.models import Source
from tests import examples, samples
from tests.doors import Door, operations
from tests.worlds import World

CUSTOMERS = "/api/v1/customers"
# What they need is not in the world, or they save nothing, or they take no key.
LEFT_OUT = {
    "POST /api/v1/metrics/closings",
    "POST /api/v1/imports/{import_run_id}/undo",
    "POST /api/v1/imports",  # below, with files
    "POST /api/v1/customers/bulk-edit/preview",
    "POST /api/v1/customers/{customer_id}/merges/preview",
    "POST /api/v1/contacts/{contact_id}/merges/preview",
}
POSTS = [one for one in operations() if one.method == "POST" and str(one) not in LEFT_OUT]


def create(client: Client, key: str, **body: Any) -> Any:
    given = {"name": "光商事", **body}
    return client.post(
        CUSTOMERS, given, content_type="application/json", headers={"Idempotency-Key": key}
    )


@pytest.mark.parametrize("door", POSTS, ids=str)
def test_every_door_that_makes_something_makes_it_once_for_a_key(door: Door, world: World) -> None:
    address, owner = door.address(world.ids), world.actor("key")
    sent = json.dumps(examples.body(door, world) or {}).encode()
    headers = {"Idempotency-Key": "once"}

    def knock() -> Any:
        return world.knock(
            owner, "POST", address, data=sent, kind="application/json", headers=headers, keep=True
        )

    first = knock()
    assert first.status < 300 and "Idempotent-Replayed" not in first.headers, first.text
    before = samples.checksum(world.ours)
    again = knock()
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert samples.checksum(world.ours) == before


def test_another_body_or_door_with_the_same_key_is_refused(alice_client: Client) -> None:
    assert create(alice_client, "k").status_code == 201
    other = create(alice_client, "k", name="別の会社")
    assert other.status_code == 422 and other["Content-Type"] == "application/problem+json"
    assert other.json()["code"] == "idempotency_key_reused"
    task = alice_client.post(
        "/api/v1/tasks",
        {"title": "電話する"},
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert task.status_code == 422
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("body", ["", "x", "[" * 100_000, "\xff", '{"a": "\\ud800"}'])
def test_an_operation_without_a_body_takes_a_key_beside_any(
    alice_client: Client, body: str
) -> None:
    edit = a_bulk_edit()
    path = f"/api/v1/customers/bulk-edits/{edit.pk}/undo"
    headers = {"Idempotency-Key": "k"}
    answers = [
        alice_client.generic("POST", path, body, "application/json", headers=headers)
        for _time in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[1]["Idempotent-Replayed"] == "true"


def test_the_order_of_a_bodys_names_is_no_difference(alice_client: Client) -> None:
    for body in ('{"name": "光商事", "tier": "high"}', '{"tier":"high","name":"光商事"}'):
        answer = alice_client.generic(
            "POST", CUSTOMERS, body, "application/json", headers={"Idempotency-Key": "k"}
        )
        assert answer.status_code == 201
    assert Customer.objects.count() == 1 and answer["Idempotent-Replayed"] == "true"


def test_without_a_key_every_request_is_a_new_wish(alice_client: Client) -> None:
    for _time in range(2):
        alice_client.post(CUSTOMERS, {"name": "光商事"}, content_type="application/json")
    assert Customer.objects.count() == 2 and not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "鍵", "a\tb", "\x7f"])
def test_a_key_that_is_none_is_refused_in_words(alice_client: Client, key: str) -> None:
    answer = create(alice_client, key.encode().decode("latin-1"))
    assert answer.status_code == 400 and answer.json()["code"] == "idempotency_key_invalid"
    assert not Customer.objects.exists()


def test_a_refusal_is_given_again_though_it_would_work_by_now(alice_client: Client) -> None:
    standing = a_customer(external_id="C-1")
    refused = create(alice_client, "k", external_id="C-1")
    standing.external_id = ""
    standing.save()
    again = create(alice_client, "k", external_id="C-1")
    assert refused.status_code == again.status_code == 422 and again.content == refused.content
    assert create(alice_client, "another", external_id="C-1").status_code == 201


def test_what_is_said_before_the_work_begins_is_not_kept(
    alice: Person, bob: Person, bob_client: Client
) -> None:
    assert create(bob_client, "k", name=5).status_code == 422
    assert create(bob_client, "k", colour="red").status_code == 400
    bobs = Membership.objects.get(person=bob)
    workspaces.change_role(bobs.pk, role=Role.VIEWER, by=alice)
    assert create(bob_client, "k").status_code == 403
    workspaces.change_role(bobs.pk, role=Role.CSM, by=alice)
    assert create(bob_client, "k").status_code == 201


def test_who_has_lost_the_right_is_not_told_the_answer_again(
    alice: Person, bob: Person, bob_client: Client
) -> None:
    assert create(bob_client, "k").status_code == 201
    workspaces.change_role(Membership.objects.get(person=bob).pk, role=Role.VIEWER, by=alice)
    again = create(bob_client, "k")
    assert again.status_code == 403 and "光商事" not in again.content.decode()


def test_equal_keys_of_two_callers_are_two_wishes(
    alice: Person, alice_client: Client, bob_client: Client, charlie_client: Client
) -> None:
    _key, secret = api_keys.make_key("x", scopes=["customers.write"], by=alice)
    program = Client(headers={"authorization": f"Bearer {secret}"})
    made = [create(one, "k") for one in (alice_client, bob_client, program, charlie_client)]
    assert [one.status_code for one in made] == [201] * 4
    assert len({one.json()["id"] for one in made}) == 4 and Customer.objects.count() == 3


def test_after_a_day_the_key_is_free_and_the_answer_gone(alice_client: Client) -> None:
    create(alice_client, "k")
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=24))
    assert "Idempotent-Replayed" not in create(alice_client, "k", name="翌日の会社")
    create(alice_client, "k2")
    KeptAnswer.objects.filter(at__lt=timezone.now()).update(at=timezone.now() - timedelta(hours=25))
    assert kept_answers.forget_old_answers() == 2 and not KeptAnswer.objects.exists()


def test_old_answers_are_forgotten_in_batches(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch, other_workspace: Workspace
) -> None:
    for number in range(5):
        create(alice_client, f"k{number}")
    KeptAnswer.objects.update(at=timezone.now() - timedelta(days=2))
    monkeypatch.setattr(kept_answers, "FORGOTTEN_AT_ONCE", 2)
    with open_workspace(other_workspace):
        assert kept_answers.forget_old_answers() == 0
    assert kept_answers.forget_old_answers() == 5


def test_a_twin_in_flight_is_told_to_come_again(alice: Person, alice_client: Client) -> None:
    workspace = Membership.objects.get(person=alice).workspace_id
    claim = f"person:{alice.pk}/{hashlib.sha256(b'twin').hexdigest()}"
    with psycopg.connect(**_place()) as other:
        other.execute(idempotency.ALONE, {"workspace": workspace, "claim": claim})
        busy = create(alice_client, "twin")
        assert busy.status_code == 409 and busy["Retry-After"] == "1"
        assert busy.json()["code"] == "idempotency_key_busy"
        assert create(alice_client, "another").status_code == 201
    assert create(alice_client, "twin").status_code == 201


def _place() -> dict[str, Any]:
    """How to reach the database of this test from outside its transaction."""
    known = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return {name: known[name] for name in names if known.get(name)}


def test_an_error_of_ours_keeps_nothing_and_may_be_tried_again(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_args: Any, **_given: Any) -> None:
        raise RuntimeError

    alice_client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("banso.core.idempotency.KeptAnswer.objects.create", fall)
        assert create(alice_client, "k").status_code == 500
    assert not Customer.objects.exists() and not Event.objects.filter(
        name="customers.customer_created"
    )
    assert create(alice_client, "k").status_code == 201


def test_a_key_shown_once_is_kept_sealed(alice_client: Client) -> None:
    answers = [
        alice_client.post(
            "/api/v1/sources",
            {"name": "製品"},
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )
        for _time in range(2)
    ]
    secret = answers[0].json()["write_key"]
    assert answers[1].json()["write_key"] == secret and Source.objects.count() == 1
    assert secret not in str(vars(KeptAnswer.objects.get()))


def test_erasing_a_person_empties_kept_answers_and_still_nothing_is_doubled(
    alice_client: Client,
) -> None:
    customer = a_customer()
    sent = {"name": "山田 花子", "email": "hanako@hikari.example"}
    path = f"{CUSTOMERS}/{customer.pk}/contacts"
    headers = {"Idempotency-Key": "k"}
    alice_client.post(path, sent, content_type="application/json", headers=headers)
    assert personal_data.erase("hanako@hikari.example") == 1
    assert KeptAnswer.objects.get().body == ""
    again = alice_client.post(path, sent, content_type="application/json", headers=headers)
    assert again.status_code == 409 and again.json()["code"] == "idempotency_answer_erased"
    assert "花子" not in again.content.decode() and Contact.objects.count() == 1


def test_files_sent_again_are_imported_once(alice_client: Client) -> None:
    def send(content: str) -> Any:
        file = SimpleUploadedFile("customers.csv", content.encode())
        headers = {"Idempotency-Key": "k"}
        return alice_client.post("/api/v1/imports", {"files": file}, headers=headers)

    first, again = send("external_id,name\nC-1,x\n"), send("external_id,name\nC-1,x\n")
    assert first.status_code == again.status_code == 202 and first.content == again.content
    assert ImportRun.objects.count() == 1
    assert send("external_id,name\nC-1,y\n").status_code == 422
