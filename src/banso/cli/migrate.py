"""`banso migrate`: the tables, at this version."""

from pathlib import Path
from pkgutil import iter_modules

import click
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from banso.cli.database import need_django
from banso.lib.spoken import say as _


@click.command(help=_("Bring the tables to this version. Safe to repeat."))
def migrate() -> None:
    need_django()
    bring_tables()


def need_tables() -> None:
    """Django is ready and the tables are at this version: any command may be the first ever."""
    need_django()
    if _shipped() - set(MigrationRecorder(connection).applied_migrations()):
        bring_tables()


def bring_tables() -> None:
    """Every table is at this version. Safe to repeat."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _shipped() -> set[tuple[str, str]]:
    """The migrations of this version, by app and name. Their files are listed and not loaded:
    a command pays milliseconds for asking, not a tenth of a second.
    """
    return {
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in iter_modules([str(Path(app.path) / "migrations")])
        if not module.ispkg
    }
