"""Squashed migrations make what the replaced ones made, and backups of either kind are understood."""

import pytest
from django.db import connection, models
from django.db.migrations import CreateModel
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from banso.core.backup import versions
from banso.core.squashed import CreateTables

ROOMS = ("core", "customers", "work", "usage", "health", "metrics")


@pytest.fixture(scope="module")
def apart() -> MigrationLoader:
    """Every migration there is: the squashes, and beside them what they replace."""
    return MigrationLoader(None, replace_migrations=False)


def test_a_squash_replaces_every_file_that_was_there_before_it(apart: MigrationLoader) -> None:
    graph = MigrationLoader(None).graph
    for room in ROOMS:
        [squash] = graph.root_nodes(room)
        replaced = apart.replacements[squash].replaces
        assert set(replaced) <= apart.disk_migrations.keys()


def test_squashed_and_replaced_lead_to_the_same_models() -> None:
    whole = MigrationLoader(None)
    loader = MigrationLoader(None, replace_migrations=False)
    for squash, migration in loader.replacements.items():
        loader.graph.remove_replacement_node(squash, migration.replaces)
    changes = MigrationAutodetector(loader.project_state(), whole.project_state())
    assert changes.changes(whole.graph) == {}


@pytest.mark.parametrize("room", ROOMS)
def test_a_backup_from_when_one_room_had_a_migration_less_is_understood(
    apart: MigrationLoader, room: str
) -> None:
    for squash, migration in apart.replacements.items():
        if squash in apart.graph.nodes:
            apart.graph.remove_replacement_node(squash, migration.replaces)
    [last] = [
        migration.replaces[-1] for (app, _), migration in apart.replacements.items() if app == room
    ]
    before = apart.graph.nodes.keys() - set(apart.graph.backwards_plan(last))
    assert versions.strange(before) == []
    assert room not in {app for app, _name in versions.with_squashes(before) - before}


def test_backups_of_before_and_after_the_squashes_are_understood(apart: MigrationLoader) -> None:
    after = apart.disk_migrations.keys()
    before = after - apart.replacements.keys()
    assert [versions.strange(names) for names in (after, before)] == [[], []]
    assert versions.with_squashes(before) == after


def test_backups_of_a_newer_version_or_with_a_gap_are_strange(apart: MigrationLoader) -> None:
    before = apart.disk_migrations.keys() - apart.replacements.keys()
    newer, gap = ("core", "9999_later"), ("customers", "0001_initial")
    assert versions.strange({*before, newer}) == [newer]
    assert versions.strange(before - {gap}) == [gap]


def test_tables_that_point_at_each_other_come_whole(db: None) -> None:
    """With their keys, so that Django notes the migration in the same transaction."""
    told, state = "core_shelf", ProjectState()
    shelf = CreateModel("Shelf", [("best", models.ForeignKey("core.Book", models.CASCADE))])
    book = CreateModel("Book", [("shelf", models.ForeignKey("core.Shelf", models.CASCADE))])
    tables = CreateTables([shelf, book])
    tables.state_forwards("core", state)
    with connection.schema_editor() as editor:
        tables.database_forwards("core", editor, ProjectState(), state)
        assert not editor.deferred_sql
        with connection.cursor() as cursor:
            keys = connection.introspection.get_relations(cursor, told)
        assert keys["best_id"][1] == "core_book"
        tables.database_backwards("core", editor, state, ProjectState())
        assert told not in connection.introspection.table_names()
