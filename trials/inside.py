"""The pages served from this process: its pool, its threads and its logs can be chosen and read."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from django.db import connection
from django.test import override_settings

from banso.config import wsgi
from banso.config.front import Front, Limits
from banso.config.logs import JsonLines
from banso.config.patience import PatientProtocol

START_SECONDS = 20.0


class Kept(logging.Handler):
    """Every record as the program's own log would hold it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def logged(level: int = logging.DEBUG) -> Iterator[Kept]:
    """What is logged meanwhile, as with BANSO_LOG=DEBUG; shown to nobody."""
    root, kept = logging.getLogger(), Kept()
    usual, before = root.level, root.handlers
    requests = logging.getLogger("django.request")
    of_requests = requests.level
    root.handlers = [kept]
    root.setLevel(level)
    requests.setLevel(logging.NOTSET)
    try:
        yield kept
    finally:
        root.handlers = before
        root.setLevel(usual)
        requests.setLevel(of_requests)


@contextmanager
def served(*, threads: int, pool: int) -> Iterator[int]:
    """The port of the program's pages, with so many threads and so many connections."""
    from_settings: dict[str, Any] = connection.settings_dict["OPTIONS"]["pool"]
    before = dict(from_settings)
    connection.close()
    getattr(connection, "close_pool")()  # noqa: B009  (PostgreSQL only, unknown to the stubs)
    from_settings |= {"min_size": min(2, pool), "max_size": pool, "timeout": 20}
    front = Front(wsgi.application, threads=threads, streams={}, limits=Limits())
    config = uvicorn.Config(
        front, host="127.0.0.1", port=0, log_config=None, lifespan="on", http=PatientProtocol
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    with override_settings(ALLOWED_HOSTS=["*"]):
        thread.start()
        try:
            yield _port(server)
        finally:
            server.should_exit = True
            thread.join(20)
            connection.close()
            getattr(connection, "close_pool")()  # noqa: B009
            from_settings |= before


def _port(server: uvicorn.Server) -> int:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port
