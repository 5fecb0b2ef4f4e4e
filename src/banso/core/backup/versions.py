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
    graph = MigrationLoader(None).graph
    unknown = [one for one in migrations if one not in graph.nodes]
    if unknown:
        return unknown
    needed = {before for one in migrations for before in graph.forwards_plan(one)}
    return sorted(needed - set(migrations))


def bring_to(migrations: Names) -> None:
    """The tables are exactly those of these migrations; nothing is in them but their names.

    Raises TroubleInWords.
    Not Django's own command: that would fill tables of its own after the last one.
    """
    try:
        executor = MigrationExecutor(connection)
        last = [one for one in migrations if not _followers(executor.loader, one, migrations)]
        with rarely_collecting():  # each step builds the classes of most tables anew
            executor.migrate(last)
        call_command("createcachetable", verbosity=0)
    except Error as error:
        text = _("The database refused (%(why)s). Nothing was restored.")
        why = str(error).strip().partition("\n")[0]
        raise TroubleInWords(text % {"why": why}) from error


def _followers(loader: MigrationLoader, one: tuple[str, str], among: Names) -> list[object]:
    children = loader.graph.node_map[one].children
    return [child.key for child in children if child.key[0] == one[0] and child.key in among]
