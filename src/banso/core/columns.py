"""Many rows as arrays: whole columns of whole numbers, days, ids and texts. Imports numpy."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg
from django.db import connection, transaction
from numpy.typing import NDArray

from banso.core.sql import Params, driver, scoped

_EPOCH = 730120  # 2000-01-01, from which PostgreSQL counts days
_HEADER = 20  # of an array as PostgreSQL sends it: dimensions, nulls, type, length, first index
_WIRE = {"int2": ">i2", "int4": ">i4", "int8": ">i8", "date": ">i4", "uuid": "S16"}


@contextmanager
def one_moment() -> Iterator[None]:
    """All that the block reads is of one moment, and it writes nothing.

    Inside another transaction it reads as that one does.
    """
    is_inner = connection.in_atomic_block
    with transaction.atomic():
        if not is_inner:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def columns(sql: str, kinds: Mapping[str, str], params: Params | None = None) -> list[NDArray[Any]]:
    """The columns of a query for the open workspace; raises as `sql.rows` does.

    `kinds`: int2, int4, int8, date, uuid or text by column, exactly as the query gives it; no value
    may be NULL. Days become ordinals (a date may be infinity), uuids bytes without closing zeros,
    texts objects. Columns come as one array each: a message for every row would take ten times as
    long.
    """
    listed = ", ".join(
        f"json_agg({name})" if kind == "text" else f"array_agg({name})"
        for name, kind in kinds.items()
    )
    with connection.wrap_database_errors, psycopg.Cursor(driver()) as cursor:
        statement = f"SELECT {listed} FROM ({sql}) found".encode()  # noqa: S608  (ours)
        cursor.execute(statement, scoped(sql, params), binary=True)
        result = cursor.pgresult
        parts = [result.get_value(0, i) if result else None for i in range(len(kinds))]
    return [_column(data, kind) for data, kind in zip(parts, kinds.values(), strict=True)]


def _column(data: bytes | None, kind: str) -> NDArray[Any]:
    if kind == "text":
        return np.array(json.loads(data or b"[]"), dtype=object)
    row = np.dtype([("size", ">i4"), ("value", _WIRE[kind])])
    values = np.frombuffer(data or b"", row, offset=_HEADER if data else 0)["value"]
    if kind == "uuid":
        return values
    whole = values.astype(np.int64)
    return whole + _EPOCH if kind == "date" else whole
