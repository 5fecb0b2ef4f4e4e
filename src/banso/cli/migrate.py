"""`banso migrate`: the tables, at this version."""

import click
from django.core.management import call_command

from banso.cli.database import need_django
from banso.lib.spoken import say as _


@click.command(help=_("Bring the tables to this version. Safe to repeat."))
def migrate() -> None:
    need_django()
    bring_tables()


def bring_tables() -> None:
    """Every table is at this version. Safe to repeat."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
