"""A PostgreSQL that somebody else runs, named by DATABASE_URL."""

from collections.abc import Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict

from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

OLDEST = 150_000


def check_outside(url: str) -> None:
    """The server answers, is PostgreSQL 15 or newer and speaks UTF-8; else TroubleInWords."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        text = _("DATABASE_URL is not understood: write postgresql://USER:PASSWORD@HOST:5432/NAME")
        raise TroubleInWords(text) from error
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            _check_kind(connection)
    except psycopg.OperationalError as error:
        text = _("PostgreSQL at %(place)s cannot be used: %(why)s. Check DATABASE_URL.")
        why = str(error).strip().splitlines()[0].rpartition(" failed: ")[-1].strip(" .")
        raise TroubleInWords(text % {"place": _place(parts), "why": why}) from error


def _check_kind(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    info = connection.info
    if info.server_version < OLDEST:
        found = info.parameter_status("server_version")
        text = _("PostgreSQL %(found)s is too old: Banso needs 15 or newer.")
        raise TroubleInWords(text % {"found": found})
    if info.parameter_status("server_encoding") != "UTF8":
        text = _("The database is not in UTF-8. Make one: CREATE DATABASE banso ENCODING 'UTF8'.")
        raise TroubleInWords(text)


def _place(parts: Mapping[str, object]) -> str:
    """Where it is, without the password."""
    host, port = parts.get("host") or "localhost", parts.get("port") or 5432
    return f"{host}:{port}/{parts.get('dbname') or ''}"
