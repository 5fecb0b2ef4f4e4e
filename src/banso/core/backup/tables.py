"""Every table of the database, found in its catalogue, out by COPY and in again."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import IO, Any, LiteralString

import psycopg
from psycopg import sql

from banso.core.backup.manifest import Sequence, Table
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

Connection = psycopg.Connection[tuple[Any, ...]]
BLOCK = 256 * 1024
# Rows are compared as text: both sides must write them alike.
SAME_TEXT: tuple[LiteralString, ...] = (
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'iso_8601'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
# Extensions' own tables are left out: the migrations bring the extensions. Partitioned tables
# hold no rows themselves and are not touched: a lock on them would hold up a new month.
_TABLES = """
SELECT c.relname,
       coalesce(parent.relname, ''),
       coalesce(pg_get_expr(c.relpartbound, c.oid), ''),
       greatest(c.reltuples, 0)::bigint,
       ARRAY(SELECT attname::text FROM pg_attribute
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
               AND atttypid <> 'xid8'::regtype
             ORDER BY attnum)
FROM pg_class c
LEFT JOIN pg_inherits ON inhrelid = c.oid
LEFT JOIN pg_class parent ON parent.oid = inhparent
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
ORDER BY c.relname
"""
_SEQUENCES = """
SELECT relname FROM pg_class
WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace ORDER BY relname
"""
_FOREIGN_KEYS = """
SELECT child.relname, conname, pg_get_constraintdef(con.oid)
FROM pg_constraint con JOIN pg_class child ON child.oid = conrelid
WHERE contype = 'f' AND conparentid = 0 AND connamespace = current_schema()::regnamespace
ORDER BY 1, 2
"""
# Those of a partition belong to its parent's and come with it.
_INDEXES = """
SELECT index.relname, con.conname IS NOT NULL,
       coalesce(pg_get_constraintdef(con.oid), pg_get_indexdef(index.oid))
