"""What those who watch over the installation are told, and who may ask."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from banso.core import condition, metrics
from banso.core.jobs import enqueue
from banso.core.models import Person, Workspace
from banso.core.views import health

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-operator"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def token(settings: object) -> Iterator[str]:
    settings.METRICS_TOKEN = TOKEN  # type: ignore[attr-defined]
    yield TOKEN


def scrape(client: Client) -> Samples:
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def figure(samples: Samples, name: str, **labels: str) -> float | None:
    return samples.get((name, frozenset(labels.items())))


def a_worker(seconds_ago: float = 1) -> None:
    at = timezone.now() - timedelta(seconds=seconds_ago)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def test_nothing_is_at_metrics_until_a_token_is_set(client: Client, alice_client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    answer = alice_client.get("/metrics", headers={"authorization": "Bearer "})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ほげ"]
)
def test_only_the_token_opens_metrics(token: str, alice_client: Client, shown: str) -> None:
    answer = alice_client.get("/metrics", headers={"authorization": shown})
    assert answer.status_code == 401 and b"banso_" not in answer.content


def test_requests_are_counted_by_view_method_and_status(
    token: str, acme: Workspace, alice_client: Client
) -> None:
    labels = {"view": "work:tasks", "method": "GET", "status": "200"}
    before = figure(scrape(alice_client), "banso_requests_total", **labels) or 0
    alice_client.get("/tasks")
    alice_client.get("/tasks")
    after = scrape(alice_client)
    assert figure(after, "banso_requests_total", **labels) == before + 2
    count = figure(after, "banso_request_seconds_count", view="work:tasks")
    assert count is not None and count >= 2


def test_made_up_addresses_and_methods_make_no_labels(token: str, client: Client) -> None:
    for number in range(5):
        client.get(f"/no-such-page-{number}")
        client.generic(f"MADE{number}", "/healthz")
    names = {dict(labels).get("view") for _name, labels in scrape(client)}
    methods = {dict(labels).get("method") for _name, labels in scrape(client)}
    assert "unknown" in names and not any("no-such" in str(name) for name in names)
    assert "other" in methods and not any("MADE" in str(one) for one in methods)


def test_figures_hold_no_name_id_or_workspace(
    token: str, acme: Workspace, alice: Person, alice_client: Client
) -> None:
    alice_client.get("/")
    enqueue("core.handle", handler="x", events=[])
    text = alice_client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content
    told = text.decode()
    assert acme.name not in told and alice.email not in told and str(acme.pk) not in told
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", told)


def test_jobs_are_told_by_queue_and_state_with_the_oldest_wait(
    token: str, acme: Workspace, client: Client
) -> None:
    enqueue("core.handle", handler="x", events=[])
    enqueue("core.handle", handler="y", events=[])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '90 seconds'")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE id ="
            " (SELECT max(id) FROM procrastinate_jobs WHERE queue_name = 'live')"
        )
    told = scrape(client)
    assert figure(told, "banso_jobs", queue="live", state="failed") == 1
    assert (figure(told, "banso_jobs", queue="live", state="waiting") or 0) >= 1
    waited = figure(told, "banso_jobs_oldest_wait_seconds", queue="live")
    assert waited is not None and 89 < waited < 120


def test_a_job_for_later_does_not_count_as_waited(acme: Workspace) -> None:
    enqueue("core.handle", handler="x", events=[])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")
        [queue] = [one for one in condition.queues(cursor) if one.name == "live"]
    assert queue.waiting >= 1 and queue.oldest_seconds == 0


def test_a_silent_worker_is_told_by_its_age(token: str, client: Client) -> None:
    assert figure(scrape(client), "banso_worker_heartbeat_age_seconds") is None
    a_worker(seconds_ago=300)
    told = scrape(client)
    assert (figure(told, "banso_worker_heartbeat_age_seconds") or 0) > 299
    assert figure(told, "banso_workers") == 0


def test_other_rooms_count_here_by_name(token: str, client: Client) -> None:
    before = figure(scrape(client), "banso_usage_messages_total", outcome="new") or 0
    metrics.INGESTED.labels("new").inc(3)
    metrics.STREAMS.inc()
    told = scrape(client)
    metrics.STREAMS.dec()
    assert figure(told, "banso_usage_messages_total", outcome="new") == before + 3
    assert (figure(told, "banso_streams_open") or 0) >= 1


def test_ready_says_each_part_and_a_late_worker_turns_nobody_away(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert answer.json()["worker"] == "late"
    a_worker()
    assert set(client.get("/readyz").json().values()) == {True, "ok"}


def test_a_full_disk_or_older_tables_are_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "FULL_BYTES", 10**18)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["disk"]) == (503, "full")
    monkeypatch.undo()
    monkeypatch.setattr(health, "_seen", [])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'work'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "behind")


def test_alive_asks_nothing_of_the_database(
    client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get("/healthz").content == b"ok"


def test_free_space_is_known_before_the_folder_is_made(tmp_path: Path) -> None:
    assert condition.disk_free(tmp_path / "not" / "yet") == condition.disk_free(tmp_path)
