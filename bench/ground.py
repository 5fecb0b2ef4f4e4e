"""A database of its own for a bench, gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.management import call_command

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.databases import connected_to, own_database
from banso.core.workspaces import create_workspace

NAME = "banso_bench"
TODAY = date(2026, 11, 20)


@contextmanager
def scratch() -> Iterator[Workspace]:
    """An empty workspace in a new database beside the configured one, on the same server."""
    with own_database(NAME), connected_to(NAME):
        call_command("migrate", verbosity=0)
        workspace = create_workspace("bench")
        workspace.fixed_today = TODAY
        workspace.save()
        with open_workspace(workspace):
            yield workspace
