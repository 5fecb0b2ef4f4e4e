"""For those who watch over the installation: alive, ready, and its figures."""

from secrets import compare_digest

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from banso.core import clock, condition
from banso.core.access import public
from banso.core.errors import DATABASE_AWAY
from banso.core.metrics import REGISTRY

# What pages cannot do without; the rest is told, and turns nobody away.
NEEDED = ("database", "migrations", "disk", "clock")


@public("Supervisors ask whether this process is alive.")
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while this process answers, whatever became of the database: restarting would not help."""
    return HttpResponse("ok", content_type="text/plain")


@public("Proxies ask whether this process may be sent people; it says words, no figures.")
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while pages can work, 503 otherwise, with the state of each part. 3 queries."""
    parts = {"disk": _disk(), "clock": _clock(), **_parts_of_database()}
    is_ready = all(parts[name] == "ok" for name in NEEDED)
    answer = JsonResponse({"ready": is_ready, **parts}, status=200 if is_ready else 503)
    answer["Cache-Control"] = "no-store"
    return answer


@public("Prometheus shows the token of BANSO_METRICS_TOKEN; without that setting nothing is here.")
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' own format."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not compare_digest(
        token.encode(), settings.METRICS_TOKEN.encode()
    ):
        wrong = HttpResponse("token needed", status=401, content_type="text/plain")
        wrong["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return wrong
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _parts_of_database() -> dict[str, str]:
    try:
        migrations = "ok" if _is_migrated() else "behind"
        worker = _worker() if migrations == "ok" else "unknown"
    except DATABASE_AWAY:
        return {"database": "away", "migrations": "unknown", "worker": "unknown"}
    return {"database": "ok", "migrations": migrations, "worker": worker}


def _worker() -> str:
    with connection.cursor() as cursor:
        return "ok" if condition.workers(cursor).alive else "late"


def _disk() -> str:
    return "ok" if condition.disk_free(settings.DATA) >= condition.FULL_BYTES else "full"


def _clock() -> str:
    return "wrong" if clock.is_wrong() else "ok"


def _is_migrated() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return _all_applied()


def _all_applied() -> bool:
    """Whether the tables are at this version. Once they are, this process need not ask again."""
    if not _seen:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _seen.append(True)
    return True


_seen: list[bool] = []
