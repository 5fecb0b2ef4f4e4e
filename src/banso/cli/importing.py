"""What `banso import` and `banso export` do once Django is there."""

import io
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from banso.cli.workspaces import speaking, working_or_new
from banso.core.errors import Refused
from banso.core.imports import exporting, mappings, planning, reports, running, undoing
from banso.core.imports.declarations import import_table, import_tables
from banso.core.imports.plans import FilePlan, Plan
from banso.core.imports.problems import message
from banso.core.models import ImportRun
from banso.lib.spoken import language
from banso.lib.trouble import TroubleInWords

SHOWN = 20  # problems printed for each table; --json has them all


def bring_in(
    place: Path,
    *,
    mapping: str,
    workspace: str,
    dry_run: bool,
    date_order: str,
    currency: str,
    encoding: str,
    sheet: str = "",
    heading: int = 0,
    as_json: bool,
    **_rest: str,
) -> int:
    """Import a file or folder; 1 when nothing of it could be read, 0 also when rows had errors."""
    answers = planning.Answers(date_order, currency, encoding, sheet, heading)
    begin = time.monotonic()
    with working_or_new(workspace):
        plan = planning.plan_import(
            planning.files_in(place), mapping=_mapping(mapping), answers=answers
        )
        _ask(plan)
        run = None if dry_run else running.start_run(plan, source=place.name, by=None)
        with _watched(quiet=as_json) as progress:
            if run is None:
                facts = running.dry_run(plan, by=None, progress=progress)
            else:
                facts = running.run_import(plan, run=run, by=None, progress=progress)
        _tell(_outcome(plan, run, facts, time.monotonic() - begin), as_json=as_json)
    return 0 if plan.readable else 1


def _mapping(name: str) -> mappings.Mapping | None:
    if not name:
        return None
    own = Path(name)
    return mappings.read_mapping(own) if own.suffix == ".toml" else mappings.load_mapping(name)


def _ask(plan: Plan) -> None:
    """A program cannot be asked: what must be told goes into the next command."""
    if plan.questions:
        asked = "\n".join(message(question.facts()) for question in plan.questions)
        hint = _("Run it again with --date-order dmy or --date-order mdy.")
        raise TroubleInWords(f"{asked}\n{hint}")


@contextmanager
def _watched(*, quiet: bool) -> Iterator[running.Progress]:
    """A bar for each file on a terminal; silence elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield running.silent
        return
    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(file: FilePlan, done: int) -> None:
            if file.name not in tasks:
                tasks[file.name] = bars.add_task(file.name, total=file.rows or None)
            bars.update(tasks[file.name], completed=done)

        yield show


def _outcome(
    plan: Plan, run: ImportRun | None, facts: list[dict[str, Any]], seconds: float
) -> dict[str, Any]:
    return {
        "run": str(run.pk) if run else None,
        "dry_run": run is None,
        "mapping": plan.mapping or None,
        "currency": plan.currency,
        "seconds": round(seconds, 2),
        "tables": reports.by_table(facts),
    }


def _tell(outcome: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(outcome, ensure_ascii=False))
        return
    table = Table()
    table.add_column(_("Table"))
    for words in _count_words():
        table.add_column(words, justify="right")
    for name, facts in outcome["tables"].items():
        table.add_row(name, *(f"{facts[count]:,}" for count in reports.COUNTS))
    Console().print(table)
    for name, facts in outcome["tables"].items():
        _tell_problems(name, facts)
    if outcome["run"]:
        click.echo(_("To take it back: ./banso import --undo %(run)s") % outcome)
    else:
        click.echo(_("This was a dry run: nothing was written."))


def _count_words() -> tuple[str, ...]:
    return (
        _("read"), _("created"), _("updated"), _("unchanged"), _("duplicates"), _("skipped"),
    )  # fmt: skip


def _tell_problems(name: str, facts: dict[str, Any]) -> None:
    if facts["note"]:
        click.echo(f"{name}: {facts['note']}")
    for note in facts["notes"]:
        click.echo(f"{name}: {note['message']}")
    listed = [*facts["errors"], *facts["duplicate_rows"]]
    for one in listed[:SHOWN]:
        click.echo(f"{name}: {one['message']}")
    if (rest := facts["errors_in_all"] + facts["duplicates"] - SHOWN) > 0 and len(listed) > SHOWN:
        click.echo(f"{name}: " + _("and %(count)d more (--json lists them)") % {"count": rest})


def undo(run: str, *, workspace: str, as_json: bool) -> int:
    """Take an import back by its id; 1 with the reason when it cannot be."""
    with working_or_new(workspace):
        try:
            found = undoing.undo_import(UUID(run), by=None)
        except (ValueError, ImportRun.DoesNotExist):
            raise Refused(_("There is no import %(run)s here.") % {"run": run}) from None
        if as_json:
            click.echo(json.dumps({"run": str(found.pk), "state": found.state}))
        else:
            click.echo(_("The import was taken back."))
    return 0


def bring_out(folder: Path, *, workspace: str, as_json: bool) -> int:
    """Write every table as CSV into `folder`."""
    with working_or_new(workspace):
        written = exporting.export_all(folder)
        if as_json:
            click.echo(json.dumps({"folder": str(folder), "tables": written}, ensure_ascii=False))
            return 0
        for name, count in written.items():
            click.echo(f"{folder / name}.csv: {count:,}")
    return 0


def print_template(name: str) -> int:
    """The table's empty form on standard output, in the terminal's language."""
    with speaking():
        if (table := import_table(name)) is None:
            known = ", ".join(table.name for table in import_tables())
            raise Refused(
                _("There is no table “%(name)s”. Known: %(known)s.")
                % {"name": name, "known": known}
            )
        text = io.StringIO()
        exporting.write_template(table, text, language=language())
        click.echo(text.getvalue(), nl=False)
    return 0
