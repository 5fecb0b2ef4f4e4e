"""What the database believes of the sizes of tables while an import fills them.

Autovacuum sees no row of an unfinished transaction: of a table that was emptied before, it notes
"nothing", and then every index looks as good as any other. Each check of a foreign key at the
commit of 100,000 rows walked one of 100,000 entries from end to end.
"""

from django.apps import apps
from django.db import connection

from banso.core import sql
from banso.core.models import ImportedRow, ImportRun
from banso.core.scope import ScopedModel

MANY = 1000  # new rows, from which on a wrong belief costs more than asking


def learn_sizes() -> None:
    """The database knows how many rows there are, this transaction's too, and notes nothing else
    of these tables until it ends. 20 ms a table at 100,000 rows.

    A table that somebody else is counting is left to them.
    """
    for table in _tables():
        sql.run_for_all(
            f"ANALYZE (SKIP_LOCKED) {table} (id, workspace_id)",
            reason="a table holds every workspace",
        )


def _tables() -> list[str]:
    """Of everything that imports make and that knows which made it."""
    made = [
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, ScopedModel)
        and model is not ImportedRow
        and any(one.related_model is ImportRun for one in model._meta.fields)
    ]
    return [connection.ops.quote_name(table) for table in sorted(made)]
