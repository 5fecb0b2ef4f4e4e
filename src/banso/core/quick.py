"""Statements run hundreds of times a second: prepared by the server, and asked in one breath.

A cursor of psycopg waits several times for each statement, which is most of what storing a small
request would cost. This speaks libpq's pipeline mode, with psycopg's adapters, waiting and errors.
"""

import re
import struct
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple, Self
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg import generators
from psycopg.abc import PQGen
from psycopg.adapt import Dumper, PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

from banso.core.sql import Params, driver, loaded, scoped

Rows = list[tuple[Any, ...]]
_PLACE = re.compile(r"%\((\w+)\)s")
_numbers = count()
_prepared: WeakKeyDictionary[psycopg.Connection[Any], dict[Any, bytes]] = WeakKeyDictionary()
_UUID, _UUIDS, _MOMENT, _MOMENTS = 2950, 2951, 1184, 1185  # PostgreSQL's numbers of the types
_LENGTH = b"\x00\x00\x00\x10"
_EPOCH, _MICROSECOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)  # PostgreSQL's


class Uuids(bytes):
    """A value for `uuid[]` as the server reads it fastest: binary, and never a UUID of Python's."""

    @classmethod
    def of(cls, keys: Collection[bytes]) -> Self:
        """Of 16 bytes each."""
        return cls(b"".join([_head(_UUID, keys), *(_LENGTH + key for key in keys)]))


class Moments(bytes):
    """A value for `timestamptz[]`, binary."""

    @classmethod
    def of(cls, moments: Collection[datetime]) -> Self:
        """Of aware moments."""
        parts = [part for at in moments for part in (8, (at - _EPOCH) // _MICROSECOND)]
        return cls(_head(_MOMENT, moments) + struct.pack("!" + "iq" * len(moments), *parts))


def _head(kind: int, values: Collection[Any]) -> bytes:
    return struct.pack("!5i", 1, 0, kind, len(values), 1)


class _AsUuids(Dumper):
    oid, format = _UUIDS, Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return obj


class _AsMoments(_AsUuids):
    oid = _MOMENTS


class _Statement(NamedTuple):
    """As libpq sends it; of equal `text` and `types` the server prepares one."""

    text: bytes
    types: tuple[int, ...]
    values: Sequence[Any]
    formats: Sequence[Format]


def quick(sql: str, params: Params | None = None, *, reason: str = "") -> Rows:
    """The rows of `sql`, as a statement that the server has prepared.

    Scoped as `sql.run` is, unless `reason` tells why it belongs to no workspace. Values go as
    parameters ($1): lists need their type in `sql` (`%(ids)s::uuid[]`), `IN` takes none, and % is
    just itself.
    """
    return quick_all((sql, params or {}), reason=reason)[0]


def quick_all(*statements: tuple[str, Params], reason: str = "") -> list[Rows]:
    """The rows of each of several statements as `quick`, sent together: the server is waited for once.

    `reason` tells why those that do not mention the workspace belong to none.
    """
    asked = [
        (sql, params if reason and "%(workspace)s" not in sql else scoped(sql, params))
        for sql, params in statements
    ]
    raw = driver()
    known = _known(raw)
    with connection.wrap_database_errors:
        results = raw.wait(_conversation(raw, [_statement(raw, *one) for one in asked], known))
        return [loaded(raw, one) for one in results]


def _known(raw: psycopg.Connection[Any]) -> dict[Any, bytes]:
    """What is prepared on this connection."""
    if (known := _prepared.get(raw)) is None:
        known = _prepared[raw] = {}
        raw.adapters.register_dumper(Uuids, _AsUuids)
        raw.adapters.register_dumper(Moments, _AsMoments)
    return known


def _statement(raw: psycopg.Connection[Any], sql: str, params: Params) -> _Statement:
    text, names = _numbered(sql)
    transformer = Transformer(raw)
    given = [params[name] for name in names]
    values = transformer.dump_sequence(given, [PyFormat.AUTO] * len(given))
    return _Statement(text, transformer.types or (), values, transformer.formats or ())


@lru_cache
def _numbered(sql: str) -> tuple[bytes, list[str]]:
    """The statement with $1, $2, … and the names of their values."""
    names = list(dict.fromkeys(_PLACE.findall(sql)))
    return _PLACE.sub(lambda found: f"${names.index(found[1]) + 1}", sql).encode(), names


def _conversation(
    raw: psycopg.Connection[Any], statements: Iterable[_Statement], known: dict[Any, bytes]
) -> PQGen[list[PGresult]]:
    """The results of the statements. Raises the server's first refusal, once all are answered."""
    server = raw.pgconn
    server.enter_pipeline_mode()
    try:
        asides = _send(raw, statements, known)
        yield from generators.send(server)
        results = yield from _answers(raw)
    except BaseException:
        server.finish()  # half a conversation is of no use to anybody
        raise
    server.exit_pipeline_mode()
    for one in results:
        if one.status == ExecStatus.FATAL_ERROR:
            for aside in asides.values():  # what was to be prepared after it is not
                known.pop(aside, None)
            raise error_from_result(one, encoding=raw.info.encoding)
    return [one for place, one in enumerate(results) if place not in asides]


def _send(
    raw: psycopg.Connection[Any], statements: Iterable[_Statement], known: dict[Any, bytes]
) -> dict[int, Any]:
    """Everything is on its way; the places among the answers that are not those of statements.

    Each with what is prepared there (see `_prepared`), if anything.
    """
    server, asides, place = raw.pgconn, dict[int, Any](), count()
    if not raw.autocommit and server.transaction_status == TransactionStatus.IDLE:
        server.send_query_params(b"BEGIN", None)
        asides[next(place)] = None
    for text, types, values, formats in statements:
        if (name := known.get((text, types))) is None:
            name = known[text, types] = b"quick_%d" % next(_numbers)
            server.send_prepare(name, text, types)
            asides[next(place)] = text, types
        server.send_query_prepared(name, values, formats, Format.BINARY)
        next(place)
    server.pipeline_sync()
    return asides


def _answers(raw: psycopg.Connection[Any]) -> PQGen[list[PGresult]]:
    results: list[PGresult] = []
    while True:
        one = yield from generators.fetch(raw.pgconn)
        if one is None:  # that was all of a statement
            if raw.pgconn.status != ConnStatus.OK:
                raise psycopg.OperationalError("the connection is lost")
        elif one.status == ExecStatus.PIPELINE_SYNC:
            return results
        else:
            results.append(one)
