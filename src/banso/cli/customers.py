"""`banso customers`: the list that Today shows, for scripts and terminals."""

import json
from datetime import date, datetime
from importlib import import_module

import click

from banso.cli.migrate import need_tables
from banso.lib.spoken import say as _


@click.command(
    help=_("List customers as Today orders them: risk × MRR × nearness of the deadline.")
)
@click.option("--sort", type=click.Choice(["risk"]), default="risk", show_default=True)
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help=_("As of this day (YYYY-MM-DD)."))
@click.option("--limit", type=click.IntRange(1), help=_("At most so many."))
@click.option("--workspace", default="", help=_("Its name; not needed when there is one only."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def customers(
    *, sort: str, at: datetime | None, limit: int | None, workspace: str, as_json: bool
) -> None:
    need_tables()
    listing = import_module("banso.cli.listing")  # models can be imported from here on
    with import_module("banso.cli.workspaces").working_in(workspace) as ours:
        rows = listing.rows(_day(at) or ours.today(), limit=limit)
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            listing.show(rows)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
