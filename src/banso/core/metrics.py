"""Figures for Prometheus: what this web process counts, and what the database tells of all.

Others count here by name: `metrics.STREAMS.inc()`, `metrics.INGESTED.labels("new").inc(n)`.
Labels are few and ours (views, methods, statuses, queues): never a name, an id or a workspace.
"""

import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from banso import __version__
from banso.core import condition
from banso.core.errors import DATABASE_AWAY

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10)

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
Gauge("banso_info", "The version that runs here.", ["version"], registry=REGISTRY).labels(
    __version__
).set(1)
REQUESTS = Counter(
    "banso_requests",
    "Requests answered by this process.",
    ["view", "method", "status"],
    registry=REGISTRY,
)
DURATION = Histogram(
    "banso_request_seconds",
    "Seconds from a request's last byte to its whole answer.",
    ["view"],
    buckets=SECONDS,
    registry=REGISTRY,
)
STREAMS = Gauge("banso_streams_open", "Live streams open on this process.", registry=REGISTRY)
INGESTED = Counter(
    "banso_usage_messages",
    "Usage messages that came to this process, by what became of them: new (of which waiting are"
    " nobody's yet) or duplicate; refused counts whole requests.",
    ["outcome"],
    registry=REGISTRY,
)


class CountRequests:
    """Counts every request and its time. The first layer, so that it sees every answer."""

    def __init__(self, next_layer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.next_layer = next_layer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        answer = self.next_layer(request)
        view = view_name(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, str(answer.status_code)).inc()
        DURATION.labels(view).observe(time.perf_counter() - begun)
        return answer


def view_name(request: HttpRequest) -> str:
    """The view by its name in the URL list, so that no address with an id becomes a label."""
    found = request.resolver_match
    if found is not None:
        return found.view_name or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "unknown"


class Installation(Collector):
    """What all processes share, asked of the database at each scrape (5 queries and 1 a queue).

    While the database is away, `banso_database_up` is 0 and the rest is missing.
    """

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing to ask before the first scrape."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        free = condition.disk_free(settings.DATA)
        yield _figure("banso_disk_free_bytes", "Free where the data folder is.", free)
        try:
            families = _told_by_database()
        except DATABASE_AWAY:
            yield _figure("banso_database_up", "1 while the database answers.", 0)
            return
        yield from families


REGISTRY.register(Installation())


def _told_by_database() -> list[GaugeMetricFamily]:
    with connection.cursor() as cursor:
        database, workers = condition.database(cursor), condition.workers(cursor)
        queues = condition.queues(cursor)
    age = _figure("banso_worker_heartbeat_age_seconds", "Since any worker was last heard of.")
    if workers.age_seconds is not None:
        age.add_metric([], workers.age_seconds)
    return [
        _figure("banso_database_up", "1 while the database answers.", 1),
        _figure("banso_database_size_bytes", "Size of the database.", database.size_bytes),
        _figure("banso_database_connections", "Connections in use.", database.connections),
        _figure(
            "banso_database_connections_max", "Connections allowed.", database.most_connections
        ),
        _figure("banso_workers", "Workers heard of in the last minute.", workers.alive),
        age,
        *_jobs(queues),
    ]


def _jobs(queues: list[condition.Queue]) -> list[GaugeMetricFamily]:
    jobs = GaugeMetricFamily("banso_jobs", "Jobs by queue and state.", labels=["queue", "state"])
    oldest = GaugeMetricFamily(
        "banso_jobs_oldest_wait_seconds",
        "How long the first job that may run now has waited.",
        labels=["queue"],
    )
    for queue in queues:
        jobs.add_metric([queue.name, "waiting"], queue.waiting)
        jobs.add_metric([queue.name, "running"], queue.running)
        jobs.add_metric([queue.name, "failed"], queue.failed)
        oldest.add_metric([queue.name], queue.oldest_seconds)
    return [jobs, oldest]


def _figure(name: str, words: str, value: float | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
