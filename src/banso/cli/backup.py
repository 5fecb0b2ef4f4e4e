"""`banso backup FILE`: everything in one file, while the program runs."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress as Bars

from banso.cli.database import need_database
from banso.config import env
from banso.core.backup import keys, record
from banso.core.backup.manifest import Manifest, Progress, silent
from banso.core.backup.taking import take
from banso.lib.spoken import say as _


@click.command(
    help=_(
        "Write every table, every uploaded file and the signing key into FILE. The program may"
        " run meanwhile. FILE opens everything it holds: keep it as safe as the data itself."
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help=_("Replace FILE once the new backup is whole."))
@click.option("--without-key", is_flag=True, help=_("Leave the signing key out."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def backup(*, file: Path, replace: bool, without_key: bool, as_json: bool) -> None:
    begin, target, data = time.monotonic(), file.absolute(), env.data_folder()
    need_database()
    with watched(quiet=as_json) as progress:
        made = take(
            os.environ["DATABASE_URL"],
            data,
            target,
            key=keys.current(data),
            with_key=not without_key,
            replace=replace,
            progress=progress,
        )
    data.mkdir(parents=True, exist_ok=True)
    record.note_taken(data, at=made.taken_at, file=target)
    facts = {**facts_of(made, target), "seconds": round(time.monotonic() - begin, 2)}
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else _in_words(facts))


@contextmanager
def watched(*, quiet: bool) -> Iterator[Progress]:
    """A bar on a terminal; silence elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    with Bars(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None)

        def show(what: str, done: int, of: int) -> None:
            bars.update(task, description=what, completed=done, total=of or None)

        yield show


def facts_of(made: Manifest, file: Path) -> dict[str, object]:
    return {
        "file": str(file),
        "bytes": file.stat().st_size,
        "taken_at": made.taken_at.isoformat(),
        "tables": len(made.tables),
        "rows": made.rows,
        "files": len(made.files),
        "holds_key": made.holds_key,
    }


def _in_words(facts: dict[str, object]) -> str:
    words = _(
        "%(file)s: %(rows)s rows of %(tables)s tables and %(files)s files"
        " (%(megabytes)s MB, %(seconds)s s)."
    )
    size = int(str(facts["bytes"])) / 1_000_000
    lines = [words % {**facts, "rows": f"{facts['rows']:,}", "megabytes": f"{size:,.1f}"}]
    if facts["holds_key"]:
        lines.append(_("The signing key is inside: whoever has this file has everything."))
    else:
        lines.append(_("The signing key is NOT inside: keep it apart, a restore asks for it."))
    lines.append(_("To try it: ./banso restore --check %(file)s") % facts)
    return "\n".join(lines)
