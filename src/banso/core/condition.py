"""How the installation is doing, as its database and disk tell: for /readyz, /metrics and doctor.

Only counts, ages and sizes; nothing of any workspace. Functions take a cursor (Django's or
psycopg's), so that they work before Django is ready.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LATE_SECONDS = 60.0  # workers tell that they live every 10 s
FULL_BYTES = 200_000_000

# Finished jobs are many: each half asks an index that does not hold them.
_QUEUES = """
SELECT queue_name, sum(waiting)::int, sum(running)::int, sum(failed)::int, min(oldest)
FROM (
    SELECT queue_name, count(*) FILTER (WHERE status = 'todo') AS waiting,
        count(*) FILTER (WHERE status = 'doing') AS running, 0 AS failed,
        min(id) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
            AS oldest
    FROM procrastinate_jobs WHERE status IN ('todo', 'doing') GROUP BY queue_name
    UNION ALL
    SELECT queue_name, 0, 0, count(*), NULL
    FROM procrastinate_jobs WHERE status = 'failed' GROUP BY queue_name
) AS halves GROUP BY queue_name ORDER BY queue_name
"""
_SINCE = """
SELECT extract(epoch FROM now() - greatest(max(event.at), max(job.scheduled_at)))
FROM procrastinate_jobs job LEFT JOIN procrastinate_events event ON event.job_id = job.id
WHERE job.id = %s
"""
_WORKERS = """
SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)),
       extract(epoch FROM now() - max(last_heartbeat))
FROM procrastinate_workers
"""
_MAILS = """
SELECT count(*) FILTER (WHERE state IN ('queued', 'sending')),
       count(*) FILTER (WHERE state = 'unsure' AND settled_at IS NULL),
       count(*) FILTER (WHERE state = 'failed' AND settled_at IS NULL)
FROM core_outgoingmail WHERE state <> 'sent'
"""
_DATABASE = """
SELECT pg_database_size(current_database()),
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
       current_setting('max_connections')::int
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs of one queue. `oldest_seconds`: how long the first that may run now has waited."""

    name: str
    waiting: int
    running: int
    failed: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Workers:
    """Workers heard of within LATE_SECONDS; `age_seconds` since the last was, None: never one."""

    alive: int
    age_seconds: float | None


@dataclass(frozen=True, slots=True)
class Mails:
    """Outgoing mails that wait, that may or may not have gone out, and that did not."""

    waiting: int
    unsure: int
    failed: int


@dataclass(frozen=True, slots=True)
class Database:
    """Bytes on the server's disk, and connections in use of those allowed."""

    size_bytes: int
    connections: int
    most_connections: int


def queues(cursor: Any) -> list[Queue]:
    """Every queue with a job that waits, runs or has failed, by name. 1 query, 1 more for each."""
    cursor.execute(_QUEUES)
    rows = cursor.fetchall()
    return [
        Queue(name, waiting, running, failed, _waited(cursor, oldest))
        for name, waiting, running, failed, oldest in rows
    ]


def workers(cursor: Any) -> Workers:
    """1 query."""
    cursor.execute(_WORKERS, [LATE_SECONDS])
    alive, age = cursor.fetchone()
    return Workers(alive, None if age is None else max(float(age), 0.0))


def mails(cursor: Any) -> Mails:
    """Of all workspaces. 1 query."""
    cursor.execute(_MAILS)
    return Mails(*cursor.fetchone())


def database(cursor: Any) -> Database:
    """1 query."""
    cursor.execute(_DATABASE)
    return Database(*cursor.fetchone())


def has_tables(cursor: Any) -> bool:
    """Whether `banso migrate` has ever made the tables. 1 query."""
    cursor.execute("SELECT to_regclass('procrastinate_workers') IS NOT NULL")
    return bool(cursor.fetchone()[0])


def disk_free(folder: Path) -> int:
    """Bytes free where `folder` is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _waited(cursor: Any, job: int | None) -> float:
    if job is None:
        return 0.0
    cursor.execute(_SINCE, [job])
    row = cursor.fetchone()
    return max(float(row[0] or 0), 0.0) if row else 0.0
