"""From `DATABASE_URL` to Django's database settings."""

from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg.errors import _WaitTimeout

# A machine that is gone without a word is noticed after some 20 s, not after two hours.
LINE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "2",
    "tcp_user_timeout": "20000",
}


class PatientConnection(psycopg.Connection[Any]):
    """Gives up, and closes, when PostgreSQL has not answered for `seconds` (None: waits for ever).

    A server or a pooler that hangs keeps its connections alive: no time-out of the network ends
    such a wait. The web process sets a limit, so that a page says 503 instead of hanging too.
    """

    seconds: ClassVar[float | None] = None

    @classmethod
    def connect(cls, conninfo: str = "", **more: Any) -> Self:
        """Where the line breaks in a transaction, others wait for its locks `seconds`, not for ever."""
        made = super().connect(conninfo, **more)
        if cls.seconds:
            limit = f"{cls.seconds * 1000:.0f}"
            made.execute(
                "SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [limit]
            )
            made.commit()
        return made

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.seconds)
        except _WaitTimeout:
            self.pgconn.finish()
            if pool := getattr(self, "_pool", None):
                pool.drain()  # what lies idle there is as dead, and would be tried one by one
            raise


def database(url: str, *, threads: int) -> dict[str, Any]:
    """Settings for one PostgreSQL named by `url`, with a pool for `threads` page threads.

    An empty url gives settings that load but cannot connect, so that commands which
    need no database still start.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "banso",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **LINE,
            **options,
            "pool": {
                "min_size": 2,
                "max_size": threads,
                "timeout": 5,
                "connection_class": PatientConnection,
            },
        },
    }
