"""Going to a sign-in service and coming back, as a browser does."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from banso.core.models import Person, SignInProvider
from banso.core.sign_in import providers
from banso.core.tests import idp
from banso.core.tests.odd_provider import OddProvider

PUBLIC = "https://banso.acme.example"


def a_service(by: Person, issuer: str, **more: Any) -> SignInProvider:
    values = {"label": "社内", "issuer": issuer, "client_id": idp.CLIENT, "secret": idp.SECRET}
    return providers.add_provider(by=by, **{**values, "domains": ["acme.example"], **more})


def start(visitor: Client, service: SignInProvider, **query: str) -> dict[str, str]:
    """Ask for the way there; what the browser is sent away with."""
    answer = visitor.get(f"/accounts/oidc/{service.pk}/login/", query)
    assert answer.status_code == 302, answer.content.decode()
    return {
        name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()
    }


def come_back(visitor: Client, service: SignInProvider, **query: str) -> Any:
    return visitor.get(f"/accounts/oidc/{service.pk}/login/callback/", query)


def sign_in(visitor: Client, service: SignInProvider, odd: OddProvider) -> Any:
    sent = start(visitor, service)
    odd.nonce = sent["nonce"]
    return come_back(visitor, service, state=sent["state"], code="c")


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200
