"""Imports for tests."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from banso.core.models import ImportRun, RepeatedImport
from banso.office.connections import repeated, services

CSV = "external_id,name\nC-1,株式会社青葉\nC-2,\n"


def an_import_run(text: str = CSV, name: str = "customers.csv") -> ImportRun:
    """A draft with one file: one good row and one without a name."""
    return services.receive([SimpleUploadedFile(name, text.encode())], by=None)


def a_repeated_import(**given: Any) -> RepeatedImport:
    """Customers of Salesforce in the workspace's own folder, every day at five."""
    usual: dict[str, Any] = {
        "name": "Salesforceの取引先",
        "place": "inbox",
        "folder": "",
        "pattern": "*.csv",
        "table": "customers",
        "mapping": "mapping:salesforce",
        "source": "",
        "is_whole": True,
        "at_hour": 5,
        "every_hours": None,
        "weekdays": (),
        "tells_id": None,
    }
    return repeated.save_repeated_import(repeated.Setup(**{**usual, **given}), by=None)
