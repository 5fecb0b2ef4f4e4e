"""Giving a command its database, before Django's settings are read."""

import os
from pathlib import Path

import django

from banso.config import env
from banso.core.postgres import attach, check_outside

SETTINGS = "banso.config.settings"


def uses_private_server() -> bool:
    """True when no outside PostgreSQL is named; then each process attaches to the private one."""
    return not os.environ.get("DATABASE_URL")


def need_database(data: Path | None = None, *, durable: bool = True) -> None:
    """DATABASE_URL names a server that answers. Raises TroubleInWords."""
    given = os.environ.get("DATABASE_URL")
    if given:
        check_outside(given)
    else:
        os.environ["DATABASE_URL"] = attach(data or env.data_folder(), durable=durable)


def need_django() -> None:
    """The database answers and Django is ready: models may be imported from here on."""
    need_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
