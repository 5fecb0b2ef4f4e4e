"""`banso backup` and `banso restore` beyond what trial R16 tries: older versions, and second tries."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from banso.cli.places import REPOSITORY
from banso.core.backup import keys, versions
from banso.core.backup.archive import ABOUT, MANIFEST, verified, writing
from banso.core.scope import open_workspace
from banso.core.tests.databases import connected_to, own_database
from banso.core.tests.programs import environment
from banso.core.workspaces import add_person, create_workspace

OLD = "test_backup_old"


class Places:
    """An old installation, and an empty one."""

    def __init__(self, old: str, new: str, folder: Path) -> None:
        self.old, self.new, self.folder = old, new, folder

    def python(self, url: str, name: str, *words: str) -> "subprocess.CompletedProcess[str]":
        settings = "banso.config.settings"
        given = environment(url, self.folder / name, LC_ALL="C", DJANGO_SETTINGS_MODULE=settings)
        given.pop("BANSO_SECRET_KEY", None)
        return subprocess.run(
            [sys.executable, *words],
            cwd=REPOSITORY,
            env=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )


@pytest.fixture
def places(tables: str, django_db_blocker: Any, tmp_path: Path) -> Iterator[Places]:
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        old = stack.enter_context(own_database(OLD, like=tables))
        new = stack.enter_context(own_database("test_backup_new"))
        with connected_to(OLD):
            _make_older()
        (tmp_path / "old").mkdir()
        keys.keep(tmp_path / "old", token_urlsafe(36))
        yield Places(old, new, tmp_path)


def _make_older() -> None:
    """An installation of an older version: one person, and all migrations but the last of health,
    before there were squashes of them.
    """
    loader = MigrationLoader(None, replace_migrations=False)
    [newest] = MigrationLoader(None).graph.leaf_nodes("health")
    squashes = loader.replacements
    last = squashes[newest].replaces[-1] if newest in squashes else newest
    versions.bring_to(loader.graph.nodes.keys() - squashes.keys() - {last})
    for squash in squashes:
        MigrationRecorder(connection).record_unapplied(*squash)
    with open_workspace(create_workspace("アクメ")):
        add_person(
            "alice@acme.example", name="佐藤", password="correct horse battery", role="owner"
        )


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as direct:
        return direct.execute(query.encode()).fetchall()


def broken(source: Path, target: Path) -> Path:
    """Sealed and told of as it should be, but with a person in it that no table has."""
    with zipfile.ZipFile(source) as old, writing(target, replace=True) as draft:
        told = json.loads(old.read(MANIFEST))
        for name in old.namelist():
            if name in {ABOUT, MANIFEST}:
                continue
            data = old.read(name)
            with draft.part(name) as part:
                part.write(b"" if name == "tables/core_person" else data)
            for table in told["tables"]:
                if f"tables/{table['name']}" == name:
                    table |= {"sha256": part.sha.hexdigest(), "bytes": part.size}
        draft.put(MANIFEST, json.dumps(told).encode())
    return target


@pytest.mark.slow
def test_an_older_backup_is_restored_and_brought_to_this_version(places: Places) -> None:
    """Also after a try that failed at its very end: it has left nothing."""
    file = places.folder / "older.zip"
    done = places.python(places.old, "old", "-m", "banso", "backup", str(file))
    assert done.returncode == 0 and "key is inside" in done.stdout, done.stderr
    [newest] = MigrationLoader(None).graph.leaf_nodes("health")
    assert newest not in verified(file).manifest.migrations

    wrong = broken(file, places.folder / "broken.zip")
    done = places.python(places.new, "new", "-m", "banso", "restore", str(wrong))
    assert done.returncode == 1 and "Nothing was restored" in done.stderr
    assert done.stderr.count("\n") == 1
    assert rows(places.new, "SELECT count(*) FROM core_workspace") == [(0,)]
    assert {path.name for path in (places.folder / "new").iterdir()} <= {"static"}

    done = places.python(places.new, "new", "-m", "banso", "restore", str(file), "--json")
    assert done.returncode == 0, done.stderr
    assert rows(places.new, "SELECT email FROM core_person") == [("alice@acme.example",)]
    applied = rows(places.new, "SELECT name FROM django_migrations WHERE app = 'health'")
    assert newest[1:] in applied
    key = (places.folder / "old" / "secret_key").read_text()
    assert (places.folder / "new" / "secret_key").read_text() == key
