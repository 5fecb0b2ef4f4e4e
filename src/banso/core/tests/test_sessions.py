"""Sessions: listed in words, ended for good; what ends them, and that nothing brings them back.

S11 and row 23 of the known holes (CVE-2021-3740, CVE-2022-24751).
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from banso.core import api_keys, passwords, sessions, workspaces
from banso.core.models import ApiKey, Membership, Person, Role, Session
from banso.core.scope import open_workspace
from banso.core.sessions import SessionStore
from banso.core.sign_in import devices, providers
from banso.core.tests.builders import PASSWORD, a_member, a_workspace, events

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None) -> None:
    cache.clear()


def a_browser(person: Person, agent: str = CHROME, **more: Any) -> Client:
    client = Client(headers={"accept-language": "ja", "user-agent": agent}, **more)
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def key_of(client: Client) -> str:
    return str(client.cookies["sessionid"].value)


def test_a_session_says_who_where_and_since_when(bob: Person) -> None:
    before = timezone.now()
    client = a_browser(bob, REMOTE_ADDR="203.0.113.9")
    row = Session.objects.get(session_key=key_of(client))
    assert (row.person, row.ip, row.agent) == (bob, "203.0.113.9", CHROME)
    assert before <= row.started_at <= row.last_used_at <= timezone.now()


def test_the_last_use_is_true_to_the_minute_and_survives_a_save(bob: Person) -> None:
    client = a_browser(bob)
    long_ago = timezone.now() - 2 * sessions.USE_NOTED_EVERY
    Session.objects.update(last_used_at=long_ago, started_at=long_ago)
    handle = Session.objects.get().handle
    client.get("/settings/", REMOTE_ADDR="203.0.113.77")
    row = Session.objects.get()
    assert row.last_used_at > long_ago and row.ip == "203.0.113.77"
    session = client.session
    session["anything"] = 1
    session.save()
    assert Session.objects.get().handle == handle


def test_the_list_shows_every_session_in_words_and_marks_this_one(bob: Person) -> None:
    here = a_browser(bob)
    a_browser(bob, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604.1")
    page = here.get("/accounts/2fa/").content.decode()
    assert "WindowsのChrome" in page and "iPhoneのSafari" in page
    assert page.count("この端末") == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "WindowsのChrome"),
        (CHROME + " Edg/140.0", "WindowsのMicrosoft Edge"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Firefox/143.0", "MacのFirefox"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari", "AndroidのChrome"),
        ("curl/8", "不明な端末"),
        ("", "不明な端末"),
        ("<script>" * 100, "不明な端末"),
    ],
)
def test_browsers_are_told_in_words(agent: str, words: str) -> None:
    assert devices.in_words(agent) == words


def test_ending_one_ends_that_one_and_no_other(bob: Person) -> None:
    here, there = a_browser(bob), a_browser(bob)
    handle = Session.objects.get(session_key=key_of(there)).handle
    here.post("/accounts/sessions/end/", {"which": str(handle)})
    assert is_in(here) and not is_in(there)
    assert [event.facts for event in events("core.session_ended")] == [{"n": 1}]


def test_ending_all_others_keeps_this_one(bob: Person) -> None:
    here, others = a_browser(bob), [a_browser(bob), a_browser(bob)]
    here.post("/accounts/sessions/end/", {"which": "others"})
    assert is_in(here) and not any(is_in(other) for other in others)


@pytest.mark.parametrize("others", [True, False])
def test_sessions_end_only_where_it_can_be_told(bob: Person, others: bool) -> None:
    here, there = a_browser(bob, raise_request_exception=False), a_browser(bob)
    which = "others" if others else str(Session.objects.get(session_key=key_of(there)).handle)
    refuse_events("core.session_ended")
    assert here.post("/accounts/sessions/end/", {"which": which}).status_code == 500
    assert is_in(here) and is_in(there)


def refuse_events(name: str) -> None:
    """The database takes no event of that name until this test is over."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE core_event ADD CHECK (name <> '{name}')")


@pytest.mark.parametrize("which", ["", "x", "01a20201-38a5-7281-956d-1d07fbce6213", "\x00"])
def test_a_wrong_handle_is_a_404(bob: Person, which: str) -> None:
    assert a_browser(bob).post("/accounts/sessions/end/", {"which": which}).status_code == 404


def test_nobody_ends_somebody_elses_session(bob: Person, vera: Person) -> None:
    mine, theirs = a_browser(bob), a_browser(vera)
    handle = Session.objects.get(session_key=key_of(theirs)).handle
    assert mine.post("/accounts/sessions/end/", {"which": str(handle)}).status_code == 404
    assert is_in(theirs)


