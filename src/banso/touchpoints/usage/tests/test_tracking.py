"""The tracking API, as the clients of Segment use it."""

import base64
import gzip
import json
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from banso.core import sql
from banso.core.addresses import network_of
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import drain_jobs, events
from banso.customers.tests.builders import a_customer
from banso.touchpoints.usage import services, write_keys
from banso.touchpoints.usage.models import Account, Arrival, DailyUsage, Visitor
from banso.touchpoints.usage.tests.builders import Sending, sent, stored
from banso.touchpoints.usage.tracking import doors
from banso.touchpoints.usage.tracking.doors import STRANGERS_A_SECOND
from banso.touchpoints.usage.tracking.rates import SECONDS, Buckets
from banso.touchpoints.usage.wire import bodies
from banso.touchpoints.usage.wire.refusals import NotTaken

ABOVE = [up / "shared" / "data" / "segment" for up in Path(__file__).resolve().parents[6:]]
SEGMENT = next((place for place in ABOVE if place.is_dir()), ABOVE[0])
needs_segment = pytest.mark.skipif(not SEGMENT.is_dir(), reason="../shared/data is not here")


@pytest.fixture
def product(acme: Workspace) -> Sending:
    return Sending()


def spec_messages() -> list[dict[str, Any]]:
    lines = (SEGMENT / "spec_messages.jsonl").read_text().splitlines()
    return [json.loads(line)["message"] for line in lines]


def properties() -> list[Any]:
    found = sql.rows(
        "SELECT properties FROM usage_event WHERE workspace_id = %(workspace)s ORDER BY message_id"
    )
    return [json.loads(one) if one else one for (one,) in found]


def test_an_event_of_a_known_account_is_the_customers(product: Sending) -> None:
    customer = a_customer(external_id="C-1")
    product.ok("track", sent(context={"groupId": "C-1"}))
    drain_jobs()
    assert [row[:3] for row in stored()] == [(customer.pk, "u1", "report")]
    rollup = DailyUsage.objects.get()
    assert (rollup.customer_id, rollup.events, rollup.person_key) == (customer.pk, 1, "u1")
    assert [event.customer_id for event in events("usage.usage_begun")] == [customer.pk]
    product.ok("track", sent(context={"groupId": "C-1"}))
    drain_jobs()
    assert DailyUsage.objects.get().events == 2
    assert len(events("usage.usage_begun")) == 1


@needs_segment
def test_every_message_of_the_specification_is_taken_alone_and_in_a_batch_and_counts_once(
    product: Sending, other_workspace: Workspace
) -> None:
    for message in spec_messages():
        kind = message.get("type") or message["action"]
        uses = int(kind in {"track", "page", "screen"})
        for batch in (False, True):
            before = len(stored())
            message["messageId"] = f"{len(stored())}-{batch}-{id(message)}"
            body = {"batch": [message]} if batch else message
            product.ok("batch" if batch else kind, body)
            product.ok("batch" if batch else kind, body)
            assert len(stored()) - before == uses
    with open_workspace(other_workspace):
        assert stored() == []


@needs_segment
def test_a_message_without_an_id_that_comes_again_at_once_counts_once(product: Sending) -> None:
    """As it stands in the specification: the same id in several examples is the same message."""
    for message in spec_messages():
        kind = message.get("type") or message["action"]
        product.ok(kind, message)
        before = stored()
        product.ok(kind, message)
        assert stored() == before


@needs_segment
def test_blocks_that_are_not_json_are_refused_in_words_and_shown(product: Sending) -> None:
    for line in (SEGMENT / "spec_blocks_not_json.jsonl").read_text().splitlines():
        text = json.loads(line)["text"].encode()
        for kind, body in (("track", text), ("batch", b'{"batch": [' + text + b"]}")):
            answer = product.post(kind, body)
            assert answer.status_code == 400
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["code"] == "not_json"
            assert "byte" in answer.json()["detail"]
    assert stored() == []
    last = Arrival.objects.latest("id")
    assert last.problem == "not_json" and "traits" in last.body


@needs_segment
def test_bodies_of_the_official_go_client_are_taken(product: Sending) -> None:
    for path in sorted((SEGMENT / "analytics-go-fixtures").glob("*.json")):
        product.ok("batch", json.loads(path.read_bytes()))
    # All but one carry the same id, three of them in one batch: the first is kept.
    assert len(stored()) <= 2 and Arrival.objects.filter(problem="").count() == 12


