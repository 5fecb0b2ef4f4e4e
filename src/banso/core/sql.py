"""The one door for SQL written by hand: it belongs to the open workspace, or says why not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg import generators
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

from banso.core.scope import current_workspace_id

Params = Mapping[str, Any]
PRESORTS = 160000  # from this version on


class UnscopedSql(ValueError):
    """Hand-written SQL that does not say which workspace it is about."""


def run(sql: str, params: Params | None = None) -> int:
    """Execute `sql` for the open workspace; how many rows it touched.

    `%(workspace)s` is the open workspace's id. SQL that does not mention it raises UnscopedSql,
    and NoWorkspaceOpen is raised when none is open: nothing runs by accident for everybody.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, scoped(sql, params))
        return int(cursor.rowcount)


def rows(sql: str, params: Params | None = None) -> list[tuple[Any, ...]]:
    """The rows that `sql` returns for the open workspace. Raises as `run` does."""
    with connection.cursor() as cursor:
        cursor.execute(sql, scoped(sql, params))
        return list(cursor.fetchall())


def run_for_all(sql: str, params: Params | None = None, *, reason: str) -> list[tuple[Any, ...]]:
    """Execute a statement that belongs to no workspace (partitions, cleaning); its rows, if any.

    `reason` tells the reader of the call why the wall may be passed.
    """
    if not reason:
        raise UnscopedSql("Say why this statement belongs to no workspace.")
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params or {}) or None)
        return cursor.fetchall() if cursor.description else []


def driver() -> psycopg.Connection[Any]:
    """psycopg's own connection, for what Django's cursors cannot say."""
    connection.ensure_connection()
    found: psycopg.Connection[Any] = connection.connection
    return found


def each_ahead(sql: str, batches: Iterable[Params]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of `sql` for each of the batches in turn, scoped as `run` is.

    The server works on the next batch while the caller has the last: where both have much to do,
    neither waits for the other. Until this generator ends or is closed, nothing else may be asked
    of the connection. Values go as parameters: lists need their type in `sql`.
    """
    raw, is_waiting = driver(), False
    try:
        for params in [*batches, None]:
            found = _answer(raw) if is_waiting else None
            if is_waiting := params is not None:
                _ask(raw, sql, scoped(sql, params))
            if found is not None:
                yield found
    finally:
        if is_waiting:
            raw.wait(generators.fetch_many(raw.pgconn))


def _ask(raw: psycopg.Connection[Any], sql: str, params: Params) -> None:
    text = psycopg.ClientCursor(raw).mogrify(sql.encode(), params)
    raw.pgconn.send_query_params(text.encode(), None, result_format=Format.BINARY)
    raw.wait(generators.send(raw.pgconn))


def _answer(raw: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    result = raw.wait(generators.fetch_many(raw.pgconn))[-1]
    if result.status != ExecStatus.TUPLES_OK:
        with connection.wrap_database_errors:
            raise error_from_result(result)
    return loaded(raw, result)


def loaded(raw: psycopg.Connection[Any], result: PGresult) -> list[tuple[Any, ...]]:
    """The rows of a result as Python's values."""
    transformer = Transformer(raw)
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)


def work_memory(amount: str) -> None:
    """The rest of this transaction may sort and hash in `amount` ("64MB"): for bulk loads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [amount])


@contextmanager
def reading_whole_tables() -> Iterator[None]:
    """Within the block no plan looks rows of one table up for each row of another.

    For statements that read all of both: after an import the database may believe for minutes that
    there is next to nothing, and would do so for every row. Must run inside a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def sort_what_is_counted() -> None:
    """The rest of this transaction sorts for `count(DISTINCT)` what that counts, after its FILTER.

    For small groups: since PostgreSQL 16 all rows of each would be sorted for one of the counts.
    """
    if driver().info.server_version >= PRESORTS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('enable_presorted_aggregate', 'off', true)")


def stage(name: str, columns: Mapping[str, str], data: Iterable[Sequence[Any]]) -> int:
    """A temporary table `name` with these `columns` holds `data`; how many rows.

    `columns` are name: type, as PostgreSQL itself calls it (int4, text, uuid, timestamptz).
    Filled by binary COPY (values must be of the column's own Python type), seen by
    this transaction alone, gone at its end; must run inside one.
    """
    quote = connection.ops.quote_name
    listed = ", ".join(f"{quote(column)} {kind}" for column, kind in columns.items())
    table = quote(name)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({listed}) ON COMMIT DROP")
        count = _copy(f"pg_temp.{table}", columns, data)
        cursor.execute(f"ANALYZE {table}")
    return count


def append(table: str, columns: Mapping[str, str], data: Iterable[Sequence[Any]]) -> int:
    """`data` are new rows of `table`, all of the open workspace; how many.

    As `stage` in all else. `columns` are those that `data` gives, without workspace_id, which is
    added to every row; the rest of the table's columns take their defaults.
    """
    workspace = current_workspace_id()
    scoped = ((workspace, *row) for row in data)
    return _copy(connection.ops.quote_name(table), {"workspace_id": "uuid", **columns}, scoped)


def copy_in(table: str, columns: Sequence[str], data: Iterable[Sequence[Any]]) -> int:
    """As `append`, for values that are texts of their column's type, such as JSON."""
    workspace = current_workspace_id()
    scoped = ((workspace, *row) for row in data)
    return _copy(connection.ops.quote_name(table), ("workspace_id", *columns), scoped)


def _copy(
    table: str,
    columns: Sequence[str] | Mapping[str, str],
    data: Iterable[Sequence[Any]],
) -> int:
    """Binary where the columns come with their types, as text where not."""
    names, count = ", ".join(map(connection.ops.quote_name, columns)), 0
    types = list(columns.values()) if isinstance(columns, Mapping) else []
    form = " (FORMAT BINARY)" if types else ""
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN{form}") as copy,
    ):
        if types:
            copy.set_types(types)
        for count, row in enumerate(data, start=1):  # noqa: B007  (the count is what we want)
            copy.write_row(row)
    return count


def scoped(sql: str, params: Params | None) -> dict[str, Any]:
    """The values of a statement with the open workspace among them. Raises as `run` does."""
    if "%(workspace)s" not in sql:
        raise UnscopedSql("Hand-written SQL must mention %(workspace)s.")
    return {**(params or {}), "workspace": current_workspace_id()}
