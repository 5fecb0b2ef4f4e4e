"""Every kind of answer: its headers, and its words when it is an error."""

from typing import Any

import psycopg
import pytest
from django.db import DataError, OperationalError
from django.test import Client, RequestFactory
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout

from banso.core.middleware import TroubleInWords
from banso.core.models import Person, Workspace
from banso.core.views.errors import broken

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}


@pytest.fixture
def visitor(acme: Workspace) -> Client:
    return Client(headers={"accept-language": "ja"}, raise_request_exception=False)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/accounts/login/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/static/css/base.css", 200),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/nothing/", 404),
        ("GET", "/settings/", 302),
        ("GET", "/language/", 405),
        ("GET", "/settings/?x=%00", 400),
        ("GET", "/\x00/", 400),
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/accounts/login/", 422),
    ],
)
def test_every_answer_carries_the_security_headers(
    visitor: Client, method: str, path: str, status: int
) -> None:
    answer = visitor.generic(method, path)
    answer.close()
    assert answer.status_code == status
    assert {name for name, part in HEADERS.items() if part not in answer.get(name, "")} == set()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/nothing/", "ページが見つかりません"),
        ("/language/", "フォームからの送信だけ"),
        ("/settings/?x=%00", "読み取れません"),
    ],
)
def test_errors_are_told_in_words(visitor: Client, path: str, words: str) -> None:
    text = visitor.get(path).content.decode().replace("<wbr>", "").replace("\u200b", "")
    assert words in text


def test_a_closed_page_is_403_in_words(vera_client: Client) -> None:
    answer = vera_client.get("/settings/people/")
    assert answer.status_code == 403 and "管理者に相談" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(bob: Person) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "ja"})
    answer = strict.post("/accounts/login/", {"login": bob.email, "password": "x"})
    assert answer.status_code == 403 and "時間がたちすぎています" in answer.content.decode()


def test_an_address_of_the_api_that_leads_nowhere_is_a_problem(visitor: Client) -> None:
    answer = visitor.get("/api/v1/nothing")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def while_queueing() -> ConnectorException:
    """What procrastinate makes of a database that is away."""
    error = ConnectorException()
    error.__cause__ = psycopg.OperationalError()
    return error


def fails_with(error: Exception) -> Any:
    """What a request meets when something below the pages raises `error`."""
    request = RequestFactory(headers={"accept-language": "ja"}).get("/settings/")
    try:
        raise error
    except type(error):
        return broken(request)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError(), 503),
        (PoolTimeout(), 503),
        (while_queueing(), 503),
        (DataError(), 400),
        (KeyError("x"), 500),
    ],
)
def test_trouble_below_the_pages_is_told_as_what_it_is(error: Exception, status: int) -> None:
    answer = fails_with(error)
    assert answer.status_code == status
    assert answer.get("Retry-After", "") == ("5" if status == 503 else "")


def test_errors_of_our_own_are_left_to_the_page_of_500(rf: RequestFactory) -> None:
    assert TroubleInWords.answer_to(rf.get("/"), KeyError("x")) is None


def test_the_content_policy_allows_our_own_files_only(visitor: Client) -> None:
    policy = visitor.get("/accounts/login/")["Content-Security-Policy"]
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert allowed.pop("img-src") == "'self' data:" and allowed["default-src"] == "'none'"
    assert {"script-src", "style-src", "connect-src", "form-action", "base-uri"} <= set(allowed)
    assert set(allowed.values()) == {"'self'", "'none'"}
