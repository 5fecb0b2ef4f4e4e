"""Imports for tests."""

from django.core.files.uploadedfile import SimpleUploadedFile

from banso.core.models import ImportRun
from banso.office.connections import services

CSV = "external_id,name\nC-1,株式会社青葉\nC-2,\n"


def an_import_run(text: str = CSV, name: str = "customers.csv") -> ImportRun:
    """A draft with one file: one good row and one without a name."""
    return services.receive([SimpleUploadedFile(name, text.encode())], by=None)
