"""Many rows as arrays: whole columns of whole numbers, days and ids. Imports numpy."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from banso.core.sql import Params, scoped

INFINITY = 2**31 - 1 + 730120  # a date without an end, as an ordinal
_EPOCH = 730120  # 2000-01-01, from which PostgreSQL counts days
_HEADER = 19  # a signature, flags, and an extension's length: there never is one
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


def columns(sql: str, kinds: Sequence[str], params: Params | None = None) -> list[NDArray[Any]]:
    """The columns of a query for the open workspace; raises as `sql.rows` does.

    `kinds`: int2, int4, int8, date or uuid of each column, exactly as the query gives it; no value
    may be NULL. Days become ordinals (a date may be infinity), uuids bytes without closing zeros.
    """
    parts = [(f"size{i}", ">i4") for i in range(len(kinds))]
    values = [(f"value{i}", _WIRE[kind]) for i, kind in enumerate(kinds)]
    row = np.dtype(
        [("count", ">i2"), *(one for pair in zip(parts, values, strict=True) for one in pair)]
    )
    data = _copied(sql, params)
    found = np.frombuffer(
        data, row, count=(len(data) - _HEADER - 2) // row.itemsize, offset=_HEADER
    )
    return [_native(found[f"value{i}"], kind) for i, kind in enumerate(kinds)]


def _copied(sql: str, params: Params | None) -> bytes:
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT BINARY)", scoped(sql, params)) as copy,
    ):
        return b"".join(copy)


def _native(column: NDArray[Any], kind: str) -> NDArray[Any]:
    if kind == "uuid":
        return column
    whole = column.astype(np.int64)
    return whole + _EPOCH if kind == "date" else whole
