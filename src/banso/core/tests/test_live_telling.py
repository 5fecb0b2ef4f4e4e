"""What is told at commit, heard with PostgreSQL's own LISTEN."""

import json
from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from psycopg.conninfo import make_conninfo

from banso.core import sessions, workspaces
from banso.core.live import end, tell
from banso.core.live.telling import fingerprint
from banso.core.models import Membership, Person, Role, Session, Workspace
from banso.core.scope import NoWorkspaceOpen, open_workspace
from banso.core.sign_in import providers
from banso.core.tests.builders import a_member, a_membership, a_workspace

pytestmark = pytest.mark.django_db(transaction=True)
Heard = Callable[[], list[str]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Everything told since the last call."""
    facts = connection.settings_dict
    words = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    known = {word: str(facts[name]) for word, name in words.items() if facts[name]}
    with psycopg.connect(make_conninfo(dbname=facts["NAME"], **known), autocommit=True) as ear:
        ear.execute("LISTEN banso_live")
        ear.execute("LISTEN banso_live_end")
        yield lambda: [one.payload for one in ear.notifies(timeout=0.1)]


@pytest.fixture
def ours() -> Iterator[Workspace]:
    with open_workspace(a_workspace()) as workspace:
        yield workspace


def a_session(person: Person) -> Session:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    row: Session = Session.objects.get(session_key=client.session.session_key)
    return row


def ends(heard: Heard) -> list[dict[str, str]]:
    """Which rights were told to have ended since the last call, without what was left open."""
    told = [json.loads(one) for one in heard() if one.startswith("{")]
    return [{name: value for name, value in one.items() if value} for one in told]


def test_a_topic_is_told_at_commit_and_once(ours: Workspace, heard: Heard) -> None:
    with transaction.atomic():
        tell("today")
        tell("today")
        assert heard() == []
    assert heard() == [f"{ours.pk} today"]


def test_a_rollback_tells_nobody(ours: Workspace, heard: Heard) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        tell("today")
        raise RuntimeError
    assert heard() == []


def test_ids_make_a_topic_each(ours: Workspace, heard: Heard) -> None:
    one, two = uuid4(), uuid4()
    tell("customer", one, two)
    assert heard() == [f"{ours.pk} customer:{one}", f"{ours.pk} customer:{two}"]


def test_nothing_is_told_while_no_workspace_is_open(db: None) -> None:
    with pytest.raises(NoWorkspaceOpen):
        tell("today")


def test_the_end_of_a_right_names_no_session_key(heard: Heard) -> None:
    end(session_key="a-secret-key")
    [told] = heard()
    assert json.loads(told)["session"] == fingerprint("a-secret-key") and "secret" not in told


def test_the_end_of_nothing_in_particular_is_not_told(heard: Heard) -> None:
    end()
    assert heard() == []


def test_the_streams_of_a_browser_end_as_it_signs_out(ours: Workspace, heard: Heard) -> None:
    client = Client()
    client.force_login(a_membership().person, backend=settings.AUTHENTICATION_BACKENDS[0])
    key = client.session.session_key or ""
    heard()
    assert client.post("/accounts/logout/").status_code == 302
    told = [json.loads(one)["session"] for one in heard() if one.startswith("{")]
    assert told == [fingerprint(key)]


def test_a_visitor_who_leaves_is_told_to_nobody(ours: Workspace, heard: Heard) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/logout/")
    assert heard() == []


def test_the_streams_of_a_session_that_was_ended_from_elsewhere_end(
    ours: Workspace, heard: Heard
) -> None:
    row = a_session(a_membership().person)
    key, person = row.session_key, row.person
    assert person is not None
    heard()
    sessions.end_session(row.handle, person=person)
    assert ends(heard) == [{"session": fingerprint(key)}]


def test_the_streams_of_all_sessions_but_this_one_end(ours: Workspace, heard: Heard) -> None:
    person = a_membership().person
    here, *others = [a_session(person).session_key for _n in range(3)]
    heard()
    sessions.end_sessions(person.pk, but=here)
    told = [one["session"] for one in ends(heard)]
    assert sorted(told) == sorted(fingerprint(one) for one in others)


def test_a_new_role_a_removal_and_new_rules_end_the_streams_they_concern(
    ours: Workspace, heard: Heard
) -> None:
    alice = a_member("alice@acme.example", role=Role.OWNER)
    bob = Membership.objects.get(person=a_member("bob@acme.example"))
    place, whose = {"workspace": str(ours.pk)}, {"person": str(bob.person_id)}
    heard()
    workspaces.change_role(bob.pk, role=Role.VIEWER, by=alice)
    assert ends(heard) == [{**whose, **place}]
    providers.change_rules(second_step_roles=[Role.CSM], only_provider=False, by=alice)
    assert ends(heard) == [place]
    workspaces.remove_member(bob.pk, by=alice)
    assert ends(heard) == [{**whose, **place}]
