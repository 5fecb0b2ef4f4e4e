from collections.abc import Iterator
from typing import Any

import pytest

from banso.core.tests.servers import Ear, Mailbox, mail_server, web_server


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A real SMTP server that the settings lead to."""
    with mail_server() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
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
