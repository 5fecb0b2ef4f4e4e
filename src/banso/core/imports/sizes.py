"""What the database believes of the sizes of tables while an import fills them.

Autovacuum sees no row of an unfinished transaction: of a table that was emptied before, it notes
"nothing", and then every index looks as good as any other. Each check of a foreign key at the
commit of 100,000 rows walked one of 100,000 entries from end to end.
"""

from time import sleep

from django.apps import apps

from banso.core import sql
from banso.core.models import ImportedRow, ImportRun
from banso.core.scope import ScopedModel

MANY = 1000  # new rows, from which on a wrong belief costs more than asking
TRIES, A_MOMENT = 30, 0.1  # seconds
_LEFT = """
SELECT name FROM unnest(%(tables)s::text[]) AS name WHERE NOT EXISTS (
    SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND relation = name::regclass
        AND mode = 'ShareUpdateExclusiveLock' AND granted
)
"""
_ALL = "a table holds every workspace"


def learn_sizes() -> None:
    """The database knows how many rows there are, this transaction's too, and notes nothing else
    of these tables until it ends. 20 ms a table at 100,000 rows.

    Who is counting a table just now is waited for, 3 seconds at most: autovacuum takes less, and
    another import has counted what it brings itself.
    """
    left = _tables()
    for _try in range(TRIES):
        for table in left:
            sql.run_for_all(f"ANALYZE (SKIP_LOCKED) {table} (id, workspace_id)", reason=_ALL)
        left = [name for (name,) in sql.run_for_all(_LEFT, {"tables": left}, reason=_ALL)]
        if not left:
            return
        sleep(A_MOMENT)


def _tables() -> list[str]:
    """Of everything that imports make and that knows which made it."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, ScopedModel)
        and model is not ImportedRow
        and any(one.related_model is ImportRun for one in model._meta.fields)
    )
