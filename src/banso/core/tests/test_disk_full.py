"""No room on a disk is told in words, by one place, to people and programs."""

import errno
import json

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from psycopg.errors import CrashShutdown, DiskFull

from banso.core.errors import is_disk_full
from banso.core.middleware import TroubleInWords


def of_database() -> OperationalError:
    """As Django raises it: its own error, from the driver's."""
    error = OperationalError("could not extend file")
    error.__cause__ = DiskFull("could not extend file")
    return error


@pytest.mark.parametrize("error", [of_database(), OSError(errno.ENOSPC, "x"), DiskFull("x")])
@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/customers/", 507, "text/html; charset=utf-8"),
        ("/api/v1/customers", 507, "application/problem+json"),
        ("/v1/batch", 503, "application/problem+json"),
    ],
)
def test_no_room_is_told_and_worth_another_try(
    error: Exception, path: str, status: int, kind: str
) -> None:
    for language, words in (("ja", "ディスクがいっぱい"), ("en", "disk is full")):
        asking = RequestFactory(headers={"accept-language": language}).post(path)
        answer = TroubleInWords.answer_to(asking, error)
        assert answer is not None and answer.status_code == status
        assert (answer["Content-Type"], answer["Retry-After"]) == (kind, "30")
        text = answer.content.decode()
        said = json.loads(text)["detail"] if "json" in kind else text
        assert words in said and "507" in (text if status == 507 else "507")


def test_other_trouble_is_not_called_a_full_disk() -> None:
    gone = OperationalError("gone")
    gone.__cause__ = CrashShutdown("gone")
    for error in (gone, OSError(errno.EACCES, "x"), ValueError("x")):
        assert not is_disk_full(error)
    answer = TroubleInWords.answer_to(RequestFactory().get("/"), gone)
    assert answer is not None and answer.status_code == 503
    assert TroubleInWords.answer_to(RequestFactory().get("/"), OSError(errno.EACCES, "x")) is None
