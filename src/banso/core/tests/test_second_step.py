"""The second step and passkeys: secrets lie sealed, codes are shown once, odd answers open nothing."""

import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from fido2.utils import websafe_encode

from banso.core.account_forms import (
    AddPasskey,
    ConfirmByPasskey,
    EnterByPasskey,
    OnOurPages,
    StepByPasskey,
)
from banso.core.models import Person
from banso.core.sealed import Unsealable, seal, unseal
from banso.core.second_step import origins, relying_host
from banso.core.tests.builders import PASSWORD, an_authenticator, events

ADD, STEP = "/accounts/2fa/webauthn/add/", "/accounts/2fa/authenticate/"
ENTER = "/accounts/2fa/webauthn/login/"


@pytest.fixture(autouse=True)
def no_attempts_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def browser(bob: Person) -> Client:
    """Bob's, having proven again who he is."""
    client = Client(headers={"accept-language": "ja"})
    client.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def turn_on(browser: Client) -> str:
    """The secret of the app that is turned on."""
    page = browser.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert found
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1])})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    return found[1]


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def codes_on(page: Any) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code>", page.content.decode())


def test_secrets_lie_sealed_in_the_database(bob: Person, browser: Client) -> None:
    secret = turn_on(browser)
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored and stored.count('"sealed:') == 2


def test_what_was_sealed_is_read_by_later_keys_but_not_by_others(settings: Any) -> None:
    sealed = seal("秘密")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    assert unseal(sealed) == "秘密" and unseal("from before") == "from before"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unsealable):
        unseal(sealed)


def test_recovery_codes_are_shown_once_counted_and_made_anew(browser: Client) -> None:
    turn_on(browser)
    path = "/accounts/2fa/recovery-codes/"
    shown = browser.get(path)
    assert len(codes_on(shown)) == 10 and "no-store" in shown["Cache-Control"]
    again = browser.get(path)
    assert codes_on(again) == [] and "残りは10個" in again.content.decode()
    browser.post(path + "generate/")
    anew = codes_on(browser.get(path))
    assert len(anew) == 10 and not set(anew) & set(codes_on(shown))
    assert [event.name for event in events("core.codes_made")] == ["core.codes_made"]


def test_wrong_codes_are_counted_per_person_and_told_in_words(bob: Person, browser: Client) -> None:
    secret = turn_on(browser)
    client = Client(headers={"accept-language": "ja"})
    client.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    statuses = [client.post(STEP, {"code": f"{n:06}"}).status_code for n in range(6)]
    assert statuses == [422] * 5 + [429]
    answer = client.post(STEP, {"code": code_of(secret)})
    assert answer.status_code == 429 and "試行回数が多すぎます" in answer.content.decode()


def test_passkeys_belong_to_the_configured_address_whatever_the_host_header_says(
    browser: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["*"], "https://banso.acme.example"
    page = browser.get(ADD, headers={"host": "evil.example"}).content.decode()
    assert "&quot;id&quot;: &quot;banso.acme.example&quot;" in page and "evil.example" not in page
    assert origins() == {"https://banso.acme.example"}


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        ("http://127.0.0.1:8210", "localhost", "http://localhost:8210"),
        ("https://banso.acme.example", "banso.acme.example", "https://banso.acme.example"),
        (
            "https://banso.acme.example:8443",
            "banso.acme.example",
            "https://banso.acme.example:8443",
        ),
    ],
)
def test_a_bare_address_gets_a_name_that_browsers_take(
    address: str, host: str, origin: str, settings: Any
) -> None:
    settings.PUBLIC_URL = address
    assert (relying_host(), origins()) == (host, {origin})


def an_answer(origin: str = "http://localhost:8210", **more: Any) -> str:
    told = {"type": "webauthn.get", "challenge": "AAAA", "origin": origin}
    data = websafe_encode(json.dumps(told).encode())
    response = {"clientDataJSON": data, "authenticatorData": "AAAA", "signature": "AAAA", **more}
    return json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": response})


ODD = [
    *("", "null", "[]", "{}", '""', "1", "not json", '{"response": 1}', '{"response": []}'),
    *('{"response": {"clientDataJSON": 1}}', '{"response": {"clientDataJSON": "%%%"}}'),
    *('{"id": null, "rawId": {}, "response": null}', "{" * 500),
    an_answer(),
    an_answer("https://evil.example"),
    an_answer(userHandle="AAAA"),
    an_answer(userHandle="%%%"),
    an_answer(userHandle=1),
    an_answer(userHandle=websafe_encode(b"\xff\xfe")),
    an_answer(userHandle=websafe_encode(b"not a uuid")),
    an_answer(userHandle=websafe_encode(b"01a2020138a57281956d1d07fbce6213")),
]


@pytest.mark.parametrize("odd", ODD, ids=lambda one: one[:40])
def test_odd_answers_of_a_passkey_open_nothing(odd: str, bob: Person, browser: Client) -> None:
    stranger = Client()
    stranger.get(ENTER, headers={"accept": "application/json"})
    assert stranger.post(ENTER, {"credential": odd}).status_code in {302, 422}
    assert stranger.get("/settings/").status_code == 302
    browser.get(ADD)
    assert browser.post(ADD, {"name": "x", "credential": odd}).status_code == 422
    assert not Authenticator.objects.filter(user=bob).exists()


def test_too_many_passkeys_tried_from_one_place_are_429(acme: Any) -> None:
    statuses = [Client().post(ENTER, {"credential": "{}"}).status_code for _n in range(21)]
    assert statuses[-1] == 429


def test_somebody_elses_passkey_is_a_404(browser: Client) -> None:
    theirs = an_authenticator()
    Authenticator.objects.filter(pk=theirs.pk).update(type="webauthn", data={"name": "x"})
    for verb in ("edit", "remove"):
        path = f"/accounts/2fa/webauthn/keys/{theirs.pk}/{verb}/"
        assert browser.get(path).status_code == browser.post(path).status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk, data={"name": "x"}).exists()


def test_changing_how_one_signs_in_wants_the_person_again(bob: Person) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    for path in ("webauthn/add/", "totp/activate/", "recovery-codes/generate/"):
        answer = client.get(f"/accounts/2fa/{path}")
        assert "/accounts/reauthenticate/" in answer["Location"], path


def test_an_app_from_before_sealing_still_works(bob: Person) -> None:
    secret = generate_totp_secret()
    Authenticator.objects.create(user=bob, type="totp", data={"secret": secret})
    client = Client()
    client.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    client.post(STEP, {"code": code_of(secret)})
    assert client.get("/settings/").status_code == 200
    assert TOTP(Authenticator.objects.get()).instance.user == bob


@pytest.mark.parametrize("form", [EnterByPasskey, StepByPasskey, ConfirmByPasskey, AddPasskey])
@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null", ""])
def test_a_passkey_used_on_another_page_opens_nothing(
    form: type[OnOurPages], origin: str, bob: Person
) -> None:
    told = form.__new__(form)
    told.cleaned_data = {"credential": json.loads(an_answer(origin))}
    with pytest.raises(ValidationError):
        told.clean_credential()
