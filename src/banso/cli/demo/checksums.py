"""One number per table, so that two demos can be compared."""

from django.apps import apps
from django.db import connection

from banso.cli.demo.team import HOUSE_DOMAIN
from banso.core import sql
from banso.core.models import Person
from banso.core.scope import ScopedModel
from banso.customers.models import Touch

NAMES_A_NUMBER = {
    "contacted": "NULL",
    "stay": "NULL",
    "stamp": "split_part(stamp, '|', 1)",
    "subject_id": "CASE WHEN subject_id !~ '^[0-9]+$' THEN subject_id END",
    "tx": "NULL",
    "line": "NULL",
    "adjustment": "NULL",
}
# Written by hand, so Django does not know it.
BY_HAND = ("usage_event",)


def checksums() -> dict[str, str]:
    """MD5 of every table's rows of the open workspace, in no order but that of their text.

    Equal for two demos of the same seed and day, in whatever databases they stand. Row numbers
    that the database counts by itself are left out: they tell what stood there before. So are
    such numbers where other rows name them (subjects of events, stamps of score runs, contacts of
    activities, lines of renewals) and those of transactions. Touches say when the book was made,
    not what is in it.
    """
    tables = {
        model._meta.db_table: _columns(model)
        for model in apps.get_models()
        if issubclass(model, ScopedModel) and model is not Touch
    }
    tables |= dict.fromkeys(BY_HAND, "*")
    found = {table: _checksum(table, columns) for table, columns in sorted(tables.items())}
    return {**found, Person._meta.db_table: _people()}


def _columns(model: type[ScopedModel]) -> str:
    quote = connection.ops.quote_name
    counted = {"AutoField", "BigAutoField"}
    return ", ".join(
        NAMES_A_NUMBER.get(column.name, quote(column.column))
        for column in model._meta.concrete_fields
        if column.get_internal_type() not in counted
    )


def _checksum(table: str, columns: str) -> str:
    return _md5(
        f"SELECT {columns} FROM {connection.ops.quote_name(table)}"  # noqa: S608
        " WHERE workspace_id = %(workspace)s"
    )


def _people() -> str:
    return _md5(
        "SELECT * FROM core_person WHERE email LIKE %(pattern)s AND %(workspace)s IS NOT NULL",
        pattern=f"%@{HOUSE_DOMAIN}",
    )


def _md5(select: str, **params: object) -> str:
    """A sum over the rows' hashes needs no sorting: 64 bits of each, added up."""
    rows = sql.rows(
        "SELECT count(*), coalesce(sum(hashtextextended(line::text, 0)::numeric), 0)"  # noqa: S608
        f" FROM ({select}) AS line",
        params,
    )
    return f"{rows[0][0]}:{rows[0][1]}"
