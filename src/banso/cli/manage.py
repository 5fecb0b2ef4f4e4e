"""`banso manage ...`: Django's own commands, for developers."""

import os

import click
from django.core.management import execute_from_command_line

from banso.cli.database import SETTINGS, need_database

EVERYTHING = {"ignore_unknown_options": True, "help_option_names": []}


@click.command(context_settings=EVERYTHING, hidden=True)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    need_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    execute_from_command_line(["banso manage", *arguments])
