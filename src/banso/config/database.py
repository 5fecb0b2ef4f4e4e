"""From `DATABASE_URL` to Django's database settings."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


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
            **options,
            "pool": {"min_size": 2, "max_size": threads, "timeout": 5},
        },
    }
