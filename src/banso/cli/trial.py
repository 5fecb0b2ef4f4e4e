"""`banso trial NAME`: promises of reliability or safety, attacked; every violation is told."""

import json
import multiprocessing
import secrets
import sys
from typing import Any

import click

from banso.cli import beside
from banso.cli.database import need_django
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

SEEDS = 1_000_000
FORK = multiprocessing.get_context("fork")


@click.command(
    help=_("Attack promises, each by itself, and list every violation; without NAME, list trials.")
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--dose", type=click.Choice(["full", "ci"]), default="full", help=_("How much of it.")
)
@click.option("--seed", type=int, help=_("Repeat the run that had this seed."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def trial(*, names: tuple[str, ...], dose: str, seed: int | None, as_json: bool) -> None:
    known = beside.names("trials")
    if not names:
        click.echo("\n".join(known))
        return
    if not set(names) <= set(known):
        raise TroubleInWords(_("No such trial. There are: %s") % ", ".join(known))
    need_django()
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    given = [beside.load("trials.report").Dose(name, dose, seed) for name in names]
    clean = [_in_a_process_of_its_own(one, as_json=as_json) for one in given]
    sys.exit(0 if all(clean) else 1)


def _in_a_process_of_its_own(given: Any, *, as_json: bool) -> bool:
    """Whether it found nothing. What one trial leaves in memory is not there for the next; what all
    of them need is loaded once.
    """
    run = beside.load(f"trials.{given.trial}").run
    child = FORK.Process(target=_attack, args=(given, run, as_json))
    child.start()
    child.join()
    return child.exitcode == 0


def _attack(given: Any, run: Any, as_json: bool) -> None:
    report = given.timed(run)
    click.echo(json.dumps(report.facts(), ensure_ascii=False) if as_json else _words(report))
    sys.exit(1 if report.violations else 0)


def _words(report: Any) -> str:
    facts = report.facts()
    lines = [_("%(name)s, dose %(dose)s, seed %(seed)s: %(seconds)s s") % facts]
    lines += [f"  {name}: {value}" for name, value in facts["counts"].items()]
    lines += [f"  ✗ {words}" for words in facts["violations"]]
    return "\n".join([*lines, _("  violations: %d") % len(report.violations)])
