"""`banso import` and `banso export`: tables in, tables out."""

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from banso.cli.migrate import need_tables
from banso.lib.spoken import say as _

WORKSPACE = click.option(
    "--workspace", default="", help=_("Which workspace, by name; the only one when there is one.")
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))


def _console() -> Any:
    """What needs Django and tables, once they are there."""
    need_tables()
    return importlib.import_module("banso.cli.importing")


@click.command(
    "import",
    help=_(
        "Bring in customers, contacts, contracts, notices, usage, activities and tasks "
        "from Excel, CSV, TSV or JSONL."
    ),
)
@click.argument("place", required=False, type=click.Path(path_type=Path))
@click.option("--mapping", default="", help=_("A mapping that ships, or a TOML file of your own."))
@WORKSPACE
@click.option("--dry-run", is_flag=True, help=_("Say what would happen; write nothing."))
@click.option("--date-order", default="", help=_("Day and month: dmy, mdy, ymd or iso."))
@click.option("--currency", default="", help=_("Currency of the amounts, such as JPY."))
@click.option(
    "--encoding",
    default="",
    help=_("utf-8, utf-16, cp932, euc-jp or iso-2022-jp; told by the file itself."),
)
@click.option("--sheet", default="", help=_("Which sheet of a workbook; found out if not told."))
@click.option(
    "--heading", default=0, help=_("The row of a workbook's headings; found out if not told.")
)
@click.option("--undo", default="", metavar="RUN", help=_("Take an import back, by its id."))
@click.option("--template", default="", metavar="TABLE", help=_("Print an empty table to fill in."))
@AS_JSON
def import_tables(*, place: Path | None, as_json: bool, **options: Any) -> None:
    console = _console()
    if options["template"]:
        sys.exit(console.print_template(options["template"]))
    if options["undo"]:
        sys.exit(console.undo(options["undo"], workspace=options["workspace"], as_json=as_json))
    if place is None:
        raise click.UsageError(_("Name a file or a folder to import."))
    sys.exit(console.bring_in(place, as_json=as_json, **options))


@click.command(
    "export",
    help=_("Write every table as CSV into a folder; of usage, the totals that were imported."),
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@WORKSPACE
@AS_JSON
def export(*, folder: Path, workspace: str, as_json: bool) -> None:
    sys.exit(_console().bring_out(folder, workspace=workspace, as_json=as_json))
