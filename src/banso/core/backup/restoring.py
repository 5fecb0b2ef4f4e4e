"""From a backup into an empty place: everything is verified before the first write and before the last."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from banso.core.backup import keys, tables, uploads, versions
from banso.core.backup.archive import Archive
from banso.core.backup.manifest import Manifest, Progress, Table, silent
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords, from_os

Connection = psycopg.Connection[tuple[Any, ...]]
# `banso migrate` puts rows into these by itself.
MADE_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}
# May stand in an empty data folder: none of it is anybody's data.
HARMLESS = {"postgres", "static", uploads.NAME, keys.NAME}
DRAFT = "files.restoring"
LARGE = 2000  # rows; below, indexes grow with them


def check_folder(data: Path, key: str) -> None:
    """The data folder holds nothing that a restore could mix with; else TroubleInWords."""
    odd = sorted(one.name for one in data.iterdir()) if data.exists() else []
    odd = [name for name in odd if name not in HARMLESS and name != DRAFT]
    if any(not path.is_dir() for path in (data / uploads.NAME).rglob("*")):
        odd.append(uploads.NAME)
    other_key = keys.current(data)
    if not other_key.given and other_key.text and other_key.text != key:
        odd.append(keys.NAME)
    if odd:
        text = _("The data folder %(folder)s is not empty (%(what)s). Name another: BANSO_DATA.")
        raise TroubleInWords(text % {"folder": data, "what": odd[0]})


def check_database(url: str, manifest: Manifest) -> None:
    """The database has no row, or only what an interrupted restore of this backup has left."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        _check_empty(connection, tables.found(connection), manifest)


def _check_empty(connection: Connection, there: list[tables.Found], manifest: Manifest) -> None:
    full = set(tables.with_rows(connection, there))
    if odd := sorted(full - MADE_BY_MIGRATE):
        text = _("The database is not empty: %(table)s has rows. Name an empty one.")
        raise TroubleInWords(text % {"table": odd[0]})
    if "django_migrations" not in full:
        return
    rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    if {(app, name) for app, name in rows} - versions.with_squashes(manifest.migrations):
        text = _("The database has tables of another version. Name a database without tables.")
        raise TroubleInWords(text)


def load(url: str, data: Path, archive: Archive, *, progress: Progress = silent) -> None:
    """Everything of the backup is here, compared with it row by row and byte by byte.

    The tables must be there and empty. One transaction, which is committed after all has been
    verified; files come by a rename just before. Whatever goes wrong, nothing stays.
    Raises TroubleInWords.
    """
    try:
        with _files(archive, data, progress) as settle, psycopg.connect(url) as connection:
            _fill(connection, archive, progress)
            _compare(connection, archive.manifest, progress)
            settle()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")
    except psycopg.Error as error:
        text = _("The database refused (%(why)s). Nothing was restored.")
        why = str(error).strip().partition("\n")[0]
        raise TroubleInWords(text % {"why": why}) from error
    except OSError as error:
        raise from_os(error) from error


@contextlib.contextmanager
def _files(archive: Archive, data: Path, progress: Progress) -> Iterator[Any]:
    """The files stand verified beside their place; the yielded function moves them there.

    They are gone again when the block ends with trouble.
    """
    draft, place = data / DRAFT, data / uploads.NAME
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    settled = False

    def settle() -> None:
        nonlocal settled
        shutil.rmtree(place, ignore_errors=True)  # empty folders only: that was checked
        draft.rename(place)
        settled = True

    try:
        uploads.take_out(archive, draft, progress)
        yield settle
    except BaseException:
        shutil.rmtree(place if settled else draft, ignore_errors=True)
        raise


def _fill(connection: Connection, archive: Archive, progress: Progress) -> None:
    manifest = archive.manifest
    there = tables.found(connection)
    tables.lock(connection, there, mode="ACCESS EXCLUSIVE")
    _check_empty(connection, there, manifest)
    _check_same(there, manifest.tables)
    tables.write_alike(connection)
    connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
    tables.set_triggers(connection, there, on=False)
    keys_again = tables.without_foreign_keys(connection)
    for name in sorted(MADE_BY_MIGRATE & {one.name for one in there}):
        tables.empty(connection, name)
    known, done = {one.name for one in there}, 0
    for table in manifest.tables:
        progress(table.name, done, manifest.rows)
        _bring_rows(connection, archive, table, is_new=table.name not in known)
        done += table.rows
    for one in manifest.sequences:
        tables.set_sequence(connection, one)
    for statement in keys_again:
        connection.execute(statement)
    tables.set_triggers(connection, there, on=True)


def _bring_rows(connection: Connection, archive: Archive, table: Table, *, is_new: bool) -> None:
    """The table's rows are in, and its indexes as they were made. `is_new`: a partition that no
    migration has made."""
    if is_new:
        tables.make_partition(connection, table)
    large = table.rows > LARGE and not table.parent
    again = tables.without_indexes(connection, table.name) if large else []
    with archive.part(table.member) as source:
        tables.copy_in(connection, table, source)
    for statement in again:
        connection.execute(statement)
    if is_new:
        tables.attach_partition(connection, table)


def _check_same(there: list[tables.Found], told: list[Table]) -> None:
    """The tables made here are those of the backup, column by column."""
    here = {one.name: set(one.columns) for one in there if not one.parent}
    inside = {one.name: set(one.columns) for one in told if not one.parent}
    if odd := sorted(name for name in here.keys() | inside if here.get(name) != inside.get(name)):
        text = _("The backup's table %(table)s is not that of its version. Nothing was restored.")
        raise TroubleInWords(text % {"table": odd[0]})


def _compare(connection: Connection, manifest: Manifest, progress: Progress) -> None:
    """Every table and sequence, read again, is as the backup says; else TroubleInWords."""
    done = 0
    for table in manifest.tables:
        progress(_("Comparing %(table)s") % {"table": table.name}, done, manifest.rows)
        rows = tables.copy_out(connection, table)
        if (rows.rows, rows.digest) != (table.rows, table.digest):
            raise _unlike(table.name)
        done += table.rows
    standing = {one.name: one for one in tables.sequences(connection)}
    for one in manifest.sequences:
        if standing.get(one.name) != one:
            raise _unlike(one.name)


def _unlike(name: str) -> TroubleInWords:
    text = _("%(table)s was not restored as it was. Nothing was kept.")
    return TroubleInWords(text % {"table": name})
