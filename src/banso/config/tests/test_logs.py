"""Logs tell what went wrong, and nothing of what people wrote."""

import json
import logging
import sys

import pytest
from django.db import connection
from django.db.utils import DataError, Error, IntegrityError

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
