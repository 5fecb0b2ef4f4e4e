"""Requests that go past what only pages need."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import RequestFactory

from banso.config.wsgi import application
from banso.core.metrics import REQUESTS

pytestmark = pytest.mark.django_db  # the beginning of a request looks after connections


def asked(path: str) -> str:
    """The status of an empty POST."""
    told: list[str] = []

    def start_response(status: str, _headers: Any) -> None:
        told.append(status)

    environ = RequestFactory().post(path, b"", content_type="application/json").environ
    b"".join(application(environ, start_response))
    return told[0]


def counted(view: str, status: HTTPStatus) -> float:
    labels = {"view": view, "method": "POST", "status": str(status.value)}
    samples = [one for family in REQUESTS.collect() for one in family.samples]
    return sum(one.value for one in samples if one.name.endswith("_total") and one.labels == labels)


def test_requests_of_the_tracking_api_are_counted_by_address() -> None:
    before = counted("tracking-track", HTTPStatus.BAD_REQUEST)
    assert asked("/v1/track").startswith("400") and asked("/v1/t").startswith("400")
    assert counted("tracking-track", HTTPStatus.BAD_REQUEST) == before + 2
    missing = counted("unknown", HTTPStatus.NOT_FOUND)
    assert asked("/v1/no-such").startswith("404")
    assert counted("unknown", HTTPStatus.NOT_FOUND) == missing + 1