def test_the_same_message_counts_once(product: Sending) -> None:
    message = sent()
    product.ok("track", message)
    product.ok("batch", {"batch": [message, message, sent()]})
    assert len(stored()) == 2
    last = Arrival.objects.latest("id")
    assert (last.count, last.new, last.duplicates, last.waiting) == (3, 1, 2, 1)


def test_a_retry_forty_days_later_counts_once_on_the_first_day(product: Sending) -> None:
    message = sent(timestamp=timezone.now().isoformat())
    product.ok("track", message)
    first = stored()
    sql.run_for_all("UPDATE usage_seen SET day = day - 40", reason="a test")
    services.keep_store()
    product.ok("batch", {"batch": [message], "sentAt": timezone.now().isoformat()})
    assert stored() == first


def test_equal_ids_in_two_workspaces_both_count(
    product: Sending, other_workspace: Workspace
) -> None:
    message = sent()
    product.ok("track", message)
    with open_workspace(other_workspace):
        other = Sending()
        other.ok("track", message)
        assert len(stored()) == 1
    assert len(stored()) == 1


def test_a_slow_clock_is_corrected_by_when_the_client_sent(product: Sending) -> None:
    """The client's clock is a year behind; the event happened two hours before it was sent."""
    now = timezone.now()
    wrong = now - timedelta(days=365)
    message = sent(timestamp=(wrong - timedelta(hours=2)).isoformat())
    product.ok("batch", {"batch": [message], "sentAt": wrong.isoformat()})
    ((at,),) = sql.rows("SELECT at FROM usage_event WHERE workspace_id = %(workspace)s")
    assert abs(at - (now - timedelta(hours=2))) < timedelta(minutes=1)


def test_a_late_event_lands_on_its_own_local_day(product: Sending) -> None:
    """One second before midnight in Tokyo, on the last day of a month, is still that month's."""
    customer = a_customer(external_id="C-1")
    message = sent(timestamp="2026-09-30T14:59:59Z", context={"groupId": "C-1"})
    after = sent(timestamp="2026-09-30T15:00:00Z", context={"groupId": "C-1"})
    now = timezone.now().isoformat()
    product.ok("batch", {"batch": [message, after], "sentAt": now})
    drain_jobs()
    days = (
        DailyUsage.objects.filter(customer=customer).order_by("day").values_list("day", flat=True)
    )
    assert [day.isoformat() for day in days] == ["2026-09-30", "2026-10-01"]


@pytest.mark.parametrize(
    "told", ["1999-12-31T23:59:59Z", "2999-01-01T00:00:00Z", -1e30, 0, 10**400]
)
def test_a_time_that_cannot_be_is_the_time_of_arrival(product: Sending, told: Any) -> None:
    product.ok("track", sent(timestamp=told))
    ((at,),) = sql.rows("SELECT at FROM usage_event WHERE workspace_id = %(workspace)s")
    assert abs(at - timezone.now()) < timedelta(minutes=1)


def test_a_clock_that_began_with_the_year_2000_is_wrong_wherever_one_is(
    product: Sending, acme: Workspace
) -> None:
    acme.zone = "Pacific/Honolulu"
    acme.save()
    with open_workspace(acme):
        product.ok("track", sent(timestamp="2000-01-01T00:00:01Z"))


def test_gzip_is_unpacked_and_a_bomb_is_not(product: Sending) -> None:
    good = gzip.compress(json.dumps({"batch": [sent()]}).encode())
    assert product.post("batch", good, content_encoding="gzip").status_code == 200
    bomb = gzip.compress(b'{"batch": [' + b" " * 50_000_000 + b"]}")
    assert product.post("batch", bomb, content_encoding="gzip").status_code == 413
    assert product.post("batch", good[:-9], content_encoding="gzip").status_code == 400
    assert product.post("batch", b"no gzip", content_encoding="gzip").status_code == 400
    assert product.post("batch", b"{}", content_encoding="br").status_code == 415
    assert len(stored()) == 1


