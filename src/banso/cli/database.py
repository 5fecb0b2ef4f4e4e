"""Giving a command its database, before Django's settings are read."""

import os
import time
from pathlib import Path

import django
import psycopg

from banso.config import env
from banso.core import clock
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


def learn_clock() -> None:
    """This process knows whether its clock agrees with the database's."""
    asked = time.monotonic()
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        row = connection.execute(clock.ASK).fetchone()
    clock.learn(float(row[0]) if row else time.time(), asked=asked)
