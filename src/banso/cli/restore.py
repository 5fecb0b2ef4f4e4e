"""`banso restore FILE`: a backup comes back into an empty place, or is tried in a scratch database."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import click
import django
import psycopg
from psycopg import sql

from banso.cli.backup import facts_of, watched
from banso.cli.database import SETTINGS, need_database, need_django, point_django_at
from banso.cli.migrate import bring_tables
from banso.config import env
from banso.core.backup import keys, record, restoring, versions
from banso.core.backup.archive import Archive, verified
from banso.core.backup.manifest import Progress
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

SCRATCH = "banso_restore_check"


@click.command(
    help=_(
        "Bring the backup in FILE back into an empty database and an empty data folder. FILE is"
        " read to its end before anything is written, and everything is compared with it after."
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--check",
    is_flag=True,
    help=_("Restore into a scratch database, compare, and drop it: the drill, safe at any time."),
)
@click.option("--new-key", is_flag=True, help=_("The signing key is lost: go on with a new one."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def restore(*, file: Path, check: bool, new_key: bool, as_json: bool) -> None:
    begin, source = time.monotonic(), file.absolute()
    with watched(quiet=as_json) as progress:
        archive = verified(source, progress)
        if check:
            _try(archive, new_key=new_key, progress=progress)
        else:
            _bring_back(archive, new_key=new_key, progress=progress)
    seconds = round(time.monotonic() - begin, 2)
    facts = {**facts_of(archive.manifest, source), "check": check, "seconds": seconds}
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else _in_words(facts))


def _bring_back(archive: Archive, *, new_key: bool, progress: Progress) -> None:
    """The place holds what the backup holds, at this version. Raises TroubleInWords."""
    data, manifest = env.data_folder(), archive.manifest
    key = keys.for_restoring(archive, data, anew=new_key)
    restoring.check_folder(data, key)
    _ready_django(key)
    _check_version(archive)
    need_database()
    url = os.environ["DATABASE_URL"]
    restoring.check_database(url, manifest)
    point_django_at(url)
    data.mkdir(parents=True, exist_ok=True)
    made_key = bool(key) and not keys.current(data).given and keys.keep(data, key)
    try:
        versions.bring_to(manifest.migrations)
        restoring.load(url, data, archive, progress=progress)
    except BaseException:
        if made_key:
            (data / keys.NAME).unlink()
        raise
    bring_tables()
    record.note_taken(data, at=manifest.taken_at, file=archive.path)
    record.note_restored(data, at=datetime.now(UTC), file=archive.path)


def _ready_django(key: str) -> None:
    """Django is ready without its database, and without making a key of its own."""
    given = os.environ.get(keys.VARIABLE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ[keys.VARIABLE] = given or key or "not used"
    django.setup()
    if given is None:
        del os.environ[keys.VARIABLE]


def _check_version(archive: Archive) -> None:
    if odd := versions.strange(archive.manifest.migrations):
        text = _(
            "%(file)s was made by Banso %(version)s, whose tables this version does not know"
            " (%(migration)s). Install that version or a newer one. Nothing was written."
        )
        facts = {"file": archive.path, "version": archive.manifest.banso}
        raise TroubleInWords(text % {**facts, "migration": ".".join(odd[0])})


def _try(archive: Archive, *, new_key: bool, progress: Progress) -> None:
    """The backup can be restored: it just was, and nothing of that is left. It is noted."""
    data = env.data_folder()
    keys.for_restoring(archive, data, anew=new_key)
    need_django()
    _check_version(archive)
    draft = data / SCRATCH
    shutil.rmtree(draft, ignore_errors=True)
    with _scratch(os.environ["DATABASE_URL"]) as url:
        try:
            point_django_at(url)
            versions.bring_to(archive.manifest.migrations)
            restoring.load(url, draft, archive, progress=progress)
            bring_tables()
        finally:
            point_django_at(os.environ["DATABASE_URL"])
            shutil.rmtree(draft, ignore_errors=True)
    record.note_restored(data, at=datetime.now(UTC), file=archive.path)


@contextmanager
def _scratch(server: str) -> Iterator[str]:
    """An empty database beside the real one, gone afterwards."""
    name = f"{SCRATCH}_{urlsplit(server).path.lstrip('/')}"[:60]
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    with psycopg.connect(server, autocommit=True) as connection:
        try:
            connection.execute(drop)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            text = _("The role may not make a scratch database. Run: ALTER ROLE … CREATEDB.")
            raise TroubleInWords(text) from error
        except psycopg.errors.ObjectInUse as error:
            raise TroubleInWords(_("Another check of a backup is running.")) from error
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{quote(name)}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(drop)


def _in_words(facts: dict[str, object]) -> str:
    words = _(
        "%(rows)s rows of %(tables)s tables and %(files)s files are as they were at %(taken_at)s"
        " (%(seconds)s s)."
    )
    lines = [words % {**facts, "rows": f"{facts['rows']:,}"}]
    if facts["check"]:
        lines.append(_("This was a check: the scratch database is gone again."))
    else:
        lines.append(_("Jobs that waited at that moment will run. Start with ./banso up."))
    return "\n".join(lines)
