"""Segments in the browser and by the API: counted, explained, moved, proposing touch tiers."""

import json
from typing import Any

import pytest
from django.test import Client

from banso.core import api_keys
from banso.core.models import Event, Person, Workspace
from banso.core.tests.builders import TODAY, drain_jobs, events, fresh
from banso.customers import queries, services
from banso.customers.fields import fields
from banso.customers.models import BulkEdit, Customer, Segment, TierProposal
from banso.customers.services import following, set_segment_tier
from banso.customers.tests.builders import a_contract, a_customer, a_master, a_segment

API = "/api/v1/segments"
RICH = {"field": "customers.mrr", "op": "gte", "value": "100000"}


def put(client: Client, path: str, body: Any) -> Any:
    return client.put(API + path, json.dumps(body), content_type="application/json")


def a_rich_one(name: str, **given: Any) -> Customer:
    customer = a_customer(name, **given)
    a_contract(customer, amount=2_400_000)
    return customer


@pytest.fixture
def rich(acme: Workspace) -> Segment:
    """Two low touch customers and a high touch one whose MRR is large; high touch is proposed."""
    a_rich_one("甲社", tier="low"), a_rich_one("乙社", tier="low"), a_rich_one("丙社", tier="high")
    return set_segment_tier(a_segment("大口", conditions=[RICH]).pk, tier="high", by=None)


def waiting() -> set[str]:
    rows = TierProposal.objects.filter(state="open").select_related("customer")
    return {one.customer.name for one in rows}


def test_the_api_counts_explains_and_tells_moves(
    rich: Segment, bob: Person, bob_client: Client
) -> None:
    [listed] = bob_client.get(API).json()
    assert listed["count"] == 3 and listed["tier"] == "high"
    one = a_customer("丁社")
    told = bob_client.get(f"{API}/{rich.pk}/customers/{one.pk}").json()
    assert told["since"] is None and told["conditions"][0]["holds"] is False
    services.follow_touched()
    a_contract(one, amount=2_400_000)
    services.follow_touched()
    told = bob_client.get(f"{API}/{rich.pk}/customers/{one.pk}").json()
    assert told["since"] and told["conditions"][0]["now"] == 200_000
    [move] = bob_client.get(f"{API}/{rich.pk}/moves").json()["items"]
    assert move["name"] == "丁社" and move["entered"] and move["changed"] == [RICH]


def test_no_door_of_a_segment_tells_a_narrow_key_who_fits_what_it_may_not_see(
    acme: Workspace, alice: Person, bob: Person
) -> None:
    shut = next(f for f in fields() if f.filterable and f.permission != "customers.read")
    one = a_customer(tier="low")
    empty = [{"field": shut.key, "op": "empty", "value": None}]
    segment = set_segment_tier(a_segment("空", conditions=empty).pk, tier="high", by=bob)
    scopes = ["customers.read", "customers.write", "customers.bulk_edit"]
    _key, secret = api_keys.make_key("x", scopes=scopes, by=alice)
    narrow = Client(headers={"authorization": f"Bearer {secret}"})
    assert [row["count"] for row in narrow.get(API).json()] == [None]
    for path in ("customers", f"customers/{one.pk}", "moves", "tier-proposals"):
        assert narrow.get(f"{API}/{segment.pk}/{path}").status_code == 422, path
    decided = put(narrow, f"/{segment.pk}/tier-proposals", {"decision": "approve"})
    assert decided.status_code == 422 and fresh(one).tier == "low"
    services.save_segment(name="全部", conditions=[], segment_id=segment.pk, by=bob)
    assert narrow.get(f"{API}/{segment.pk}/customers").status_code == 200
    for path in (f"customers/{one.pk}", "moves", "tier-proposals"):  # they tell who fitted before
        assert narrow.get(f"{API}/{segment.pk}/{path}").status_code == 422, path


def test_approved_tiers_are_set_as_a_bulk_edit_sets_them(
    rich: Segment, bob: Person, bob_client: Client
) -> None:
    assert waiting() == {"甲社", "乙社"}
    page = bob_client.get(f"/segments/{rich.pk}/proposals/")
    assert "甲社" in page.content.decode() and "丙社" not in page.content.decode()
    chosen = TierProposal.objects.get(customer__name="甲社")
    decide = f"/segments/{rich.pk}/proposals/decide/"
    bob_client.post(decide, {"id": str(chosen.pk), "decision": "approve"})
    assert Customer.objects.get(name="甲社").tier == "high" and waiting() == {"乙社"}
    [told] = events("customers.customer_updated")
    assert told.by == bob.pk and told.facts["fields"] == ["tier"]
    assert BulkEdit.objects.get().can_be_undone and fresh(chosen).decided_by == bob
    bob_client.post(decide, {"all": "1", "decision": "refuse"})
    assert Customer.objects.get(name="乙社").tier == "low" and waiting() == set()
    assert len(events("customers.tier_refused")) == 1


