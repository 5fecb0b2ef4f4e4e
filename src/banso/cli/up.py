"""`banso up`: one command, one port, everything running."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from banso.cli.database import uses_private_server
from banso.cli.places import HOST, PORT, check_free, url
from banso.cli.supervisor import Child, Supervisor, banso, environment
from banso.config import env
from banso.core.postgres import attach, check_outside, stay_attached
from banso.lib.processes import is_alive
from banso.lib.spoken import say as _
from banso.lib.trouble import TroubleInWords

LEFT_BEHIND_SECONDS = 5.0


@click.command(help=_("Start everything: PostgreSQL, pages and jobs. Stop it with Ctrl-C."))
@click.option("--host", default=HOST, show_default=True, help=_("Address to listen on."))
@click.option("--port", default=PORT, show_default=True, help=_("Port to listen on."))
def up(*, host: str, port: int) -> None:
    wait_until_free(host, port)
    start_database()
    bring_up_to_date()
    serve(host=host, port=port, when_ready=_say_where)


def wait_until_free(host: str, port: int) -> None:
    """As check_free; but the pages of an `up` that was killed get a moment to end."""
    end = time.monotonic() + (LEFT_BEHIND_SECONDS if _was_killed() else 0)
    while True:
        try:
            return check_free(host, port)
        except TroubleInWords:
            if time.monotonic() >= end:
                raise
        time.sleep(0.05)


def start_database() -> None:
    """PostgreSQL answers for as long as this process lives. Raises TroubleInWords.

    The environment is left as it is: children attach to the private server themselves, so
    that it stays up while any of them lives.
    """
    if uses_private_server():
        attach(env.data_folder())
        stay_attached(env.data_folder())
    else:
        check_outside(os.environ["DATABASE_URL"])


def bring_up_to_date() -> None:
    """The tables are at this version, or this process ends (the reason has been printed)."""
    done = subprocess.run(banso("migrate"), env=environment(), check=False)
    if done.returncode:
        sys.exit(done.returncode)


def serve(*, host: str, port: int, when_ready: Callable[[str], None]) -> None:
    """Pages and jobs run until SIGTERM or Ctrl-C; `when_ready(url)` once the port answers."""
    os.environ["BANSO_PORT"] = str(port)  # links and passkeys are for the port that is served
    children = [
        Child("web", banso("web", f"--host={host}", f"--port={port}")),
        Child("worker", banso("worker")),
    ]
    address = url(host, port)
    state = _state()
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text(json.dumps({"pid": os.getpid(), "url": address}))
    try:
        Supervisor(
            children,
            is_ready=lambda: _answers(host, port),
            when_ready=lambda: when_ready(address),
        ).run()
    finally:
        state.unlink(missing_ok=True)


def _state() -> Path:
    """Who runs here and where; there while `up` runs, and after it was killed."""
    return env.data_folder() / "up.json"


def _was_killed() -> bool:
    try:
        return not is_alive(int(json.loads(_state().read_text())["pid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _say_where(address: str) -> None:
    click.echo(_("Banso is running at %(url)s  (stop with Ctrl-C)") % {"url": address})
