"""Streams as a browser meets them: a real uvicorn, a real PostgreSQL, bare sockets."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from django.conf import settings
from django.db import connection
from django.test import Client

from banso.config.front import Front, Limits
from banso.config.patience import PatientProtocol
from banso.core import workspaces
from banso.core.live import end, hub, tell, tokens
from banso.core.live.hub import Hub
from banso.core.live.stream import LiveStream
from banso.core.models import Membership, Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member, a_workspace

pytestmark = pytest.mark.django_db(transaction=True)
PERMITS = frozenset({"customers.read", "work.read"})


@dataclass
class Page:
    """A socket with a stream on it."""

    connection: socket.socket

    def hears(self, words: str, within: float = 20) -> bool:
        """Whether `words` arrive in time."""
        text, deadline = "", time.monotonic() + within
        while words not in text and time.monotonic() < deadline:
            self.connection.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                part = self.connection.recv(4096)
            except TimeoutError:
                return False
            if not part:
                return False
            text += part.decode()
        return words in text

    def ends(self, within: float = 20) -> bool:
        """Whether the server says that the right has ended, and ends its answer, in time."""
        return self.hears("event: ended\ndata: 1\n\n\r\n0\r\n\r\n", within)


@dataclass
class Signed:
    """Somebody who has signed in."""

    member: Membership
    key: str

    def token(self, *topics: str) -> str:
        asked = list(topics or ("today",))
        return tokens.make(self.member, session_key=self.key, asked=asked, permits=PERMITS)


Ask = Callable[..., Page]


@pytest.fixture
def ours() -> Iterator[Workspace]:
    with open_workspace(a_workspace()) as workspace:
        yield workspace


@pytest.fixture
def bob(ours: Workspace) -> Signed:
    return signed(a_member("bob@acme.example"))


def signed(person: Person) -> Signed:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return Signed(Membership.objects.get(person=person), client.session.session_key or "")


@pytest.fixture
def port(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.3)
    ear = Hub()
    front = Front(
        lambda *_: [],
        threads=1,
        streams={"/live/stream": LiveStream(ear)},
        limits=Limits(),
        duties=[ear.run],
    )
    with serving(front) as at:
        deadline = time.monotonic() + 10
        while not ear.listening:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield at


@contextmanager
def serving(front: Front) -> Iterator[int]:
    server = uvicorn.Server(
        uvicorn.Config(
            front,
            host="127.0.0.1",
            port=0,
            log_config=None,
            lifespan="on",
            http=PatientProtocol,
            ws="none",
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def ask(port: int) -> Iterator[Ask]:
    """Asks for a stream; the words of the answer's head and first event must be `expect`."""
    opened: list[socket.socket] = []

    def request(
        token: str, key: str, *, age: str = "0", method: str = "GET", path: str = "/live/stream"
    ) -> Page:
        opened.append(socket.create_connection(("127.0.0.1", port), timeout=5))
        cookie = f"a=b; {settings.SESSION_COOKIE_NAME}={key}"
        head = f"{method} {path}?token={token}&age={age} HTTP/1.1\r\nHost: localhost\r\n"
        opened[-1].sendall(f"{head}Cookie: {cookie}\r\nAccept-Language: en\r\n\r\n".encode())
        return Page(opened[-1])

    yield request
    for one in opened:
        one.close()


@pytest.fixture
def stream(ask: Ask, bob: Signed) -> Page:
    """Bob's stream of Today, open."""
    page = ask(bob.token(), bob.key)
    assert page.hears("event: open")
    return page


def test_an_open_stream_hears_what_was_committed(stream: Page) -> None:
    tell("tasks")
    tell("today")
    assert stream.hears("event: changed\ndata: today\n\n")


def test_what_one_commit_told_comes_in_one_event(ask: Ask, bob: Signed) -> None:
    page = ask(bob.token("today", "tasks"), bob.key)
    assert page.hears("event: open")
    publish_both = "SELECT pg_notify('banso_live', w || ' today'), pg_notify('banso_live', w || ' tasks') FROM (SELECT %s::text) t(w)"
    with connection.cursor() as cursor:
        cursor.execute(publish_both, [str(bob.member.workspace_id)])
    assert page.hears("data: tasks today\n\n")


