"""`banso worker`: background jobs, so that bulk work never stands before a person."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable
from typing import Any

import click
from django.db import close_old_connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from banso.cli.database import need_django
from banso.core import clock
from banso.lib.spoken import say as _

# What a person waits for; procrastinate's own queues are quick and go with it.
LIVE = ["live", "default", "builtin"]
BULK = ["bulk"]
STOP_SECONDS = 2.0
LOOKS_AFTER_SECONDS = 10
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
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    async with app.open_async():
        await _wait_for_right_clock()
        workers = [_worker("live", LIVE, live), _worker("bulk", BULK, bulk)]
        tasks = [asyncio.create_task(_run(one)) for one in workers]
        tasks += [asyncio.create_task(_look_after(workers)), asyncio.create_task(_watch_clock())]
        loop = asyncio.get_running_loop()
        for told in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(told, _cancel, tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        _cancel(tasks)
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _run(one: Worker) -> None:
    await one.run()  # type: ignore[no-untyped-call]


def _worker(name: str, queues: list[str], concurrency: int) -> Worker:
    return Worker(
        app=app,
        name=name,
        queues=queues,
        concurrency=concurrency,
        fetch_job_polling_interval=LOOKS_EVERY_SECONDS[name],
        install_signal_handlers=False,
        shutdown_graceful_timeout=STOP_SECONDS,
        task_middleware=[_with_fresh_connection],
    )


async def _look_after(workers: list[Worker]) -> None:
    """Every 10 s: jobs whose worker died, or lost sight of them, run again; our clock is checked."""
    # Models, and what stands on them, may be imported only once Django is ready.
    from banso.core.jobs import Unseen, revive_stalled  # noqa: PLC0415

    unseen = Unseen(app.job_manager)
    while True:
        with contextlib.suppress(ConnectorException):  # the database is away: the next time
            await _learn_clock()
            await revive_stalled(app.job_manager)
            await unseen.revive(workers)
        await asyncio.sleep(LOOKS_AFTER_SECONDS)


async def _wait_for_right_clock() -> None:
    """Returns once our clock agrees with the database's."""
    await _learn_clock()
    while clock.is_wrong():
        click.echo(
            _("This machine's clock is wrong by %d s. No job is taken until it is right.")
            % clock.wrong_by(),
            err=True,
        )
        await asyncio.sleep(LOOKS_AFTER_SECONDS)
        await _learn_clock()


async def _watch_clock() -> None:
    """Returns, and ends this worker, within a second of a jump of our clock."""
    while not clock.is_wrong():
        await asyncio.sleep(1)


async def _learn_clock() -> None:
    asked = time.monotonic()
    row = await app.connector.execute_query_one_async(f"{clock.ASK} AS now")
    clock.learn(float(row["now"]), asked=asked)


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
