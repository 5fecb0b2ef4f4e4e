"""The API's door: keys, scopes, and problems in problem+json."""

from typing import Any

import pytest
from django.test import Client

from banso.core import api_keys, workspaces
from banso.core.models import Membership, Person, Role

TASKS = "/api/v1/tasks"


def bearer(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}", "accept-language": "ja"})


def key_of(person: Person, *scopes: str) -> str:
    return api_keys.make_key("連携", scopes=list(scopes), by=person)[1]


def post(client: Client, body: Any) -> Any:
    return client.post(TASKS, body, content_type="application/json")


def test_a_key_reads_what_its_scopes_allow_and_no_more(alice: Person) -> None:
    client = bearer(key_of(alice, "work.read"))
    assert client.get(TASKS).status_code == 200
    denied = post(client, {"title": "電話する"})
    assert denied.status_code == 403 and denied["Content-Type"] == "application/problem+json"


def test_a_key_never_has_more_rights_than_its_maker_has_now(alice: Person, bob: Person) -> None:
    client = bearer(key_of(bob, "work.read", "work.write"))
    assert post(client, {"title": "電話する"}).status_code < 300
    workspaces.change_role(Membership.objects.get(person=bob).pk, role=Role.VIEWER, by=alice)
    assert post(client, {"title": "電話する"}).status_code == 403
    assert client.get(TASKS).status_code == 200


def test_revoked_removed_and_wrong_keys_are_401(alice: Person, bob: Person) -> None:
    key, secret = api_keys.make_key("x", scopes=["work.read"], by=alice)
    assert bearer(secret).get(TASKS).status_code == 200
    api_keys.revoke_key(key.pk, by=alice)
    of_bob = key_of(bob, "work.read")
    workspaces.remove_member(Membership.objects.get(person=bob).pk, by=alice)
    for wrong in (secret, of_bob, "bns_x", ""):
        answer = bearer(wrong).get(TASKS)
        assert answer.status_code == 401 and answer["Content-Type"] == "application/problem+json"
        assert ("このAPIキーは使えません" in answer.json()["detail"]) == bool(wrong)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_is_401_with_words_even_where_a_browser_would_need_a_token(
    method: str, alice: Person
) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "ja"})
    answer = getattr(strict, method)(TASKS)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert "ログイン" in answer.json()["detail"]


def test_a_browser_without_the_token_cannot_write(alice: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.get(TASKS).status_code == 200
    assert post(strict, {"title": "x"}).status_code == 403


def test_a_key_in_the_address_bar_of_pages_opens_nothing(alice: Person) -> None:
    assert bearer(key_of(alice, "core.people")).get("/settings/people/").status_code == 302


def test_an_unknown_field_is_400_and_named(alice_client: Client) -> None:
    answer = post(alice_client, {"title": "x", "colour": "red"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert any("colour" in item["where"] for item in answer.json()["errors"])


@pytest.mark.parametrize(
    ("body", "where", "words"),
    [
        ({}, "body.title", "必須項目です。"),
        ({"title": "x", "colour": "red"}, "body.colour", "この項目はありません。"),
        ({"title": 5}, "body.title", "文字列で指定してください。"),
        ({"title": "\x00"}, "body.title", "登録できない文字が含まれています。"),
        ({"title": "x" * 999}, "body.title", "200文字以内で指定してください。"),
        ({"title": "x", "due_on": "あす"}, "body.due_on", "日付をYYYY-MM-DDで指定してください。"),
        ({"title": "x", "customer_id": "あ"}, "body.customer_id", "ID（UUID）で指定してください。"),
    ],
)
def test_what_is_wrong_with_a_value_is_told_in_the_askers_language(
    alice: Person, body: Any, where: str, words: str
) -> None:
    client = bearer(key_of(alice, "work.write", "work.read"))
    assert post(client, body).json()["errors"] == [{"where": where, "message": words}]


def test_a_wrong_query_names_its_parameter(alice: Person) -> None:
    client = bearer(key_of(alice, "customers.read"))
    (wrong,) = client.get("/api/v1/customers?limit=0").json()["errors"]
    assert wrong == {"where": "query.limit", "message": "1以上の数値を指定してください。"}


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "\x00", '{"title": "\\u0000"}', '{"title": 5}'])
def test_bodies_that_cannot_be_read_are_a_problem(alice_client: Client, body: str) -> None:
    answer = alice_client.generic("POST", TASKS, body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_refusal_says_its_code_and_field(alice_client: Client) -> None:
    answer = post(alice_client, {"title": ""})
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert {"code", "field", "detail"} <= set(answer.json()) or answer.json()["errors"]


def test_a_method_nobody_offers_is_405_as_a_problem(alice_client: Client) -> None:
    answer = alice_client.delete(TASKS)
    assert answer.status_code == 405 and answer["Content-Type"] == "application/problem+json"
    assert "GET" in answer["Allow"]


def test_a_session_writes_only_with_its_token(bob: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    assert client.get(TASKS).status_code == 200
    assert post(client, {"title": "電話する"}).status_code == 403
    assert bearer(key_of(bob, "work.write")).post(
        TASKS, {"title": "電話する"}, content_type="application/json"
    ).status_code in {200, 201}
