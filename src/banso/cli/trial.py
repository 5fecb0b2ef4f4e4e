"""`banso trial NAME`: a promise of reliability or safety, attacked; every violation is told."""

import json
import secrets
import sys
from typing import Any

import click

from banso.cli import beside
from banso.cli.database import need_django
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

SEEDS = 1_000_000


@click.command(help=_("Attack one promise and list every violation; without NAME, list trials."))
@click.argument("name", required=False)
@click.option(
    "--dose", type=click.Choice(["full", "ci"]), default="full", help=_("How much of it.")
)
@click.option("--seed", type=int, help=_("Repeat the run that had this seed."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def trial(*, name: str | None, dose: str, seed: int | None, as_json: bool) -> None:
    known = beside.names("trials")
    if name is None:
        click.echo("\n".join(known))
        return
    if name not in known:
        raise TroubleInWords(_("No such trial. There are: %s") % ", ".join(known))
    need_django()
    given = beside.load("trials.report").Dose(
        name, dose, secrets.randbelow(SEEDS) if seed is None else seed
    )
    report = given.timed(beside.load(f"trials.{name}").run)
    click.echo(json.dumps(report.facts(), ensure_ascii=False) if as_json else _words(report))
    sys.exit(1 if report.violations else 0)


def _words(report: Any) -> str:
    facts = report.facts()
    lines = [_("%(name)s, dose %(dose)s, seed %(seed)s: %(seconds)s s") % facts]
    lines += [f"  {name}: {value}" for name, value in facts["counts"].items()]
    lines += [f"  ✗ {words}" for words in facts["violations"]]
    return "\n".join([*lines, _("  violations: %d") % len(report.violations)])
