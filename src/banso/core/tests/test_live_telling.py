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

from banso.core.live import end, tell
from banso.core.live.telling import fingerprint
from banso.core.models import Workspace
from banso.core.scope import NoWorkspaceOpen, open_workspace
from banso.core.tests.builders import a_membership, a_workspace

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