def test_a_request_under_way_cannot_bring_an_ended_session_back(bob: Person) -> None:
    client = a_browser(bob)
    under_way = SessionStore(key_of(client))
    assert under_way[SESSION_KEY] == str(bob.pk)
    sessions.end_sessions(bob.pk)
    under_way["anything"] = 1
    with pytest.raises(UpdateError):
        under_way.save()
    assert not is_in(client) and not Session.objects.filter(person=bob).exists()


def test_s11_a_new_password_ends_every_session_at_once(bob: Person) -> None:
    browsers = [a_browser(bob), a_browser(bob)]
    passwords.set_password(bob, password="ein anderes langes wort")
    assert not any(is_in(one) for one in browsers)
    assert not Session.objects.filter(person=bob).exists()


def test_s11_keys_outlive_a_new_password_unless_the_person_says_otherwise(bob: Person) -> None:
    """Programs must not stop because somebody forgot a password; a thief's keys must."""
    Membership.objects.update(role=Role.OWNER)
    api_keys.make_key("連携", scopes=["core.keys"], by=bob)
    new = "ein anderes langes wort"
    values = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    a_browser(bob).post("/accounts/password/change/", values)
    assert ApiKey.objects.get().revoked_at is None
    values = {"oldpassword": new, "password1": PASSWORD, "password2": PASSWORD}
    client = Client()
    client.post(LOGIN, {"login": bob.email, "password": new})
    client.post("/accounts/password/change/", {**values, "revoke_keys": "on"})
    assert ApiKey.objects.get().revoked_at is not None


def test_s11_leaving_ends_pages_and_keys_at_once(alice: Person, bob: Person) -> None:
    client = a_browser(bob)
    Membership.objects.filter(person=bob).update(role=Role.OWNER)
    _key, secret = api_keys.make_key("連携", scopes=["customers.read"], by=bob)
    asking = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/customers", headers=asking).status_code == 200
    workspaces.remove_member(Membership.objects.get(person=bob).pk, by=alice)
    assert client.get("/customers/").status_code == 403
    assert Client().get("/api/v1/customers", headers=asking).status_code == 401


def test_roles_that_need_a_second_step_are_led_to_set_one_up(alice: Person, bob: Person) -> None:
    client = a_browser(bob)
    assert client.get("/customers/").status_code == 200
    providers.change_rules(second_step_roles=[Role.CSM], only_provider=False, by=alice)
    assert client.get("/customers/")["Location"] == "/closed/"
    assert "/accounts/2fa/" in client.get("/closed/").content.decode()
    assert client.get("/accounts/2fa/").status_code == 200
    an_app_for(bob)
    assert client.get("/customers/").status_code == 200


def an_app_for(person: Person) -> Any:
    return TOTP.activate(person, generate_totp_secret())


@pytest.fixture
def committed_bob(transactional_db: None) -> Person:
    with open_workspace(a_workspace()):
        return a_member("bob@acme.example")


def in_thread(call: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            call()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_s11_row_23_a_race_with_revocation_lets_nobody_stay(committed_bob: Person) -> None:
    """Requests and sign-ins run while the person is made inactive: afterwards all doors are shut."""
    clients: list[Client] = [a_browser(committed_bob) for _each in range(3)]
    for _round in range(10):
        Person.objects.filter(pk=committed_bob.pk).update(is_active=True)
        cache.clear()
        clients = [a_browser(committed_bob), *clients[:2]]

        def keep_asking(clients: list[Client] = clients) -> None:
            for client in clients:
                client.post("/language/", {"language": "ja"})
                client.get("/settings/")

        def come_in(clients: list[Client] = clients) -> None:
            clients.append(a_browser(committed_bob))

        threads = [in_thread(keep_asking), in_thread(come_in)]
        Person.objects.filter(pk=committed_bob.pk).update(is_active=False)
        for thread in threads:
            thread.join()
        assert not any(is_in(client) for client in clients)


def test_s11_a_new_password_leaves_no_session_behind(bob: Person, bob_client: Client) -> None:
    """Pages would be closed by the old password's stamp, too; streams and lists know rows only."""
    assert bob_client.get("/settings/").status_code == 200
    assert Session.objects.filter(person=bob).exists()
    passwords.set_password(bob, password="another good password")
    assert not Session.objects.filter(person=bob).exists()
