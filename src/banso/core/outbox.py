"""Where jobs are queued: always on Django's own connection, so that they commit with its rows."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager


def deferrer(name: str, **options: Any) -> JobDeferrer:
    """Queues the job `name` in the caller's transaction, also inside a job.

    In a worker, the app's own connector is the worker's: what a job queued by it was there at
    once, before the job's rows were, and stayed where they were rolled back.
    """
    queueing = app.configure_task(name, **options)
    queueing.job_manager = JobManager(DjangoConnector())
    return queueing