def test_another_workspace_is_not_heard(stream: Page) -> None:
    with open_workspace(a_workspace("別会社")):
        tell("today")
    assert not stream.hears("event: changed", within=0.5)


def test_a_page_that_opens_late_hears_what_it_missed(ask: Ask, stream: Page, bob: Signed) -> None:
    time.sleep(1.2)
    tell("today")
    assert stream.hears("event: changed")
    assert ask(bob.token(), bob.key, age="1000").hears("event: changed\ndata: today")
    assert ask(bob.token(), bob.key, age="99999").hears("event: resync")
    assert ask(bob.token(), bob.key, age="nan").hears("event: resync")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"token": ""}, 403),
        ({"token": "x:y:z"}, 403),
        ({"token": "a" * 5000}, 414),
        ({"key": "another"}, 403),
        ({"method": "POST"}, 405),
        ({"path": "/live/stream/more"}, 404),
        ({"path": "/live/"}, 404),
    ],
)
def test_what_is_no_stream_is_refused_in_words(
    ask: Ask, bob: Signed, asked: dict[str, str], status: int
) -> None:
    page = ask(**{"token": bob.token(), "key": bob.key, **asked})
    assert page.hears(f"HTTP/1.1 {status}")


def test_a_token_used_after_signing_out_is_refused(ask: Ask, bob: Signed) -> None:
    token = bob.token()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_session")
    assert ask(token, bob.key).hears("HTTP/1.1 403")


def test_a_stream_ends_at_once_when_it_is_told(stream: Page, bob: Signed) -> None:
    end(person_id=bob.member.person_id, workspace_id=Workspace.objects.get().pk)
    assert stream.ends(within=2)


def test_the_end_of_somebody_elses_right_ends_no_other_stream(stream: Page, bob: Signed) -> None:
    end(session_key="another")
    end(person_id=bob.member.pk)
    assert not stream.hears("event: ended", within=0.5)


def by_session(bob: Signed) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_session")


def by_password(bob: Signed) -> None:
    person = Person.objects.get(pk=bob.member.person_id)
    person.set_password("another good password")
    person.save()


def by_activity(bob: Signed) -> None:
    Person.objects.filter(pk=bob.member.person_id).update(is_active=False)


def by_membership(bob: Signed) -> None:
    Membership.objects.filter(pk=bob.member.pk).delete()


def by_role(bob: Signed) -> None:
    workspaces.change_role(bob.member.pk, role=Role.VIEWER)


@pytest.mark.parametrize("lose", [by_session, by_password, by_activity, by_membership, by_role])
def test_a_stream_whose_right_has_ended_closes(
    stream: Page, bob: Signed, lose: Callable[[Signed], None]
) -> None:
    lose(bob)
    assert stream.ends()


def test_a_person_has_a_bounded_number_of_streams(
    ask: Ask, bob: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_EACH", 2)
    first, second = ask(bob.token(), bob.key), ask(bob.token(), bob.key)
    assert first.hears("event: open") and second.hears("event: open")
    assert ask(bob.token(), bob.key).hears("HTTP/1.1 429")
    first.connection.close()
    deadline = time.monotonic() + 10
    while not ask(bob.token(), bob.key).hears("event: open"):  # until the server notices
        assert time.monotonic() < deadline


def test_a_process_has_a_bounded_number_of_streams(
    ask: Ask, stream: Page, bob: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_STREAMS", 1)
    assert ask(bob.token(), bob.key).hears("HTTP/1.1 503")


def test_a_lost_database_connection_is_renewed_and_told(stream: Page) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'banso live' AND datname = current_database()"
        )
    assert stream.hears("event: resync")
    tell("today")
    assert stream.hears("event: changed")


def test_an_idle_stream_beats(ask: Ask, bob: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "BEAT_SECONDS", 0.1)
    assert ask(bob.token(), bob.key).hears("event: beat")
