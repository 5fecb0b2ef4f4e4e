"""Who gets a token for a stream, for which topics, and when one is refused."""

import json
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client

from banso.core.live import tokens
from banso.core.models import Membership, Person, Workspace

EVERYTHING = frozenset({"customers.read", "work.read", "usage.read"})


def token_of(client: Client, topics: str) -> str:
    answer = client.get("/live-token/", {"topics": topics})
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    return str(json.loads(answer.content)["token"])


def key_of(client: Client) -> str:
    return client.session.session_key or ""


def membership_of(person: Person) -> Membership:
    membership: Membership = Membership.objects.get(person=person)
    return membership


def test_a_token_is_bound_to_person_workspace_session_and_topics(
    bob_client: Client, bob: Person, acme: Workspace
) -> None:
    right = tokens.read(token_of(bob_client, "today tasks"), session_key=key_of(bob_client))
    assert (right.person, right.workspace) == (bob.pk, acme.pk)
    assert right.topics == {"today", "tasks"}


def test_topics_nobody_declared_or_of_other_people_are_left_out(
    bob_client: Client, bob: Person, alice: Person
) -> None:
    asked = f"today nonsense people:{alice.pk} people:{bob.pk} TODAY customer:x '"
    right = tokens.read(token_of(bob_client, asked), session_key=key_of(bob_client))
    assert right.topics == {"today", f"people:{bob.pk}"}


def test_a_topic_needs_its_permission(bob: Person) -> None:
    asked = ["today", "tasks", f"customer:{uuid4()}"]
    token = tokens.make(
        membership_of(bob), session_key="k", asked=asked, permits=frozenset({"work.read"})
    )
    assert tokens.read(token, session_key="k").topics == {"tasks"}


def test_another_session_cannot_use_the_token(bob_client: Client, alice_client: Client) -> None:
    token = token_of(bob_client, "today")
    for key in (key_of(alice_client), "", key_of(bob_client)[:-1]):
        with pytest.raises(tokens.BadToken):
            tokens.read(token, session_key=key)


def test_a_token_with_any_character_changed_is_refused(bob: Person) -> None:
    token = tokens.make(membership_of(bob), session_key="k", asked=["today"], permits=EVERYTHING)
    for n, sign in enumerate(token):
        other = token[:n] + ("A" if sign != "A" else "B") + token[n + 1 :]
        with pytest.raises(tokens.BadToken):
            tokens.read(other, session_key="k")


def test_a_token_is_too_old_after_a_minute(bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    token = tokens.make(membership_of(bob), session_key="k", asked=["today"], permits=EVERYTHING)
    monkeypatch.setattr(tokens, "SECONDS", -1)
    with pytest.raises(tokens.BadToken):
        tokens.read(token, session_key="k")


@pytest.mark.parametrize("salt", ["django.core.signing", "something else"])
def test_what_was_signed_for_another_purpose_is_no_token(bob: Person, salt: str) -> None:
    token = tokens.make(membership_of(bob), session_key="k", asked=["today"], permits=EVERYTHING)
    facts = signing.loads(token, salt=tokens.SALT)
    with pytest.raises(tokens.BadToken):
        tokens.read(signing.dumps(facts, salt=salt), session_key="k")


def test_a_token_tells_neither_the_session_key_nor_the_password(bob: Person) -> None:
    token = tokens.make(
        membership_of(bob), session_key="my-session", asked=["today"], permits=EVERYTHING
    )
    facts = json.dumps(signing.loads(token, salt=tokens.SALT))
    assert "my-session" not in facts and bob.password not in facts


def test_a_visitor_is_led_to_sign_in(db: None) -> None:
    assert Client().get("/live-token/?topics=today").status_code == 302


def test_who_belongs_nowhere_gets_no_token(bob_client: Client, bob: Person) -> None:
    membership_of(bob).delete()
    assert bob_client.get("/live-token/?topics=today").status_code == 403
