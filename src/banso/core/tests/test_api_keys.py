"""Keys for programs: shown once, kept as a hash, never wider than their maker."""

import hashlib
import re

import pytest
from django.test import Client

from banso.core import api_keys, workspaces
from banso.core.errors import Refused
from banso.core.models import ApiKey, Membership, Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import events, fresh


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(alice_client: Client) -> None:
    values = {"name": "連携", "scopes": ["core.people"]}
    answer = alice_client.post("/settings/keys/", values)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/keys/")
    first = alice_client.get("/settings/keys/")
    assert "no-store" in first["Cache-Control"]
    page = first.content.decode()
    shown = re.search(r"bns_[\w-]{40,}", page)
    assert shown
    key = ApiKey.objects.get()
    assert key.hash == hashlib.sha256(shown[0].encode()).hexdigest()
    assert shown[0] not in str(vars(key))
    again = alice_client.get("/settings/keys/")
    assert shown[0] not in again.content.decode() and key.prefix in again.content.decode()
    assert "no-store" in again["Cache-Control"] and ApiKey.objects.count() == 1
    assert shown[0] not in str(events("core.key_made")[0].facts)


def test_until_it_is_shown_the_secret_lies_sealed_in_its_makers_session(
    alice_client: Client,
) -> None:
    values = {"name": "連携", "scopes": ["core.people"]}
    alice_client.post("/settings/keys/", values)
    kept = str(dict(alice_client.session))
    assert "shown_once" in kept and "bns_" not in kept
    assert b"bns_" in alice_client.get("/settings/keys/").content
    assert "shown_once" not in str(dict(alice_client.session))


def test_nobody_gives_a_key_rights_they_do_not_have(bob: Person, alice_client: Client) -> None:
    for scopes in (["core.people"], ["no.such"], []):
        with pytest.raises(Refused):
            api_keys.make_key("x", scopes=scopes, by=bob)
    answer = alice_client.post("/settings/keys/", {"name": "x", "scopes": ["no.such"]})
    assert answer.status_code == 422
    assert not ApiKey.objects.exists()


def test_a_key_opens_its_workspace_until_it_is_revoked(alice: Person) -> None:
    key, secret = api_keys.make_key("x", scopes=["core.people"], by=alice)
    found = api_keys.key_and_membership(secret)
    assert found and found[0] == key and found[1].person == alice
    assert fresh(key).last_used_at
    api_keys.revoke_key(key.pk, by=alice)
    api_keys.revoke_key(key.pk, by=alice)
    assert api_keys.key_and_membership(secret) is None
    assert len(events("core.key_revoked")) == 1


def test_the_key_of_a_removed_or_inactive_person_opens_nothing(alice: Person, bob: Person) -> None:
    workspaces.change_role(Membership.objects.get(person=bob).pk, role=Role.OWNER, by=alice)
    _key, secret = api_keys.make_key("x", scopes=["core.people"], by=bob)
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    assert api_keys.key_and_membership(secret) is None
    Person.objects.filter(pk=bob.pk).update(is_active=True)
    assert api_keys.key_and_membership(secret)
    workspaces.remove_member(Membership.objects.get(person=bob).pk, by=alice)
    assert api_keys.key_and_membership(secret) is None


@pytest.mark.parametrize("token", ["", "bns_", "x" * 10_000, "\ud800", "日本語"])
def test_a_wrong_secret_is_nobodys(alice: Person, token: str) -> None:
    api_keys.make_key("x", scopes=["core.people"], by=alice)
    assert api_keys.key_and_membership(token) is None


def test_the_key_of_a_removed_person_opens_nothing_though_they_work_elsewhere(
    alice: Person, bob: Person, other_workspace: Workspace
) -> None:
    workspaces.change_role(Membership.objects.get(person=bob).pk, role=Role.OWNER, by=alice)
    _key, secret = api_keys.make_key("x", scopes=["core.people"], by=bob)
    with open_workspace(other_workspace):
        workspaces.add_person(bob.email, name="x", password="x", role=Role.OWNER)
    workspaces.remove_member(Membership.objects.get(person=bob).pk, by=alice)
    assert api_keys.key_and_membership(secret) is None
