"""Where jobs are queued: always on Django's own connection, so that they commit with its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import OperationalError
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager


class Connector(DjangoConnector):
    """As procrastinate's, but a database that is away raises what it raises elsewhere."""

    def execute_query(self, query: Any, **arguments: Any) -> None:
        with _in_our_words():
            super().execute_query(query, **arguments)

    def execute_query_one(self, query: Any, **arguments: Any) -> dict[str, Any]:
        with _in_our_words():
            return super().execute_query_one(query, **arguments)

    def execute_query_all(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        with _in_our_words():
            return super().execute_query_all(query, **arguments)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except ConnectorException as error:
        if isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError):
            raise OperationalError(*error.__cause__.args) from error
        raise


def deferrer(name: str, **options: Any) -> JobDeferrer:
    """Queues the job `name` in the caller's transaction, also inside a job.

    In a worker, the app's own connector is the worker's: what a job queued by it was there at
    once, before the job's rows were, and stayed where they were rolled back.
    """
    queueing = app.configure_task(name, **options)
    queueing.job_manager = JobManager(Connector())
    return queueing
