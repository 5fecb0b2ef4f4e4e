"""`banso openapi`: the API's schema, kept in the repository so that changes to it are seen."""

import sys
from importlib import import_module
from pathlib import Path

import click

from banso.cli.database import need_django
from banso.cli.places import REPOSITORY
from banso.lib.spoken import say as _

SNAPSHOT = REPOSITORY / "docs" / "openapi.json"


@click.command(help=_("Write the API's schema to docs/openapi.json."))
@click.option("--check", is_flag=True, help=_("Change nothing; fail when the file is out of date."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the schema instead."))
def openapi(*, check: bool, as_json: bool) -> None:
    need_django()
    text: str = import_module("banso.config.api").schema_text()  # rooms can be imported from here
    if as_json:
        click.echo(text, nl=False)
    elif not check:
        SNAPSHOT.write_text(text)
    elif not is_current(text):
        click.echo(_("docs/openapi.json is out of date: run ./banso openapi"), err=True)
        sys.exit(1)


def is_current(text: str, path: Path = SNAPSHOT) -> bool:
    """The file holds exactly this schema."""
    return path.exists() and path.read_text() == text
