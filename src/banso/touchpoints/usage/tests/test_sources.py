"""Sources: their pages, their keys, and whether they still send."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from banso.core.models import Person, Workspace
from banso.core.tests.builders import fresh
from banso.touchpoints.usage import services, write_keys
from banso.touchpoints.usage.arrivals import KEPT_REQUESTS, Pulse, pulse, source_row, source_rows
from banso.touchpoints.usage.models import Arrival, Source
from banso.touchpoints.usage.snippets import snippets
from banso.touchpoints.usage.tests.builders import Sending, a_source, an_arrival, sent

KEY = re.compile(r"bwk_[\w-]{20,}")
LIST = "/settings/sources/"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def make(client: Client, name: str = "製品サーバー", kind: str = "server") -> Any:
    return client.post(f"{LIST}make/", {"name": name, "kind": kind})


def test_a_new_source_shows_its_key_once_and_in_every_program(alice_client: Client) -> None:
    made = make(alice_client)
    source = Source.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"{LIST}{source.pk}/")
    other = a_source("ほかの接続元")
    assert not KEY.search(page(alice_client, f"{LIST}{other.pk}/"))
    answer = alice_client.get(made["Location"])
    keys = set(KEY.findall(answer.content.decode()))
    assert len(keys) == 1 and answer.headers["Cache-Control"].count("no-store")
    key = keys.pop()
    assert all(key in one.text for one in snippets("https://b.example", key))
    again = page(alice_client, f"{LIST}{source.pk}/")
    assert key not in again and "YOUR_WRITE_KEY" in again and source.key_prefix in again


def test_a_program_that_nobody_named_or_of_no_kind_gets_no_key(alice_client: Client) -> None:
    assert make(alice_client, name=" ").status_code == 422
    assert make(alice_client, kind="toaster").status_code == 422
    assert not Source.objects.exists()


def test_without_sources_the_list_says_how_to_begin(alice_client: Client) -> None:
    assert f"{LIST}make/" in page(alice_client, LIST)


def test_others_see_sources_but_cannot_change_them(vera_client: Client, bob_client: Client) -> None:
    source = a_source("製品")
    assert "製品" in page(vera_client, LIST) and f"{LIST}make/" not in page(vera_client, LIST)
    for path in ("make/", f"{source.pk}/key/", f"{source.pk}/end/", f"{source.pk}/trial/"):
        assert bob_client.post(f"{LIST}{path}", {"name": "x"}).status_code == 403
    assert Source.objects.get() == source and fresh(source).ended_at is None


def test_after_a_change_of_keys_both_work_until_the_time_is_over(alice_client: Client) -> None:
    sending = Sending()
    facts = {"overlap_hours": "72", "key": sending.source.key_prefix}
    answer = alice_client.post(f"{LIST}{sending.source.pk}/key/", facts, follow=True)
    new = KEY.findall(answer.content.decode())[0]
    assert sending.post("track", sent()).status_code == 200
    assert sending.post("track", sent(), key=new).status_code == 200
    assert "1つ前のキー" in page(alice_client, f"{LIST}{sending.source.pk}/")
    Source.objects.update(previous_until=timezone.now())
    write_keys.look_up_again()
    assert sending.post("track", sent()).status_code == 401
    assert sending.post("track", sent(), key=new).status_code == 200


def test_the_same_change_sent_twice_changes_the_key_once(alice_client: Client) -> None:
    source = a_source()
    facts = {"overlap_hours": "24", "key": source.key_prefix}
    assert alice_client.post(f"{LIST}{source.pk}/key/", facts).status_code == 302
    changed = fresh(source)
    assert alice_client.post(f"{LIST}{source.pk}/key/", facts).status_code == 422
    assert fresh(source).key_hash == changed.key_hash
    assert fresh(source).previous_hash == source.key_hash


def test_a_source_whose_trial_has_no_possible_id_is_shown_without_it(
    alice_client: Client,
) -> None:
    path = f"{LIST}{a_source().pk}/"
    for odd in ("9" * 5000, "9" * 19, "-1", "１"):
        page(alice_client, f"{path}?tried={odd}")


def test_an_ended_source_is_told_what_will_happen_first_and_then_takes_nothing(
    alice_client: Client,
) -> None:
    sending = Sending()
    path = f"{LIST}{sending.source.pk}/end/"
    page(alice_client, path)
    assert fresh(sending.source).ended_at is None
    assert alice_client.post(path).status_code == 302
    assert sending.post("track", sent()).status_code == 401
    shown = page(alice_client, f"{LIST}{sending.source.pk}/")
    assert "data-program" not in shown and "trial" not in shown


MONDAY = datetime(2026, 11, 16, 3, tzinfo=UTC)


def weekend(day: Any) -> bool:
    return bool(day.weekday() >= 5)


@pytest.mark.parametrize(
    ("silent_from", "now", "expected"),
    [
        (MONDAY, MONDAY + timedelta(hours=23), Pulse.ARRIVING),
        (MONDAY, MONDAY + timedelta(hours=24), Pulse.STOPPED),
        (MONDAY - timedelta(days=3), MONDAY - timedelta(hours=1), Pulse.ARRIVING),  # a weekend
        (MONDAY - timedelta(days=3), MONDAY, Pulse.STOPPED),
        (MONDAY - timedelta(days=300), MONDAY, Pulse.STOPPED),
    ],
)
def test_a_source_that_sent_for_days_has_stopped_after_24_hours_without_days_off(
    acme: Workspace, silent_from: datetime, now: datetime, expected: Pulse
) -> None:
    source = Source(created_at=silent_from - timedelta(days=3), last_seen_at=silent_from)
    assert pulse(source, now, weekend) is expected


def test_a_source_tried_once_is_quiet_and_not_stopped(acme: Workspace) -> None:
    source = Source(created_at=MONDAY, last_seen_at=MONDAY + timedelta(hours=1))
    assert pulse(source, MONDAY + timedelta(days=4), weekend) is Pulse.QUIET
    assert pulse(Source(created_at=MONDAY), MONDAY, weekend) is Pulse.NEVER


def test_the_list_counts_the_day_of_each_source(acme: Workspace) -> None:
    source, other = a_source("あ"), a_source("い")
    an_arrival(source, new=40, count=40)
    an_arrival(source, new=0, count=0, problem="not_json", params={"why": "x"})
    an_arrival(source, at=timezone.now() - timedelta(days=2), new=7)
    first, second = source_rows()
    assert (first.source, first.events, first.problems) == (source, 40, 1)
    assert (second.source, second.events, second.problems) == (other, 0, 0)


def test_counts_of_a_busy_source_are_at_least_what_is_kept(acme: Workspace) -> None:
    source = a_source()
    Arrival.objects.bulk_create([Arrival(source=source, kind="track", new=1)] * KEPT_REQUESTS)
    assert source_row(source.pk).at_least and source_row(source.pk).events == KEPT_REQUESTS


def test_programs_speak_of_sources_over_the_api(acme: Workspace, alice_client: Client) -> None:
    made = alice_client.post(
        "/api/v1/sources", {"name": "製品", "kind": "browser"}, content_type="application/json"
    )
    assert made.status_code == 201 and KEY.fullmatch(made.json()["write_key"])
    path = f"/api/v1/sources/{made.json()['source']['id']}"
    listed = alice_client.get("/api/v1/sources").json()
    assert [(one["name"], one["pulse"], one["events_today"]) for one in listed] == [
        ("製品", "never", 0)
    ]
    turned = alice_client.post(f"{path}/key", {"overlap_hours": 0}, content_type="application/json")
    assert turned.status_code == 201 and turned.json()["write_key"] != made.json()["write_key"]
    assert turned.json()["source"]["previous_until"] is None
    assert alice_client.put(f"{path}/ended").json()["ended_at"]
    assert alice_client.get(path).json()["pulse"] == "ended"


def test_another_workspaces_source_is_not_there(charlie_client: Client, alice: Person) -> None:
    source, _key = services.make_source("製品", kind="server", by=alice)
    assert charlie_client.get(f"{LIST}{source.pk}/").status_code == 404
    assert charlie_client.get(f"/api/v1/sources/{source.pk}").status_code == 404


def test_write_keys_lie_as_hashes(acme: Workspace, alice: Person) -> None:
    source, first = services.make_source("製品", kind="server", by=alice)
    second = services.rotate_key(source.pk, overlap_hours=1, by=alice)
    kept = Source.objects.values().get()
    assert (kept["key_prefix"], len(kept["key_hash"])) == (second[:8], 64)
    assert not any(key[8:] in str(kept) for key in (first, second))
