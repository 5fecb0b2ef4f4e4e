"""What a sign-in service, or somebody who plays one, cannot do: forge a person, send us around."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client

from banso.core.models import Identity, Person, SignInProvider
from banso.core.sign_in.outside import may_be_asked
from banso.core.tests import odd_provider
from banso.core.tests.odd_provider import OddProvider
from banso.core.tests.provider_visits import come_back, is_in, sign_in

pytestmark = pytest.mark.usefixtures("provider_ground")


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": ["banso", "somebody-else"]},
        {"aud": ["banso", "x"], "azp": "x"},
        {"azp": "x"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 9_999_999_999},
        {"nbf": 9_999_999_999},
        {"sub": ""},
        {"sub": None},
        {"sub": "x" * 256},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email": None},
        {"email": "bob@evil.example"},
        {"email": "bob@acme.example.evil.example"},
        {"email": "bob@evil.example@acme.example"},
        {"email": "bob@acme.example\x00"},
        {"email": "ｂob@acme.example"},
        {"email": "nobody@acme.example"},
    ],
    ids=str,
)
def test_what_proves_nothing_opens_nothing(
    wrong: dict[str, Any],
    bob: Person,
    service: SignInProvider,
    odd: OddProvider,
    visitor: Client,
) -> None:
    odd.claims = wrong
    answer = sign_in(visitor, service, odd)
    assert answer.status_code == 403, wrong
    assert not is_in(visitor) and not Identity.objects.exists()


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", "none", headers={"kid": "one"})


def signed_by_another(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, odd_provider.key(2), "RS256", headers={"kid": "one"})


def signed_with_the_public_key(claims: dict[str, Any]) -> str:
    """The old trick: the public key, which everybody knows, as the secret of a HMAC."""
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public = odd_provider.key().public_key().public_bytes(serialization.Encoding.DER, spki)
    return jwt.encode(claims, public.hex(), "HS256", headers={"kid": "one"})


def signed_with_an_unknown_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, odd_provider.key(2), "RS256", headers={"kid": "two"})


def cut(claims: dict[str, Any]) -> str:
    return odd_provider.signed(claims)[:-8] + "AAAAAAAA"


def nonsense(_claims: dict[str, Any]) -> str:
    return "a.b"


@pytest.mark.parametrize(
    "sign",
    [
        *(unsigned, signed_by_another, signed_with_the_public_key),
        *(signed_with_an_unknown_key, cut, nonsense),
    ],
)
def test_a_token_that_the_provider_has_not_signed_opens_nothing(
    sign: Any, bob: Person, service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    odd.sign = sign
    assert sign_in(visitor, service, odd).status_code == 403
    assert not is_in(visitor)


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({"issuer": "https://evil.example"}, 424),
        ({"token_endpoint": None}, 424),
        ({"token_endpoint": "http://169.254.169.254/latest"}, 424),
        ({"token_endpoint": "file:///etc/passwd"}, 424),
        ({"jwks_uri": "http://[::ffff:10.0.0.1]/"}, 424),
        ({"jwks_uri": "gopher://127.0.0.1/"}, 424),
        ({"token_endpoint": "http://2130706433:1/"}, 424),
    ],
    ids=str,
)
def test_a_service_cannot_send_us_around(
    about: dict[str, Any],
    status: int,
    bob: Person,
    service: SignInProvider,
    odd: OddProvider,
    visitor: Client,
) -> None:
    odd.about = about
    answer = visitor.get(f"/accounts/oidc/{service.pk}/login/")
    if answer.status_code == 302:
        query = parse_qs(urlsplit(answer["Location"]).query)
        odd.nonce = query["nonce"][0]
        answer = come_back(visitor, service, state=query["state"][0], code="c")
    assert answer.status_code == status and not is_in(visitor)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", True),  # listed by these tests
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 (a text)
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:127.0.0.1", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),  # 8.8.8.8, as networks without IPv4 are told it
        ("2002:a00:1::", False),
        ("2001:db8::1", False),
    ],
)
def test_which_addresses_may_be_asked(address: str, may: bool) -> None:
    assert may_be_asked(address) is may


def test_a_redirect_of_the_service_is_not_followed(
    service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    odd.redirect = f"{odd.issuer}/elsewhere"
    assert visitor.get(f"/accounts/oidc/{service.pk}/login/").status_code == 424
    assert [path for path, _body in odd.asked] == ["/.well-known/openid-configuration"]


def test_the_own_network_is_asked_only_where_the_operator_lists_it(
    service: SignInProvider, odd: OddProvider, visitor: Client, settings: Any
) -> None:
    settings.LAN = ["10.0.0.0/8"]
    answer = visitor.get(f"/accounts/oidc/{service.pk}/login/")
    assert answer.status_code == 424 and odd.asked == []


def test_a_service_that_is_away_is_told_in_words_and_not_asked_again_at_once(
    service: SignInProvider, odd: OddProvider, visitor: Client
) -> None:
    odd.about = {"issuer": "x"}
    for _try in range(3):
        answer = visitor.get(f"/accounts/oidc/{service.pk}/login/")
        assert answer.status_code == 424
    assert "ログインサービスに接続できません" in answer.content.decode()
    assert len(odd.asked) == 1


def test_what_came_in_the_address_stands_in_no_page(
    service: SignInProvider, visitor: Client
) -> None:
    answer = come_back(visitor, service, state="st4te-of-somebody", code="c0de-of-somebody")
    assert answer.status_code == 403
    assert "of-somebody" not in answer.content.decode()
