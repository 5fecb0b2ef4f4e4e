"""Going to a SAML service and coming back, as a browser does: the POST brings no cookie of ours."""

from typing import Any

from django.test import Client

from banso.core.models import Person, SignInProvider
from banso.core.sign_in import providers
from banso.core.tests.saml_idp import DOOR, Idp


def a_saml_service(by: Person, idp: Idp, **more: Any) -> SignInProvider:
    values: dict[str, Any] = {
        "label": "社内 SAML",
        "issuer": idp.name,
        "entry_url": DOOR,
        "kind": "saml",
    }
    values |= {"certificates": [idp.certificate], "trusts_addresses": True}
    return providers.add_provider(by=by, **{**values, "domains": ["acme.example"], **more})


def start(visitor: Client, service: SignInProvider, **query: str) -> str:
    """Where the browser is sent."""
    answer = visitor.get(f"/accounts/saml/{service.pk}/login/", query)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def come_back(_visitor: Client, service: SignInProvider, text: str) -> Any:
    """The service has the browser post: from another site, so a stranger's request to us."""
    stranger = Client(enforce_csrf_checks=True, headers={"origin": "https://idp.acme.example"})
    return stranger.post(f"/accounts/saml/{service.pk}/login/answer/", {"SAMLResponse": text})


def enter(visitor: Client, posted: Any) -> Any:
    assert posted.status_code == 303, posted.content.decode()
    return visitor.get(posted["Location"])


def sign_in(visitor: Client, service: SignInProvider, idp: Idp, **who: Any) -> Any:
    text = idp.answer(start(visitor, service), **who)
    return enter(visitor, come_back(visitor, service, text))
