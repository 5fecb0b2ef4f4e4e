"""The command line. Each command is a module, imported when it is called.

To add one: write `cli/NAME.py` with a click command of that name, and one line below.
"""

import importlib
import sys

import click

from banso.cli import catalogues, frame
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords, from_os

catalogues.compile_stale()
frame.speak()

# name: (module:attribute, what it does), in the order of --help
COMMANDS = {
    "demo": (
        "banso.cli.demo.command:demo",
        _("Make a believable company's book to try Banso with, and serve it."),
    ),
    "up": ("banso.cli.up:up", _("Start everything: PostgreSQL, pages and jobs.")),
    "web": ("banso.cli.web:web", _("Serve the pages only.")),
    "worker": ("banso.cli.worker:worker", _("Work on background jobs only.")),
    "migrate": ("banso.cli.migrate:migrate", _("Bring the database to this version.")),
    "customers": ("banso.cli.customers:customers", _("List customers as Today orders them.")),
    "kpi": ("banso.cli.kpi:kpi", _("Work out a figure of revenue and retention.")),
    "backup": ("banso.cli.backup:backup", _("Write everything into one file, while it runs.")),
    "restore": ("banso.cli.restore:restore", _("Bring a backup back into an empty place.")),
    "bench": ("banso.cli.bench:bench", _("Measure a claim of speed.")),
    "trial": ("banso.cli.trial:trial", _("Try to break a promise of reliability or safety.")),
    "user": ("banso.cli.user:user", _("Add people, and help them in again.")),
    "doctor": ("banso.cli.doctor:doctor", _("Say how this installation is doing.")),
    "import": ("banso.cli.imports:import_tables", _("Bring in tables from files.")),
    "export": ("banso.cli.imports:export", _("Write every table as CSV.")),
    "test": ("banso.cli.test:test", _("Run the tests.")),
    "check": ("banso.cli.check:check", _("Run every check a change must pass.")),
    "messages": ("banso.cli.messages:messages", _("Collect the words to translate.")),
    "openapi": ("banso.cli.openapi:openapi", _("Write down the API's schema.")),
    "version": ("banso.cli.version:version", _("Print the version.")),
}
HIDDEN = {"manage": "banso.cli.manage:manage"}


class Commands(click.Group):
    """Lists every command without importing one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        place = COMMANDS[name][0] if name in COMMANDS else HIDDEN.get(name)
        if place is None:
            return None
        module, attribute = place.split(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, words) for name, (_place, words) in COMMANDS.items()])


@click.command(
    cls=Commands,
    name="banso",
    help=_("Run beside your customers. Each command explains itself with --help."),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def commands() -> None:
    """The root of all commands."""


def main() -> None:
    """Run one command. Trouble is one line on stderr and exit code 1, never a traceback."""
    try:
        commands(prog_name="banso")
    except TroubleInWords as trouble:
        _give_up(trouble)
    except OSError as error:
        if error.errno is None or error.filename is None:
            raise
        _give_up(from_os(error))


def _give_up(trouble: TroubleInWords) -> None:
    click.echo(str(trouble), err=True)
    sys.exit(1)
