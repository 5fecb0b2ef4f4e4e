"""`banso worker`: background jobs, so that bulk work never stands before a person."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from typing import Any

import click
from django.db import close_old_connections
from procrastinate.contrib.django import app

from banso.cli.database import need_django
from banso.lib.spoken import say as _

# What a person waits for; procrastinate's own queues are quick and go with it.
LIVE = ["live", "default", "builtin"]
BULK = ["bulk"]
STOP_SECONDS = 2.0
# New jobs are heard of by NOTIFY; this finds what was told while the worker was just looking, and
# what is to be tried again. procrastinate's own 5 s would be felt.
LOOKS_EVERY_SECONDS = {"live": 0.5, "bulk": 5.0}


@click.command(help=_("Work on background jobs. Live and bulk jobs never wait for each other."))
@click.option("--live", default=3, show_default=True, help=_("Live jobs at once."))
@click.option("--bulk", default=1, show_default=True, help=_("Bulk jobs at once."))
def worker(*, live: int, bulk: int) -> None:
    need_django()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector):
        asyncio.run(_work(live=live, bulk=bulk))


async def _work(*, live: int, bulk: int) -> None:
    """Both workers run until SIGTERM, or until one fails: then our supervisor starts us anew."""
    async with app.open_async():
        tasks = [
            asyncio.create_task(_worker("live", LIVE, live)),
            asyncio.create_task(_worker("bulk", BULK, bulk)),
        ]
        loop = asyncio.get_running_loop()
        for told in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(told, _cancel, tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        _cancel(tasks)
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _worker(name: str, queues: list[str], concurrency: int) -> None:
    await app.run_worker_async(
        name=name,
        queues=queues,
        concurrency=concurrency,
        fetch_job_polling_interval=LOOKS_EVERY_SECONDS[name],
        install_signal_handlers=False,
        shutdown_graceful_timeout=STOP_SECONDS,
        task_middleware=[_with_fresh_connection],
    )


def _cancel(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()


def _with_fresh_connection(run: Callable[[], Any], _context: Any, _worker: Any) -> Any:
    """A job's thread gets a live connection, and gives it back to the pool after the job."""
    close_old_connections()
    try:
        return run()
    finally:
        close_old_connections()
