"""Structured logs: one JSON object a line on standard error."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
from django.db.utils import Error

from banso.config import env

NO_PAGE = "(no page)"


class JsonLines(logging.Formatter):
    """One line a record, safe to search and to ship."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = discreet(self.formatException(record.exc_info), record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """Of a request the page's pattern, not its address: that holds links of mails, and much else."""
    request = getattr(record, "request", None)
    if request is None or not isinstance(record.args, tuple):
        return record.getMessage()
    match = getattr(request, "resolver_match", None)
    page = f"/{match.route}" if match else NO_PAGE
    return record.msg % tuple(page if one == request.path else one for one in record.args)


def discreet(trace: str, error: BaseException | None) -> str:
    """The trace without PostgreSQL's own words, which quote the rows that people wrote.

    What was wrong is still told: the SQLSTATE, and the constraint, table and column by name.
    """
    for one in _chain(error):
        if (named := _named(one)) and str(one):
            trace = trace.replace(str(one), named)
    return trace


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all it came from, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]


def _named(error: BaseException) -> str:
    """What PostgreSQL has refused, by its names; empty for any other error."""
    found = error.__cause__ if isinstance(error, Error) else error
    if not isinstance(found, psycopg.Error) or not found.sqlstate:
        return ""
    told = found.diag
    names = (found.sqlstate, told.constraint_name, told.table_name, told.column_name)
    return " ".join(filter(None, names))


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonLines}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("BANSO_LOG", "WARNING")},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
