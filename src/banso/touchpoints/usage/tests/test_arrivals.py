"""The page of what arrives, and the trial event for newcomers."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from banso.core.models import Workspace
from banso.core.tests.builders import drain_jobs
from banso.customers.tests.builders import a_contact, a_customer
from banso.touchpoints.usage.arrivals import KEPT, PAGE, arrivals, readable
from banso.touchpoints.usage.models import Arrival
from banso.touchpoints.usage.tests.builders import Sending, a_source, an_arrival, sent, stored
from banso.touchpoints.usage.trying import send_trial, tried
from banso.touchpoints.usage.waiting import count_waiting, waiting_visitors

LIST = "/usage/arrivals/"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_what_arrives_is_listed_newest_first_and_goes_on(acme: Workspace) -> None:
    source = a_source()
    rows = [an_arrival(source) for _ in range(PAGE + 2)]
    first = arrivals()
    assert [row.pk for row in first.rows] == [row.pk for row in rows[:1:-1]]
    assert [row.pk for row in arrivals(after=first.after).rows] == [rows[1].pk, rows[0].pk]
    assert arrivals(after=first.after).after is None


def test_one_source_or_only_refusals_can_be_asked_for(vera_client: Client) -> None:
    source, other = a_source("製品"), a_source("サイト")
    good, bad = an_arrival(source), an_arrival(other, problem="not_utf8", new=0)
    of_source = page(vera_client, f"{LIST}?source={source.pk}")
    assert f"{LIST}{good.pk}/" in of_source and f"{LIST}{bad.pk}/" not in of_source
    refused = page(vera_client, f"{LIST}?only=problems")
    assert f"{LIST}{bad.pk}/" in refused and f"{LIST}{good.pk}/" not in refused


def test_wrong_sources_and_cursors_are_told(vera_client: Client) -> None:
    for query, status in {
        f"source={uuid4()}": 404,
        "source=x": 404,
        "after=x": 422,
        "after=99999999999999999999": 422,
        f"after={'9' * 5000}": 422,
    }.items():
        assert vera_client.get(f"{LIST}?{query}").status_code == status, query
    assert vera_client.get(f"{LIST}99999999999999999999/").status_code == 404


def test_nothing_yet_leads_to_the_sources(vera_client: Client) -> None:
    assert "/settings/sources/" in page(vera_client, LIST)
    source = a_source()
    assert f"/settings/sources/{source.pk}/" in page(vera_client, f"{LIST}?source={source.pk}")


def test_a_body_is_shown_with_indents_and_runs_nothing(vera_client: Client) -> None:
    arrival = an_arrival(body='{"event":"<script>alert(1)</script>","件":1}')
    shown = page(vera_client, f"{LIST}{arrival.pk}/")
    assert "<script>alert" not in shown
    assert "{\n  &quot;event&quot;: &quot;&lt;script&gt;alert(1)&lt;/script&gt;&quot;" in shown


def test_a_body_that_was_cut_says_so(acme: Workspace) -> None:
    long = '{"a": "' + "あ" * KEPT
    kept = long.encode()[:KEPT].decode(errors="replace")
    assert readable(kept) == (kept, True)
    assert readable('{"a": ') == ('{"a": ', False)
    assert readable('{"a":"あ"}') == ('{\n  "a": "あ"\n}', False)


def test_a_refused_request_says_what_is_wrong_in_words(vera_client: Client) -> None:
    sending = Sending()
    assert sending.post("track", b'{"event" ').status_code == 400
    arrival = Arrival.objects.get()
    shown = page(vera_client, f"{LIST}{arrival.pk}/")
    assert "not_json" not in shown and "JSON" in shown


def test_write_keys_are_not_among_the_bodies(acme: Workspace) -> None:
    sending = Sending()
    sending.ok("batch", {"batch": [sent()], "writeKey": sending.key})
    sending.post("batch", {"batch": [{}], "writeKey": sending.key})
    bodies = list(Arrival.objects.values_list("body", flat=True))
    assert len(bodies) == 2 and all(body.count("bwk_") == 1 for body in bodies)
    assert not any(sending.key in body for body in bodies)


def try_it(client: Client, source: Any, company: str, message_id: str) -> str:
    facts = {"company": company, "message_id": message_id}
    answer = client.post(f"/settings/sources/{source.pk}/trial/", facts)
    assert answer.status_code == 302, answer.content.decode()[:500]
    return page(client, answer.headers["Location"])


def test_a_trial_event_goes_where_any_event_would(alice_client: Client) -> None:
    source, customer = a_source(), a_customer(external_id="C-1", name="試し商会")
    shown = try_it(alice_client, source, "C-1", "m-1")
    assert "届きました" in shown and "試し商会" in shown
    drain_jobs()
    assert [row[0] for row in stored()] == [customer.pk]
    assert "重複" in try_it(alice_client, source, "C-1", "m-1")
    assert len(stored()) == 1
    assert "照合待ち" in try_it(alice_client, source, "C-2", "m-2")
    assert "照合待ち" in try_it(alice_client, source, "", "m-3")
    assert {row[0] for row in stored()} == {customer.pk, None} and len(stored()) == 3


def test_a_trial_event_is_told_by_its_own_arrival(acme: Workspace) -> None:
    """On a busy source other requests come in between: they are not what was tried."""
    sending = Sending()
    first = send_trial(sending.source.pk, company="C-1", message_id="m-1")
    later = an_arrival(sending.source, kind="track", pk=first + 1000)
    second = send_trial(sending.source.pk, company="C-1", message_id="m-2")
    assert first < second < later.pk
    told = [tried(sending.source.pk, one) for one in (first, second)]
    assert [one.message_id for one in told if one] == ["m-1", "m-2"]


def test_a_trial_event_needs_a_living_source_and_an_id(alice_client: Client) -> None:
    source = a_source()
    path = f"/settings/sources/{source.pk}/trial/"
    assert alice_client.post(path, {"company": "C-1"}).status_code == 422
    type(source).objects.update(ended_at=timezone.now() - timedelta(days=1))
    assert alice_client.post(path, {"message_id": "m-1"}).status_code == 422
    assert stored() == []


def test_only_trials_of_the_source_are_told(alice_client: Client) -> None:
    source = a_source()
    other = an_arrival(source, body='{"event": "Banso trial-like"}')
    for asked in (other.pk, 10**30, "x", 0):
        page(alice_client, f"/settings/sources/{source.pk}/?tried={asked}")


def test_the_first_event_of_a_known_company_does_not_wait(alice_client: Client) -> None:
    """Whose the company is turns out a moment after the event: what arrives says so, too."""
    source = a_source()
    a_customer(external_id="C-1")
    send_trial(source.pk, company="C-1", message_id="m-1")
    drain_jobs()
    assert Arrival.objects.get().waiting == 0
    assert "照合待ち</span>" not in page(alice_client, f"{LIST}?source={source.pk}")
    assert waiting_visitors().rows == [] and count_waiting() == (0, 0)
    send_trial(source.pk, company="C-2", message_id="m-2")
    assert Arrival.objects.get(body__contains="m-2").waiting == 1
    (row,) = waiting_visitors().rows  # of whom an event does wait now
    assert row.events == 1


def test_of_a_batch_only_what_is_nobodys_waits(acme: Workspace) -> None:
    sending, contact = Sending(), a_contact(email="mio@acme.example")
    a_customer(external_id="C-1")
    named, nobodys = {"context": {"groupId": "C-1"}}, {"context": {"groupId": "C-9"}}
    batch = [
        sent(user="u1", **named),
        sent(user="u1", **named),
        sent(user="u2"),
        sent(user="u3", **nobodys),
        sent(user=contact.email),
        sent(user=contact.email, **nobodys),
        {"type": "group", "userId": "u4", "groupId": "C-1", "messageId": "g-1"},
        sent(user="u4"),
    ]
    sending.ok("batch", {"batch": batch})
    first = Arrival.objects.get()
    assert (first.new, first.waiting) == (8, 2)
    drain_jobs()
    assert len([row for row in stored() if row[0] is None]) == 2
    sending.ok("batch", {"batch": [sent(user="u5", **named), sent(user="u6", **nobodys)]})
    assert Arrival.objects.exclude(pk=first.pk).get().waiting == 1


def test_people_who_only_say_who_they_are_are_listed(acme: Workspace) -> None:
    Sending().ok("identify", {"userId": "u1", "traits": {"name": "澪"}, "messageId": "i-1"})
    drain_jobs()
    assert [row.one.key for row in waiting_visitors().rows] == ["u1"]
