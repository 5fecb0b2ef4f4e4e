"""Logs tell what went wrong, and nothing of what people wrote."""

import json
import logging
import sys
from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import DataError, Error, IntegrityError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils.log import log_response

from banso.config.logs import JsonLines
from banso.core.models import Person


def logged(record: logging.LogRecord) -> dict[str, str]:
    told: dict[str, str] = json.loads(JsonLines().format(record))
    return told


def trouble(error: Exception) -> dict[str, str]:
    try:
        raise RuntimeError("while saving") from error
    except RuntimeError:
        facts = ("banso", logging.ERROR, __file__, 1, "it broke", (), sys.exc_info())
        return logged(logging.LogRecord(*facts))


def refused(sql: str, *values: str) -> Error:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
    except Error as error:
        return error
    raise AssertionError("PostgreSQL took it")


def test_a_trace_names_the_constraint_and_quotes_no_row(bob: Person) -> None:
    error = refused("UPDATE core_person SET id = id, email = null WHERE email = %s", bob.email)
    assert isinstance(error, IntegrityError) and bob.name in str(error)
    trace = trouble(error)["trace"]
    assert "23502 core_person email" in trace and "while saving" in trace and "logs.py" in trace
    assert bob.email not in trace and bob.name not in trace


@pytest.mark.django_db
def test_a_value_that_no_column_takes_is_not_told() -> None:
    error = refused("SELECT %s::uuid", "秘密の値\n二行目")
    assert isinstance(error, DataError)
    assert "22P02" in trouble(error)["trace"] and "二行目" not in trouble(error)["trace"]


def test_other_errors_keep_their_words() -> None:
    assert "ValueError: no number" in trouble(ValueError("no number"))["trace"]


@pytest.mark.django_db
def test_of_a_request_its_page_is_told_and_never_its_address(
    caplog: pytest.LogCaptureFixture, client: Client
) -> None:
    caplog.set_level(logging.WARNING, logger="django.request")
    for path in ("/nobody-knows-this/", "/settings/people/himitsu/role/", "/contacts/himitsu/"):
        assert client.get(path).status_code in {302, 404}
    unknown = uuid4()
    assert client.post(f"/customers/{unknown}/remove/").status_code in {302, 403, 404}
    lines = [logged(record)["message"] for record in caplog.records]
    assert "Not Found: (no page)" in lines
    assert not [one for one in lines if "himitsu" in one or str(unknown) in one or "knows" in one]


def test_a_page_is_named_by_its_pattern(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="django.request")
    request = RequestFactory().get("/contacts/himitsu/")
    request.resolver_match = resolve(f"/contacts/{uuid4()}/")
    log_response("Not Found: %s", request.path, response=HttpResponse(status=404), request=request)
    assert logged(caplog.records[-1])["message"] == "Not Found: /contacts/<uuid:contact_id>/"
