"""Giving a command its database, before Django's settings are read."""

import gc
import os
import time
from pathlib import Path

import django
import psycopg
from django.db import connections

from banso.config import env
from banso.config.database import database
from banso.core import clock
from banso.core.postgres import attach, check_outside
from banso.lib.memory import collect_seldom

SETTINGS = "banso.config.settings"
PLACE = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


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
    """The database answers and Django is ready: models may be imported from here on.

    What is loaded here stays to the end and is never looked through for garbage: loading takes a
    seventh less processor time, and a full search in a page's way a quarter of what it took.
    """
    need_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
    collect_seldom()


def learn_clock() -> None:
    """This process knows whether its clock agrees with the database's."""
    asked = time.monotonic()
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        row = connection.execute(clock.ASK).fetchone()
    clock.learn(float(row[0]) if row else time.time(), asked=asked)


def point_django_at(url: str) -> None:
    """From now on this process's queries go to the database at `url`. Django is ready already."""
    default = connections["default"]
    default.close()  # first: it would open a pool anew to give itself back
    getattr(default, "close_pool")()  # noqa: B009  (PostgreSQL only, unknown to the stubs)
    told = database(url, threads=2)
    default.settings_dict.update({name: told[name] for name in PLACE})
    default.settings_dict["OPTIONS"] = told["OPTIONS"]
