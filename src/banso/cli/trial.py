"""`banso trial [NAME]...`: promises of reliability or safety, attacked; every violation is told."""

import json
import multiprocessing
import os
import secrets
import signal
import sys
from typing import Any

import click

from banso.cli import beside
from banso.cli.database import need_django
from banso.lib.processes import die_with
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

SEEDS = 1_000_000
FOUND = 3  # how a trial's process ends that found violations; what breaks ends otherwise
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
    child = FORK.Process(target=_attack, args=(given, run, os.getpid(), as_json))
    child.start()
    child.join()
    if child.exitcode not in {0, FOUND}:
        report = beside.load("trials.report").Report(given)
        report.expect(False, f"it broke, and ended with {child.exitcode}")
        _tell(report, as_json=as_json)
    return child.exitcode == 0


def _attack(given: Any, run: Any, parent: int, as_json: bool) -> None:
    die_with(parent, signal.SIGTERM)
    report = given.timed(run)
    _tell(report, as_json=as_json)
    sys.exit(FOUND if report.violations else 0)


def _tell(report: Any, *, as_json: bool) -> None:
    click.echo(json.dumps(report.facts(), ensure_ascii=False) if as_json else _words(report))


def _words(report: Any) -> str:
    facts = report.facts()
    lines = [_("%(name)s, dose %(dose)s, seed %(seed)s: %(seconds)s s") % facts]
    lines += [f"  {name}: {value}" for name, value in facts["counts"].items()]
    lines += [f"  ✗ {words}" for words in facts["violations"]]
    return "\n".join([*lines, _("  violations: %d") % len(report.violations)])
