"""Which tables a backup needs: the migrations it was made with, and those this version knows."""

from collections.abc import Collection

from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from banso.lib.memory import rarely_collecting
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

Names = Collection[tuple[str, str]]


def strange(migrations: Names) -> list[tuple[str, str]]:
    """Those that this version does not know, or would not make without others. No query."""
    loader = _loader(migrations)
    here = _nodes(loader, migrations)
    known = here | loader.replacements.keys() | _replaced(loader, here)
    if unknown := [one for one in migrations if one not in known]:
        return unknown
    needed = {before for one in here for before in loader.graph.forwards_plan(one)}
    return sorted(needed - here)


def bring_to(migrations: Names) -> None:
    """The tables are exactly those of these migrations; nothing is in them but their names.

    Raises TroubleInWords.
    Not Django's own command: that would fill tables of its own after the last one.
    """
    try:
        executor = MigrationExecutor(connection)
        executor.loader = loader = _loader(migrations, asks_tables=True)
        here = _nodes(loader, migrations)
        last = [one for one in here if not _followers(loader, one, here)]
        with rarely_collecting():  # each step builds the classes of most tables anew
            executor.migrate(last)
        call_command("createcachetable", verbosity=0)
    except Error as error:
        text = _("The database refused (%(why)s). Nothing was restored.")
        why = str(error).strip().partition("\n")[0]
        raise TroubleInWords(text % {"why": why}) from error


def with_squashes(migrations: Names) -> set[tuple[str, str]]:
    """These, and the squashes that stand for some of them: Django notes both. No query."""
    return {*migrations, *_nodes(_loader(migrations), migrations)}


def _loader(migrations: Names, *, asks_tables: bool = False) -> MigrationLoader:
    """The graph that makes these: a squash in it where all or none of what it replaces is among
    them, else what it replaces. So Django's own does it, by what is in the database.
    """
    loader = MigrationLoader(connection if asks_tables else None, replace_migrations=False)
    for squash, migration in loader.replacements.items():
        if all(one in loader.applied_migrations for one in migration.replaces):
            loader.applied_migrations[squash] = migration
        if len(set(migration.replaces).intersection(migrations)) in {0, len(migration.replaces)}:
            loader.graph.remove_replaced_nodes(squash, migration.replaces)
        else:
            loader.graph.remove_replacement_node(squash, migration.replaces)
    loader.graph.ensure_not_cyclic()  # as Django's own does: a plan would never end
    return loader


def _nodes(loader: MigrationLoader, migrations: Names) -> set[tuple[str, str]]:
    """What of the graph these are: a squash instead of all that it replaces."""
    return {
        one
        for one, migration in loader.graph.nodes.items()
        if one in migrations or (migration.replaces and set(migration.replaces) <= set(migrations))
    }


def _replaced(loader: MigrationLoader, among: Names) -> set[tuple[str, str]]:
    return {one for squash in among for one in loader.graph.nodes[squash].replaces}


def _followers(loader: MigrationLoader, one: tuple[str, str], among: Names) -> list[object]:
    children = loader.graph.node_map[one].children
    return [child.key for child in children if child.key[0] == one[0] and child.key in among]