FROM pg_index
JOIN pg_class index ON index.oid = indexrelid
LEFT JOIN pg_constraint con ON con.conindid = indexrelid AND con.contype IN ('p', 'u')
WHERE indrelid = %s::regclass AND NOT indisexclusion
ORDER BY 1
"""
_RANGE = re.compile(r"FOR VALUES FROM \('([\d-]{1,20})'\) TO \('([\d-]{1,20})'\)")


@dataclass(frozen=True, slots=True)
class Found:
    """A table of the catalogue. `guess` is about how many rows it has.

    Columns of the type xid8 are left out: they name transactions of this very server, and
    their default says the right thing in another (core/snapshots.py).
    """

    name: str
    columns: list[str]
    guess: int
    parent: str = ""
    start: str = ""
    end: str = ""


@dataclass(slots=True)
class RowSum:
    """Counts rows of COPY's text and adds their hashes: equal for equal rows in any order."""

    rows: int = 0
    total: int = 0
    rest: bytes = b""

    def feed(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.total += int.from_bytes(blake2b(line, digest_size=16).digest(), "little")
        self.rows += len(lines)

    @property
    def digest(self) -> str:
        return f"{self.total % 2**128:032x}"


@dataclass(slots=True)
class Blocks:
    """Collects small pieces into large ones."""

    into: Callable[[bytes], object]
    kept: list[bytes] = field(default_factory=list)
    size: int = 0

    def write(self, data: bytes) -> None:
        self.kept.append(data)
        self.size += len(data)
        if self.size >= BLOCK:
            self.flush()

    def flush(self) -> None:
        self.into(b"".join(self.kept))
        self.kept, self.size = [], 0


def write_alike(connection: Connection) -> None:
    """Until this transaction ends, its rows are written as those of any other backup."""
    for statement in SAME_TEXT:
        connection.execute(statement)


def found(connection: Connection) -> list[Found]:
    """Every table that holds rows, partitions too, by name. 1 query."""
    rows = connection.execute(_TABLES).fetchall()
    return [
        Found(name, list(columns), guess, parent, *_bounds(name, bound))
        for name, parent, bound, guess, columns in rows
    ]


def _bounds(name: str, bound: str) -> tuple[str, str]:
    if not bound:
        return "", ""
    if told := _RANGE.fullmatch(bound):
        return told[1], told[2]
    text = _("The table %(table)s is divided in a way that backups do not know: %(bound)s.")
    raise TroubleInWords(text % {"table": name, "bound": bound})


def lock(connection: Connection, tables: list[Found], *, mode: LiteralString) -> None:
    """Nobody else changes what these tables are until the transaction ends."""
    if tables:
        names = sql.SQL(", ").join(sql.SQL("ONLY {}").format(_name(one.name)) for one in tables)
        connection.execute(sql.SQL("LOCK TABLE {} IN " + mode + " MODE").format(names))


def copy_out(
    connection: Connection,
    table: Found | Table,
    *,
    into: Callable[[bytes], object] | None = None,
    progress: Callable[[int], object] = lambda _rows: None,
) -> RowSum:
    """Every row of the table goes into `into`, in COPY's text; gives their number and digest."""
    rows, blocks = RowSum(), Blocks(into or (lambda _data: None))
    columns = sql.SQL(", ").join(map(_name, table.columns))
    copy = sql.SQL("COPY {} ({}) TO STDOUT").format(_name(table.name), columns)
    with connection.cursor() as cursor, cursor.copy(copy) as source:
        for piece in source:
            data = bytes(piece)
            rows.feed(data)
            blocks.write(data)
            if not rows.rows % 20_000:
                progress(rows.rows)
    blocks.flush()
    progress(rows.rows)
    return rows


def copy_in(connection: Connection, table: Table, source: IO[bytes]) -> None:
    """The rows in `source` stand in the table, and in the same columns."""
    columns = sql.SQL(", ").join(map(_name, table.columns))
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(_name(table.name), columns)
    with connection.cursor() as cursor, cursor.copy(copy) as into:
        while block := source.read(BLOCK):
            into.write(block)


def make_partition(connection: Connection, table: Table) -> None:
    """The partition is there, empty; it stands alone until `attach_partition`."""
    statement = "CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
    connection.execute(sql.SQL(statement).format(_name(table.name), _name(table.parent)))


def attach_partition(connection: Connection, table: Table) -> None:
    """The partition is one of its parent's, with the parent's indexes."""
    statement = "ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})"
    connection.execute(
        sql.SQL(statement).format(
            _name(table.parent), _name(table.name), sql.Literal(table.start), sql.Literal(table.end)
        )
    )


def without_indexes(connection: Connection, name: str) -> list[sql.Composed]:
    """The table has no index; gives the statements that bring them back, built in one go.

    For tables that many rows come into: that takes half the time of growing them row by row.
    No foreign key may be left.
    """
    again = list[sql.Composed]()
    found = connection.execute(_INDEXES, [f'"{name}"']).fetchall()
    for index, is_constraint, words in found:
        if is_constraint:
            drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(_name(name), _name(index))
            start = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(_name(name), _name(index))
        else:
            drop, start = sql.SQL("DROP INDEX {}").format(_name(index)), sql.SQL("").format()
        connection.execute(drop)
        again.append(start + sql.SQL(words))  # the server's own words about itself
    return again


def sequences(connection: Connection) -> list[Sequence]:
    """Where each sequence stands: never behind the rows of a snapshot taken before."""
    names = [str(name) for (name,) in connection.execute(_SEQUENCES).fetchall()]
    return [Sequence(name, *_standing(connection, name)) for name in names]


def _standing(connection: Connection, name: str) -> tuple[int, bool]:
    query = sql.SQL("SELECT last_value, is_called FROM {}").format(_name(name))
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 (a sequence is one row)
    return int(row[0]), bool(row[1])


def set_sequence(connection: Connection, one: Sequence) -> None:
    query = sql.SQL("SELECT setval({}::regclass, %s, %s)").format(sql.Literal(f'"{one.name}"'))
    connection.execute(query, [one.last, one.called])


def without_foreign_keys(connection: Connection) -> list[sql.Composed]:
    """No foreign key is left; gives the statements that bring them back, checked in one go."""
    keys = connection.execute(_FOREIGN_KEYS).fetchall()
    for table, name, _words in keys:
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(_name(table), _name(name))
        connection.execute(drop)
    return [
        sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(_name(table), _name(name))
        + sql.SQL(words)  # the server's own words about itself
        for table, name, words in keys
    ]


def set_triggers(connection: Connection, tables: list[Found], *, on: bool) -> None:
    """Whether rows that come in set anything off (notices to workers, notes in logs)."""
    words = "ENABLE" if on else "DISABLE"
    for table in tables:
        change = sql.SQL("ALTER TABLE {} " + words + " TRIGGER USER").format(_name(table.name))
        connection.execute(change)


def with_rows(connection: Connection, tables: list[Found]) -> Iterator[str]:
    """Names of the tables that are not empty. 1 query each."""
    for table in tables:
        if connection.execute(
            sql.SQL("SELECT 1 FROM {} LIMIT 1").format(_name(table.name))
        ).fetchone():
            yield table.name


def empty(connection: Connection, name: str) -> None:
    connection.execute(sql.SQL("DELETE FROM {}").format(_name(name)))


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)
