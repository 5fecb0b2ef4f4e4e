"""Taking a backup beside the running program: one snapshot of the database, then the files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from banso import __version__
from banso.core.backup import tables, uploads
from banso.core.backup.archive import KEY, MANIFEST, Draft, writing
from banso.core.backup.keys import Key
from banso.core.backup.manifest import Manifest, Progress, Table, silent
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords


def take(
    url: str,
    data: Path,
    target: Path,
    *,
    key: Key,
    with_key: bool = True,
    replace: bool = False,
    progress: Progress = silent,
) -> Manifest:
    """Everything of this installation stands in `target`, as it was at one moment.

    The program may go on meanwhile: nobody waits, and nothing of what is written after the
    snapshot is in. Uploaded files are read right after it. Memory is flat.
    Raises TroubleInWords; then there is no file, or the old one.
    """
    with writing(target, replace=replace) as draft:
        try:
            with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
                manifest = _copy(connection, data, draft, key, with_key, progress)
        except psycopg.Error as error:
            text = _("The database went away or refused (%(why)s). No backup was made.")
            why = str(error).strip().partition("\n")[0]
            raise TroubleInWords(text % {"why": why}) from error
        if manifest.holds_key:
            draft.put(KEY, key.text.encode())
        draft.put(MANIFEST, manifest.text().encode())
    return manifest


def _copy(
    connection: psycopg.Connection[tuple[Any, ...]],
    data: Path,
    draft: Draft,
    key: Key,
    with_key: bool,
    progress: Progress,
) -> Manifest:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    known = tables.found(connection)
    _refuse_nothing(known)
    with connection.transaction():
        # Locked before the snapshot is taken (LOCK takes none): a table that was rewritten in
        # between would look empty to it.
        tables.lock(connection, known, mode="ACCESS SHARE")
        tables.write_alike(connection)
        row = connection.execute("SELECT now(), current_setting('server_version')").fetchone()
        found = tables.found(connection)
        migrations = connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
        done = [(str(app), str(name)) for app, name in migrations.fetchall()]
        files = uploads.put(draft, data / uploads.NAME, progress)
        return Manifest(
            banso=__version__,
            postgresql=str(row[1]) if row else "",
            taken_at=row[0].astimezone(UTC) if row else datetime.now(UTC),
            migrations=done,
            tables=_put_tables(connection, found, draft, progress),
            sequences=tables.sequences(connection),
            files=files,
            key=key.fingerprint if key.text else "",
            holds_key=bool(key.text) and not key.given and with_key,
        )


def _refuse_nothing(known: list[tables.Found]) -> None:
    if "django_migrations" not in {table.name for table in known}:
        raise TroubleInWords(_("There is nothing to back up: the database has no tables yet."))


def _put_tables(
    connection: psycopg.Connection[tuple[Any, ...]],
    found: list[tables.Found],
    draft: Draft,
    progress: Progress,
) -> list[Table]:
    made, done, of = list[Table](), 0, sum(table.guess for table in found)
    for table in found:

        def tell(rows: int, name: str = table.name, before: int = done) -> None:
            progress(name, before + rows, max(of, before + rows))

        with draft.part(f"tables/{table.name}") as part:
            rows = tables.copy_out(connection, table, into=part.write, progress=tell)
        done += rows.rows
        made.append(
            Table(
                table.name,
                table.columns,
                rows.rows,
                rows.digest,
                part.sha.hexdigest(),
                part.size,
                table.parent,
                table.start,
                table.end,
            )
        )
    return made
