"""Signing in, its limits, its language, and the second step."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from banso.core.models import Person, Workspace
from banso.core.tests.builders import PASSWORD

LOGIN = "/accounts/login/"


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "ja"})


def sign_in(client: Client, person: Person, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": person.email, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def test_e_mail_and_password_open_the_door(bob: Person, visitor: Client) -> None:
    assert not is_in(visitor)
    assert sign_in(visitor, bob)["Location"] == "/"
    assert is_in(visitor)


def test_capital_letters_in_the_address_do_not_matter(bob: Person, visitor: Client) -> None:
    visitor.post(LOGIN, {"login": bob.email.upper(), "password": PASSWORD})
    assert is_in(visitor)


def test_a_wrong_password_and_an_unknown_address_read_the_same(
    bob: Person, visitor: Client
) -> None:
    wrong = sign_in(visitor, bob, "wrong")
    unknown = visitor.post(LOGIN, {"login": "nobody@acme.example", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 422
    words = "メールアドレスまたはパスワードが違います。"
    assert words in wrong.content.decode() and words in unknown.content.decode()


def test_after_five_wrong_passwords_even_the_right_one_must_wait(
    bob: Person, visitor: Client
) -> None:
    for _ in range(5):
        assert sign_in(visitor, bob, "wrong").status_code == 422
    answer = sign_in(visitor, bob)
    assert answer.status_code == 429 and "試行回数が多すぎます" in answer.content.decode()
    assert not is_in(visitor)


def test_another_host_header_gives_no_new_attempts(
    bob: Person, visitor: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for n in range(5):
        visitor.post(
            LOGIN, {"login": bob.email, "password": "x"}, headers={"host": f"h{n}.example"}
        )
    assert sign_in(visitor, bob).status_code == 429


def test_attempts_are_counted_for_all_processes_together(bob: Person, visitor: Client) -> None:
    """The cache is a table: what this process counts, every other one reads."""
    sign_in(visitor, bob, "wrong")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone()[0] == 2  # the address and the network
    cache.clear()


def test_a_person_who_is_not_active_stays_outside(bob: Person, visitor: Client) -> None:
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    sign_in(visitor, bob)
    assert not is_in(visitor)


def test_only_a_post_signs_out(bob_client: Client) -> None:
    bob_client.get("/accounts/logout/")
    assert is_in(bob_client)
    bob_client.post("/accounts/logout/")
    assert not is_in(bob_client)


def test_nobody_makes_an_account_for_themselves(visitor: Client, db: None) -> None:
    values = {"email": "new@evil.example", "password1": PASSWORD, "password2": PASSWORD}
    visitor.post("/accounts/signup/", values)
    assert not Person.objects.filter(email="new@evil.example").exists()


def test_signing_in_never_leads_to_another_site(bob: Person, visitor: Client) -> None:
    answer = visitor.post(
        f"{LOGIN}?next=https://evil.example/",
        {"login": bob.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/"


def test_changing_the_password_ends_every_session(bob: Person, bob_client: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere, bob)
    new = "ein anderes langes wort"
    values = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert bob_client.post(reverse("account_change_password"), values).status_code == 302
    assert not is_in(bob_client) and not is_in(elsewhere)
    sign_in(elsewhere, bob, new)
    assert is_in(elsewhere)


@pytest.mark.parametrize(
    ("asked", "shown"), [("ja", "ja"), ("en-GB,en;q=0.9", "en"), ("tlh", "ja")]
)
def test_a_visitor_reads_the_language_of_the_browser(
    acme: Workspace, asked: str, shown: str
) -> None:
    page = Client(headers={"accept-language": asked}).get(LOGIN)
    assert f'<html lang="{shown}"'.encode() in page.content


def test_a_persons_own_language_wins_over_the_browsers(bob: Person) -> None:
    client = Client(headers={"accept-language": "ja"})
    Person.objects.filter(pk=bob.pk).update(language="en")
    sign_in(client, bob)
    assert b'<html lang="en"' in client.get("/settings/").content


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture
def recovery_codes(bob: Person) -> Iterator[list[str]]:
    """Bob has turned two-step sign-in on; his recovery codes."""
    fresh = Client(headers={"accept-language": "ja"})
    sign_in(fresh, bob)
    assert "/reauthenticate/" in fresh.get("/accounts/2fa/totp/activate/")["Location"]
    fresh.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = fresh.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'<code class="secret">([A-Z2-7]{16,})</code>', page)
    assert secret and "data:image/svg+xml" in page
    answer = fresh.post("/accounts/2fa/totp/activate/", {"code": code_now(secret[1])})
    assert answer.status_code == 302
    shown = fresh.get("/accounts/2fa/recovery-codes/").content.decode()
    yield re.findall(r"<li><code>([^<]+)</code>", shown)
    cache.clear()


def test_the_second_step_is_asked_and_a_recovery_code_works_once(
    bob: Person, recovery_codes: list[str], visitor: Client
) -> None:
    assert len(recovery_codes) == 10
    assert sign_in(visitor, bob)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(visitor)
    wrong = visitor.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 422 and not is_in(visitor)
    visitor.post("/accounts/2fa/authenticate/", {"code": recovery_codes[0]})
    assert is_in(visitor)
    visitor.post("/accounts/logout/")
    sign_in(visitor, bob)
    visitor.post("/accounts/2fa/authenticate/", {"code": recovery_codes[0]})
    assert not is_in(visitor)
    visitor.post("/accounts/2fa/authenticate/", {"code": recovery_codes[1]})
    assert is_in(visitor)


def test_no_script_reads_the_session_cookie(bob: Person) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    cookies = {name: one["httponly"] for name, one in client.cookies.items()}
    assert cookies.get("sessionid") and all(cookies.values())