@pytest.mark.parametrize("given", [{}, {"decision": ""}, {"decision": "maybe"}])
def test_without_a_decision_nothing_is_decided_and_that_is_said(
    rich: Segment, bob_client: Client, given: dict[str, str]
) -> None:
    chosen = TierProposal.objects.get(customer__name="甲社")
    decide = f"/segments/{rich.pk}/proposals/decide/"
    for which in ({"all": "1"}, {"id": str(chosen.pk)}):
        answer = bob_client.post(decide, {**which, **given})
        assert answer.status_code == 422 and "承認か却下か" in answer.content.decode()
    assert waiting() == {"甲社", "乙社"} and not events("customers.tier_refused")


def test_who_was_refused_is_asked_again_only_after_leaving(
    rich: Segment, bob: Person, bob_client: Client
) -> None:
    assert put(bob_client, f"/{rich.pk}/tier-proposals", {"decision": "refuse"}).json() == {
        "decided": 2
    }
    services.retest_everybody()
    assert waiting() == set()
    contract = Customer.objects.get(name="甲社").contracts.get()
    services.end_contract(contract.pk, effective_on=TODAY, by=bob)
    services.follow_touched()
    a_contract(Customer.objects.get(name="甲社"), amount=2_400_000)
    services.follow_touched()
    assert waiting() == {"甲社"}


def test_a_proposal_lapses_when_it_is_true_no_more(rich: Segment, bob: Person) -> None:
    one, other = (Customer.objects.get(name=name) for name in ("甲社", "乙社"))
    services.update_customer(one.pk, changes={"tier": "high"}, by=bob)
    services.bin_customer(other.pk, by=bob)
    services.follow_touched()
    assert waiting() == set()
    services.restore_customer(other.pk, by=bob)
    services.follow_touched()
    assert waiting() == {"乙社"}
    set_segment_tier(rich.pk, tier="", by=bob)
    assert waiting() == set()


def test_a_large_segment_proposes_in_a_job_and_nobody_approves_what_it_proposed_before(
    rich: Segment, bob: Person, bob_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "FEW", 2)
    monkeypatch.setattr(following, "AT_ONCE", 2)
    set_segment_tier(rich.pk, tier="tech", by=bob)
    assert waiting() == {"甲社", "乙社"}  # as before, until the job
    row = queries.segment_row(fresh(rich), permits=frozenset({"customers.read"}))
    assert row.proposals == 0
    decided = put(bob_client, f"/{rich.pk}/tier-proposals", {"decision": "approve"}).json()
    assert decided == {"decided": 0}
    drain_jobs()
    assert waiting() == {"甲社", "乙社", "丙社"}
    assert set(TierProposal.objects.filter(state="open").values_list("tier", flat=True)) == {"tech"}


def test_no_tier_is_proposed_where_another_system_keeps_it(rich: Segment, bob: Person) -> None:
    theirs = Customer.objects.get(name="甲社")
    services.update_customer(theirs.pk, changes={"source": "crm", "source_id": "1"}, by=bob)
    a_master("crm", fields=["tier"])
    services.retest_everybody()
    assert waiting() == {"乙社"}


def test_a_tier_that_another_system_keeps_by_now_is_not_approved(
    rich: Segment, bob: Person, bob_client: Client
) -> None:
    theirs = Customer.objects.get(name="甲社")
    services.update_customer(theirs.pk, changes={"source": "crm", "source_id": "1"}, by=bob)
    a_master("crm", fields=["tier"])
    decide = f"/segments/{rich.pk}/proposals/decide/"
    bob_client.post(decide, {"all": "1", "decision": "approve"})
    tiers = dict(Customer.objects.values_list("name", "tier"))
    assert (tiers["甲社"], tiers["乙社"]) == ("low", "high") and waiting() == {"甲社"}
    refused = bob_client.post(decide, {"all": "1", "decision": "approve"})
    assert refused.status_code == 422 and "別のシステムが正" in refused.content.decode()
    assert waiting() == {"甲社"} and len(events("customers.tier_approved")) == 1


def test_pages_say_who_is_in_and_why(rich: Segment, bob_client: Client) -> None:
    one = Customer.objects.get(name="甲社")
    for path, words in {
        "/segments/": "大口",
        f"/segments/{rich.pk}/members/": "丙社",
        f"/segments/{rich.pk}/members/{one.pk}/": "¥200,000",
        f"/customers/{one.pk}/segments/": "大口",
        f"/segments/{rich.pk}/tier/": "ハイタッチ",
        "/segments/new/?f=customers.mrr:gte:100000": "3社",
    }.items():
        assert words in bob_client.get(path).content.decode(), path


def test_a_segment_whose_column_is_gone_is_told_and_opens_in_the_list(
    acme: Workspace, bob_client: Client
) -> None:
    segment = a_segment("消えた列")
    Segment.objects.filter(pk=segment.pk).update(
        conditions=[{"field": "customers.attributes.gone", "op": "is", "value": "x"}]
    )
    assert bob_client.get(f"/segments/{segment.pk}/members/").status_code == 302
    assert "消えた列" in bob_client.get("/segments/").content.decode()
    assert services.retest_everybody() == 0


def test_a_stranger_decides_nothing(rich: Segment, charlie_client: Client) -> None:
    answer = put(charlie_client, f"/{rich.pk}/tier-proposals", {"decision": "approve"})
    assert answer.status_code == 404 and waiting() == {"甲社", "乙社"}
    assert not Event.objects.filter(name="customers.tier_approved").exists()