def test_limits_are_those_of_segment(product: Sending) -> None:
    large = sent(properties={"text": "x" * 33_000})
    answer = product.post("batch", {"batch": [sent(), large]})
    assert (answer.status_code, answer.json()["where"]) == (413, "$.batch[1]")
    assert product.post("batch", {"batch": [sent()] * 2501}).status_code == 413
    assert product.post("batch", {"batch": [], "x": "x" * 530_000}).status_code == 413
    assert product.post("track", sent(properties={"text": "x" * 31_000})).status_code == 200
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("track", b"", "not_json"),
        ("track", b"[]", "wrong_form"),
        ("batch", b'{"batch": 5}', "wrong_form"),
        ("batch", b"{}", "wrong_form"),
        ("batch", b'{"batch": [{"userId": "u"}]}', "type_missing"),
        ("batch", b'{"batch": [{"type": "import"}]}', "type_unknown"),
        ("track", b'{"userId": "u"}', "event_missing"),
        ("group", b'{"userId": "u"}', "group_missing"),
        ("identify", b'{"userId": "u", "traits": [1]}', "wrong_form"),
        ("track", b'{"event": {"a": 1}}', "wrong_form"),
        ("track", b'{"event": "e", "timestamp": "gestern"}', "wrong_form"),
        ("track", b'{"event": "\xff"}', "not_utf8"),
        ("track", b'{"event": "e", "properties": ' + b"[" * 9000 + b"]" * 9000 + b"}", "too_deep"),
        (
            "identify",
            b'{"userId": "u", "traits": {"a": ' + b"[" * 700 + b"]" * 700 + b"}}",
            "too_deep",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(
    product: Sending, kind: str, body: bytes, code: str
) -> None:
    answer = product.post(kind, body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["detail"] == answer.json()["message"]
    assert Arrival.objects.get().problem == code
    assert stored() == []


def test_what_no_column_holds_is_left_out(product: Sending) -> None:
    body = (
        b'{"event": "a\\u0000b\\u001f\\ud83d", "userId": "u\\u0000", "messageId": "m\\u001f\\u0000",'
        b' "properties": {"k\\u0000": "v\\u0000\\ud800", "n": 1e99999, "id": "4e123", "x": "\\\\ud800"}}'
    )
    assert product.post("track", body).status_code == 200
    ((_customer, person, feature, _day, _account),) = stored()
    assert (person, feature) == ("u", "ab�")
    (kept,) = properties()
    assert kept == {"k": "v�", "n": None, "id": "4e123", "x": "\\ud800"}


@pytest.mark.parametrize("nothing", ["\x00", "\x1f", "\x00\x1f\x00"])
def test_an_id_of_which_nothing_can_be_kept_is_none(product: Sending, nothing: str) -> None:
    for user in ("u", "v", "v"):
        one = {"userId": user, "event": "e", "messageId": nothing}
        assert product.post("track", one).status_code == 200
    assert {row[1] for row in stored()} == {"u", "v"} and len(stored()) == 2


def test_names_longer_than_a_column_stay_apart(product: Sending) -> None:
    product.ok("track", sent("x" * 500 + "1", user="y" * 500))
    product.ok("track", sent("x" * 500 + "2", user="y" * 500))
    assert len({row[2] for row in stored()}) == 2
    assert {len(row[2]) for row in stored()} == {120}


def test_the_browser_sends_its_key_in_the_body_and_asks_before(product: Sending) -> None:
    client = Client()
    asked = client.options("/v1/t", headers={"origin": "https://product.example"})
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in asked["Access-Control-Allow-Headers"]
    body = json.dumps({**sent(), "writeKey": product.key})
    answer = client.post("/v1/t", body, content_type="text/plain")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
    batch = json.dumps({"writeKey": product.key, "batch": [sent()]})
    assert client.post("/v1/b", batch, content_type="text/plain").status_code == 200
    assert len(stored()) == 2


def test_a_key_that_is_unknown_or_ended_opens_nothing(product: Sending) -> None:
    for wrong in ("bwk_wrong", "\x00", "ü"):
        answer = product.post("track", sent(), key=wrong)
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")
    bare = Client().post("/v1/track", sent(), "application/json")
    for none in (product.post("track", sent(), key=""), bare):
        assert (none.status_code, none.json()["code"]) == (401, "no_key")
    broken = {"authorization": "Basic %%%"}
    assert Client().post("/v1/track", sent(), "application/json", headers=broken).status_code == 401
    services.end_source(product.source.pk, by=None)
    assert product.post("track", sent()).status_code == 401
    assert stored() == []


def test_a_key_on_its_way_out_works_until_its_hour(product: Sending) -> None:
    new = services.rotate_key(product.source.pk, overlap_hours=1, by=None)
    assert product.post("track", sent()).status_code == 200
    assert product.post("track", sent(), key=new).status_code == 200
    product.source.refresh_from_db()
    product.source.previous_until = timezone.now() - timedelta(seconds=1)
    product.source.save()
    write_keys.look_up_again()
    assert product.post("track", sent()).status_code == 401
    assert product.post("track", sent(), key=new).status_code == 200


def test_another_method_is_told_which_to_use(product: Sending) -> None:
    answer = Client().get("/v1/track")
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")


def test_people_and_accounts_are_remembered(product: Sending) -> None:
    product.ok("identify", {"userId": "u1", "traits": {"name": "山田", "email": "Y@x.example"}})
    product.ok("group", {"userId": "u1", "groupId": "g1", "traits": {"name": "山田商店"}})
    visitor, account = Visitor.objects.get(), Account.objects.get()
    assert (visitor.key, visitor.name, visitor.email) == ("u1", "山田", "y@x.example")
    assert (account.key, account.name) == ("g1", "山田商店")
    assert stored() == []


def test_a_partition_that_is_gone_is_made_again(product: Sending) -> None:
    first = sent()
    for kind, body in (("track", sent()), ("batch", {"batch": [sent(), first]})):
        product.ok("track", first)
        sql.run_for_all(f"DROP TABLE usage_event_{timezone.now():%Y%m}", reason="a test")
        product.ok(kind, body)
        assert len(stored()) == 1


def test_the_key_may_come_by_basic_authentication_only(product: Sending) -> None:
    basic = base64.b64encode(product.key.encode()).decode()  # no colon
    answer = Client().post(
        "/v1/track", sent(), "application/json", headers={"authorization": f"Bearer {basic}"}
    )
    assert answer.status_code == 401


def test_an_address_that_tries_many_unknown_keys_waits_and_others_do_not(product: Sending) -> None:
    product.ok("track", sent())
    tried = STRANGERS_A_SECOND * SECONDS
    wrong = [product.post("track", sent(), key=f"bwk_{n}").status_code for n in range(tried)]
    assert wrong == [401] * tried
    answer = product.post("track", sent(), key="bwk_one_more")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_keys")
    assert int(answer["Retry-After"]) == 1
    product.ok("track", sent())  # from the same address, with a key that is known here
    body = json.dumps({**sent(), "writeKey": "bwk_one_more"})
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert elsewhere.post("/v1/track", body, "application/json").status_code == 401


def test_one_wrong_key_again_and_again_counts_once_and_blocks_nobody(
    product: Sending, strangers: Buckets
) -> None:
    product.ok("track", sent())
    again = {product.post("track", sent(), key="bwk_old").status_code for _ in range(30)}
    assert again == {401}
    assert strangers.wait("127.0.0.1", STRANGERS_A_SECOND * SECONDS - 10) == 0
    while strangers.wait("127.0.0.1", 1) == 0:
        pass
    assert Sending().post("track", sent()).status_code == 429  # never met, so it may be a guess
    product.ok("track", sent())


@pytest.mark.parametrize(
    ("ip", "network"),
    [("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")],
)
def test_attempts_are_counted_by_what_one_customer_of_a_network_has(ip: str, network: str) -> None:
    assert network_of(ip) == network


def test_a_source_that_sends_too_much_is_told_when_to_come_again(
    product: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = Buckets(1)
    monkeypatch.setattr(doors, "_rates", lambda: rates)
    product.ok("batch", {"batch": [sent() for _n in range(10)]})
    answer = product.post("batch", {"batch": [sent() for _n in range(10)]})
    assert (answer.status_code, len(stored())) == (429, 10)
    assert 8 <= int(answer["Retry-After"]) <= 10


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    tracemalloc.start()
    with pytest.raises(NotTaken):
        bodies.unpacked(bomb, encoding="gzip", limit=1000)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000
