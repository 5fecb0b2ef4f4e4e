from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from banso.core.models import Person, SignInProvider
from banso.core.tests import odd_provider
from banso.core.tests.odd_provider import OddProvider
from banso.core.tests.provider_visits import PUBLIC, a_service
from banso.core.tests.servers import Ear, Mailbox, mail_server, web_server


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A real SMTP server that the settings lead to."""
    with mail_server() as box:
        settings.EMAIL_BACKEND = "banso.core.senders.smtp.Backend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.PUBLIC_URL = "https://banso.acme.example"
        yield box


@pytest.fixture
def ear(settings: Any) -> Iterator[Ear]:
    """A real web server that stands where Slack and Chatwork would."""
    with web_server() as server:
        settings.SLACK_WEBHOOKS = f"{server.url}/services/"
        settings.CHATWORK_API = f"{server.url}/v2"
        yield server


@pytest.fixture
def provider_ground(db: None, settings: Any) -> Iterator[None]:
    settings.LAN, settings.PUBLIC_URL = ["127.0.0.0/8"], PUBLIC
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "ja"})


@pytest.fixture
def odd() -> Iterator[OddProvider]:
    with odd_provider.odd_provider() as service:
        yield service


@pytest.fixture
def service(alice: Person, odd: OddProvider) -> SignInProvider:
    """Acme's service, by a server that says whatever a test wants."""
    return a_service(alice, odd.issuer)
