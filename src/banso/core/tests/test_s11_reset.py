"""S11: a reset link goes to the stored address only, leads to the configured one only, works once.

Rows 20-22, 24 and 27 of the known holes: CVE-2023-7028, CVE-2019-19844, CVE-2022-23064 and others.
"""

import re
from typing import Any, ClassVar
from urllib.parse import quote

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from banso.core import passwords
from banso.core.addresses import folded, is_local
from banso.core.models import Person, Workspace
from banso.core.tests.builders import PASSWORD, a_member, drain_jobs
from banso.core.tests.servers import Mailbox

RESET, LOGIN = "/accounts/password/reset/", "/accounts/login/"
PUBLIC = "https://banso.acme.example"
NEW = "ein anderes langes wort"


@pytest.fixture(autouse=True)
def ground(db: None) -> None:
    cache.clear()


@pytest.fixture
def kim(acme: Workspace) -> Person:
    """Somebody whose name can be written with ſ, K and ı."""
    return a_member("kim.is@acme.example", name="キム")


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "ja"})


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "banso.acme.example.evil.example"},
        {"host": "banso.acme.example:1234"},
        {"host": "evil.example:443"},
        {"host": "127.0.0.1", "x-forwarded-host": "evil.example"},
        {"host": "127.0.0.1", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http"},
        {"host": "127.0.0.1", "x-host": "evil.example", "x-original-host": "evil.example"},
        {"host": "127.0.0.1", "forwarded": "host=evil.example;proto=http"},
        {"host": "127.0.0.1", "x-forwarded-server": "evil.example"},
        {"host": "127.0.0.1", "origin": "https://evil.example", "referer": "https://evil.example/"},
    ],
    ids=str,
)
def test_s11_row_22_ten_host_forms_lead_nowhere_else(
    headers: dict[str, str], kim: Person, visitor: Client, mailbox: Mailbox, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    drain_jobs()
    visitor.post(RESET, {"email": kim.email}, headers=headers)
    drain_jobs()
    assert mailbox.recipients == [[kim.email]]
    mail = mailbox.mails[0]
    text = f"{mail.items()} {mail.get_content()}"
    assert "evil" not in text and f"{PUBLIC}/accounts/password/reset/key/" in text


def test_s11_row_22_a_host_that_is_not_ours_is_refused_at_all(kim: Person) -> None:
    answer = Client().get(RESET, headers={"host": "evil.example"})
    assert answer.status_code == 400


TWINS = [
    "email=kim.is%40acme.example&email=evil%40evil.example",
    "email=evil%40evil.example&email=kim.is%40acme.example",
    "email[]=kim.is%40acme.example&email[]=evil%40evil.example",
    "email[0]=kim.is%40acme.example&email[1]=evil%40evil.example",
    "email=kim.is%40acme.example,evil%40evil.example",
    "email=kim.is%40acme.example%0aevil%40evil.example",
    "email=kim.is%40acme.example%0d%0aBcc:evil%40evil.example",
    "email=kim.is%40acme.example%20evil%40evil.example",
    "email=kim.is%40acme.example%00evil%40evil.example",
    "email=%22kim.is%40acme.example%22%40evil.example",
    "email=kim.is%40acme.example;evil%40evil.example",
    "email=<kim.is%40acme.example>evil%40evil.example",
]


@pytest.mark.parametrize("body", TWINS)
def test_s11_row_20_two_addresses_in_one_form_reach_no_other_inbox(
    body: str, kim: Person, visitor: Client, mailbox: Mailbox
) -> None:
    drain_jobs()
    kind = "application/x-www-form-urlencoded"
    assert visitor.post(RESET, body, content_type=kind).status_code < 500
    drain_jobs()
    assert all(whom == [kim.email] for whom in mailbox.recipients)


@pytest.mark.parametrize(
    "body",
    [
        '{"email": ["kim.is@acme.example", "evil@evil.example"]}',
        '{"email": {"$ne": null}}',
        '{"email": "kim.is@acme.example", "email": "evil@evil.example"}',
    ],
)
def test_s11_row_20_json_is_no_form(
    body: str, kim: Person, visitor: Client, mailbox: Mailbox
) -> None:
    drain_jobs()
    answer = visitor.post(RESET, body, content_type="application/json")
    assert answer.status_code < 500
    drain_jobs()
    assert mailbox.mails == []


@pytest.mark.parametrize(
    "twin",
    [
        "K\u0131m.is@acme.example",
        "\u212aim.is@acme.example",
        "kim.i\u017f@acme.example",
        "kim.is@acme.examp\uff4ce",
        "ｋim.is@acme.example",
        "kim.i\u200bs@acme.example",
        "k\u0456m.is@acme.example",
    ],
    ids=ascii,
)
def test_s11_row_21_unicode_twins_reach_no_other_inbox(
    twin: str, kim: Person, visitor: Client, mailbox: Mailbox
) -> None:
    drain_jobs()
    visitor.post(RESET, {"email": twin})
    drain_jobs()
    assert all(whom == [kim.email] for whom in mailbox.recipients)


def test_s11_row_21_a_twin_that_has_an_account_of_its_own_gets_its_own_link_only(
    kim: Person, visitor: Client, mailbox: Mailbox
) -> None:
    """The twin's domain is the twin's: its link must never be for kim."""
    twin = a_member("k\u0131m.is@acme.example", name="Twin")
    drain_jobs()
    visitor.post(RESET, {"email": kim.email})
    drain_jobs()
    assert mailbox.recipients == [[kim.email]]
    assert kim.pk.hex in mailbox.mails[0].get_content()
    assert twin.pk.hex not in mailbox.mails[0].get_content()


def test_s11_attempts_are_counted_together_however_the_address_is_written(
    kim: Person, visitor: Client
) -> None:
    spellings = ["KIM.IS@acme.example", "\u212aim.is@acme.example", "kim.i\u017f@acme.example"]
    spellings += ["k\u0131m.is@acme.example", "\u212aIM.i\u017f@ACME.example"]
    for spelling in spellings:
        visitor.post(LOGIN, {"login": spelling, "password": "x"})
    assert visitor.post(LOGIN, {"login": kim.email, "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("header", ["x-forwarded-for", "x-real-ip", "forwarded", "x-client-ip"])
def test_s11_row_24_a_forwarded_address_gives_no_new_attempts(
    header: str, visitor: Client, acme: Workspace
) -> None:
    """Proxies are believed by the server where they are named, not by a header."""
    for n in range(20):
        visitor.post(RESET, {"email": f"p{n}@acme.example"}, headers={header: f"203.0.113.{n}"})
    answer = visitor.post(RESET, {"email": "q@acme.example"}, headers={header: "203.0.113.99"})
    assert answer.status_code == 429


@given(st.text(max_size=40))
@example("ıſKﬀ@ß")
def test_folding_an_address_again_changes_nothing(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert folded(text.upper()) == folded(text.lower()) or not text.isascii()


ELSEWHERE = [
    *("https://evil.example", "http://evil.example/", "//evil.example", "///evil.example"),
    *(
        "////evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
    ),
    *("https:evil.example", "https:/evil.example", "https:///evil.example", "HTTPS://evil.example"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x"),
    *(
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://evil.example",
        "mailto:a@b",
        "blob:x",
        "about:blank",
    ),
    *(
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "\t//evil.example",
        " //evil.example",
    ),
    *("\x00//evil.example", "/\x00/evil.example", "/\x0b/evil.example", "\x01https://evil.example"),
    *(
        "https://127.0.0.1@evil.example",
        "https://127.0.0.1:x@evil.example",
        "//127.0.0.1@evil.example",
    ),
    *("https://127.0.0.1.evil.example", "https://banso.acme.example", "https://127.0.0.1"),
    *("http://localhost/", "//localhost", "//[::1]", "http://[::1]/", "https://testserver/"),
    *(
        "//evil.example\\@127.0.0.1",
        "https://evil.example#127.0.0.1",
        "https://evil.example?127.0.0.1",
    ),
    *("//evil%E3%80%82example", "//evil。example", "／／evil.example", "⁄⁄evil.example"),
    *(
        "/\u200b/evil.example",
        "/\u2028/evil.example",
        "\ufeff//evil.example",
        "/\u00a0/evil.example",
    ),
    *(
        "settings/",
        "evil.example",
        "?next=//evil.example",
        "#x",
        ".//evil.example",
        "..//evil.example",
    ),
    *("", " ", "x" * 3000),
]


def test_s11_there_are_sixty_ways_to_be_led_away() -> None:
    assert len(set(ELSEWHERE)) >= 60


@pytest.mark.parametrize("url", ELSEWHERE, ids=ascii)
def test_s11_row_27_next_leads_to_pages_of_ours_only(url: str) -> None:
    assert not is_local(url)


@pytest.mark.parametrize("url", ["/", "/customers/?q=株式会社&sort=-x#y", "/a/b", "/?next=//x"])
def test_paths_of_ours_are_followed(url: str) -> None:
    assert is_local(url)


def test_s11_row_27_every_door_that_goes_on_stays_here(kim: Person) -> None:
    for url in ELSEWHERE[::7]:
        client = Client()
        where = f"{LOGIN}?next={quote(url)}"
        cache.clear()
        answers = [
            client.post(where, {"login": kim.email, "password": PASSWORD, "next": url}),
            client.post("/language/", {"language": "ja", "next": url}),
            client.get(f"{LOGIN}?next={quote(url)}"),
            client.post(f"/accounts/logout/?next={quote(url)}", {"next": url}),
        ]
        for answer in answers:
            led = answer.headers.get("Location", "/")
            assert is_local(led) and "evil" not in led, (url, led)


def link_for(person: Person) -> str:
    return passwords.reset_url(person).removeprefix(PUBLIC)


@pytest.fixture
def public(settings: Any) -> None:
    settings.PUBLIC_URL = PUBLIC


def takes(client: Client, link: str) -> bool:
    """Whether the link leads to a form that sets a password."""
    page = client.get(link, follow=True)
    return b"password1" in page.content


@pytest.mark.usefixtures("public")
def test_s11_a_link_works_once_for_one_person_and_one_purpose(kim: Person, bob: Person) -> None:
    link = link_for(kim)
    uid, token = re.search(r"key/([0-9a-f]+)-(.+)/$", link).groups()  # type: ignore[union-attr]
    assert not takes(Client(), link.replace(uid, bob.pk.hex))
    for place in range(len(token)):
        other = "a" if token[place] != "a" else "b"
        broken = token[:place] + other + token[place + 1 :]
        assert not takes(Client(), link.replace(token, broken)), place
    assert takes(Client(), link)
    passwords.set_password(kim, password=NEW)
    assert not takes(Client(), link)


@pytest.mark.usefixtures("public")
def test_s11_a_link_dies_with_its_days_with_a_sign_in_and_with_the_address(kim: Person) -> None:
    link = link_for(kim)
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert not takes(Client(), link)
    Person.objects.filter(pk=kim.pk).update(email="kim.new@acme.example")
    assert not takes(Client(), link)
    Person.objects.filter(pk=kim.pk).update(email=kim.email)
    client = Client()
    client.post(LOGIN, {"login": kim.email, "password": PASSWORD})
    assert not takes(Client(), link)


@pytest.mark.usefixtures("public")
def test_s11_the_token_never_stands_in_an_address_that_a_page_could_pass_on(kim: Person) -> None:
    client = Client()
    link = link_for(kim)
    answer = client.get(link)
    assert answer.status_code == 302 and "set-password" in answer["Location"]
    page = client.get(answer["Location"])
    assert page["Referrer-Policy"] == "same-origin"
    assert link.rsplit("-", 1)[1].encode() not in page.content


def test_s11_known_and_unknown_people_cost_the_same_work(
    kim: Person,
) -> None:
    """The same statements in the same order; the trial measures the time."""
    seen = []
    for email in (kim.email, "nobody@acme.example"):
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as told:
            Client().post(RESET, {"email": email})
        seen.append([re.sub(r"'[^']*'|\d+|\\x[0-9a-f]+", "?", one["sql"])[:60] for one in told])
    assert seen[0] == seen[1]


class CountingHasher(PBKDF2PasswordHasher):
    """The program's own way to hash, in fewer rounds; `made` are the rounds of each hash."""

    iterations = 1000
    made: ClassVar[list[int]] = []

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        self.made.append(iterations or self.iterations)
        return super().encode(password, salt, iterations)


def test_s11_known_and_unknown_people_cost_the_same_hashing(kim: Person) -> None:
    """Nearly all of the time that a sign-in takes; the trial measures the time itself."""
    hasher = f"{__name__}.CountingHasher"
    with override_settings(PASSWORD_HASHERS=[hasher]):
        kim.set_password(PASSWORD)
        kim.save()
        known, unknown = _rounds(kim.email), _rounds("nobody@x.example")
    assert known == unknown == [CountingHasher.iterations]


def _rounds(email: str) -> list[int]:
    """How often, and in how many rounds, a sign-in with a wrong password hashes."""
    cache.clear()
    CountingHasher.made.clear()
    Client().post(LOGIN, {"login": email, "password": "x"})
    return CountingHasher.made[:]
