"""`banso version`."""

import json
import platform

import click

from banso import __version__
from banso.lib.spoken import say as _


@click.command(help=_("Print the version of Banso and of Python."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def version(*, as_json: bool) -> None:
    facts = {"banso": __version__, "python": platform.python_version()}
    click.echo(json.dumps(facts) if as_json else f"banso {facts['banso']}")
