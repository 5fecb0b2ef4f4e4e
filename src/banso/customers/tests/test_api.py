"""REST of the customer book."""

import json
from typing import Any

import pytest
from django.test import Client

from banso.core import api_keys
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import fresh
from banso.customers.fields import fields
from banso.customers.models import Contract, Customer
from banso.customers.tests.builders import a_contract, a_customer, a_product, a_segment

API = "/api/v1"


def send(client: Client, verb: str, path: str, body: Any = None) -> Any:
    call = getattr(client, verb)
    return call(API + path, json.dumps(body), content_type="application/json")


def test_the_list_tells_money_in_major_units_and_pages_by_cursor(
    acme: Workspace, bob_client: Client
) -> None:
    a_contract(a_customer("ドル", external_id="D"), amount=120_050, currency="USD")
    a_contract(a_customer("円", external_id="Y"))
    first = bob_client.get(f"{API}/customers?sort=-customers.mrr&limit=1").json()
    (item,) = first["items"]
    assert (item["external_id"], item["mrr"], item["currency"]) == ("Y", 100_000, "JPY")
    assert item["renewal_date"] == "2026-12-01" and first["total"] == 2
    rest = bob_client.get(
        f"{API}/customers?sort=-customers.mrr&cursor={first['next_cursor']}"
    ).json()
    assert [(one["name"], one["mrr"]) for one in rest["items"]] == [("ドル", 100.04)]


def test_japanese_can_be_read_in_the_answer_itself(acme: Workspace, bob_client: Client) -> None:
    a_customer("株式会社あおぞら")
    assert "株式会社あおぞら" in bob_client.get("/api/v1/customers").content.decode()
    assert "ありません" in bob_client.get(f"/api/v1/customers/{acme.pk}").content.decode()


def test_columns_of_other_rooms_come_by_key(acme: Workspace, bob_client: Client) -> None:
    a_contract(a_customer(), seats=7)
    asked = f"{API}/customers?columns=customers.seats,customers.mrr,customers.contract_state"
    (item,) = bob_client.get(asked).json()["items"]
    assert item["values"] == {
        "customers.seats": 7,
        "customers.mrr": 100_000,
        "customers.contract_state": "active",
    }


@pytest.mark.parametrize(
    "query",
    [
        "f=customers.nope:is:1",
        "f=customers.mrr:gte:x",
        "sort=nope",
        "columns=nope",
        "cursor=nope",
        "limit=0",
        "at=2026-13-01",
        "q=" + "x" * 201,
        "at=0001-01-01&f=customers.since:past_days:36600",
    ],
)
def test_a_list_that_cannot_be_read_is_a_problem_in_words(
    acme: Workspace, bob_client: Client, query: str
) -> None:
    answer = bob_client.get(f"{API}/customers?{query}")
    assert answer.status_code == 422 and answer.json()["detail"]
    assert answer["Content-Type"] == "application/problem+json"


def test_a_customer_is_made_changed_binned_and_restored(
    acme: Workspace, alice_client: Client, bob: Person
) -> None:
    made = send(alice_client, "post", "/customers", {"name": "新しい会社", "external_id": "N-1"})
    path = f"/customers/{made.json()['id']}"
    assert made.status_code == 201
    changes = {"main_owner_id": str(bob.pk), "industry": "製造", "employees": None}
    changed = send(alice_client, "patch", path, changes)
    assert changed.json()["main_owner_id"] == str(bob.pk)
    assert alice_client.get(API + path).json()["values"]["customers.contract_state"] == "none"
    assert send(alice_client, "delete", path).status_code == 200
    assert alice_client.get(API + path).status_code == 404
    assert send(alice_client, "put", f"{path}/restored").status_code == 200
    assert Customer.objects.get().industry == "製造"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "x", "deleted_at": None}, 400),
        ({"name": "x" * 10_000}, 422),
        ({"name": "a\x00"}, 422),
        ({"name": ""}, 422),
        ({"name": "x", "tier": "giant"}, 422),
        ({"name": "x", "stage": "giant"}, 422),
        ({"name": "x", "country": "日本"}, 422),
        ({"name": "x", "domain": "これはドメインではない"}, 422),
        ({"name": "x", "currency": "ABC"}, 422),
        ({"name": "x", "since": "0001-01-01"}, 422),
        ({"name": "x", "employees": 2**40}, 422),
        ({"name": "x", "attributes": {"k": {"deep": 1}}}, 422),
        ({"name": "x", "main_owner_id": "01900000-0000-7000-8000-000000000000"}, 422),
        ({"name": "x", "parent_id": "01900000-0000-7000-8000-000000000000"}, 404),
        ([], 422),
    ],
)
def test_a_wrong_body_is_refused_and_nothing_is_written(
    acme: Workspace, bob_client: Client, body: Any, status: int
) -> None:
    assert send(bob_client, "post", "/customers", body).status_code == status
    assert not Customer.objects.exists()


def test_a_domain_is_kept_bare_and_a_wrong_one_is_named(
    acme: Workspace, bob_client: Client
) -> None:
    made = send(bob_client, "post", "/customers", {"name": "x", "domain": "https://日本語.jp/"})
    assert made.json()["domain"] == "日本語.jp"
    path = f"/customers/{made.json()['id']}"
    wrong = send(bob_client, "patch", path, {"domain": "なし"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "domain")
    assert "ドメインとして読めません" in wrong.json()["detail"]
    assert Customer.objects.get().domain == "日本語.jp"


def test_a_contract_is_signed_changed_and_ended_in_major_units(
    acme: Workspace, bob_client: Client
) -> None:
    customer, product = a_customer(), a_product()
    signed = send(
        bob_client,
        "post",
        f"/customers/{customer.pk}/contracts",
        {
            "product_id": str(product.pk),
            "start_on": "2026-01-01",
            "amount": "1200.50",
            "currency": "USD",
        },
    )
    assert signed.status_code == 201 and signed.json()["amount"] == 1200.5
    path = f"/contracts/{signed.json()['id']}/changes"
    step = {"kind": "expansion", "effective_on": "2026-03-01", "amount": 2400}
    assert send(bob_client, "post", path, step).json()["amount"] == 2400
    end = {"kind": "end", "effective_on": "2026-09-01"}
    assert send(bob_client, "post", path, end).json()["end_on"] == "2026-09-01"
    lines = bob_client.get(API + path).json()
    assert [(one["kind"], one["mrr"]) for one in lines] == [
        ("end", 0),
        ("expansion", 200),
        ("new", 100.04),
    ]
    voided = send(bob_client, "put", f"/changes/{lines[0]['id']}/voided")
    assert voided.json()["end_on"] is None
    fixed = send(bob_client, "put", f"/changes/{lines[1]['id']}/corrected", {"amount": 3600})
    assert fixed.json()["amount"] == 3600


def test_yen_have_no_fractions(acme: Workspace, bob_client: Client) -> None:
    body = {"product_id": str(a_product().pk), "start_on": "2026-01-01", "amount": 0.5}
    answer = send(bob_client, "post", f"/customers/{a_customer().pk}/contracts", body)
    assert answer.status_code == 422 and answer.json()["field"] == "amount"
    assert not Contract.objects.exists()


def test_segments_are_saved_and_opened(acme: Workspace, bob_client: Client) -> None:
    a_customer("高", tier="high")
    a_customer("低", tier="low")
    conditions = [{"field": "customers.tier", "op": "is", "value": "high"}]
    body = {"name": "ハイタッチ", "conditions": conditions}
    saved = send(bob_client, "post", "/segments", body).json()
    members = bob_client.get(f"{API}/segments/{saved['id']}/customers").json()["items"]
    assert [one["name"] for one in members] == ["高"]
    assert send(bob_client, "post", "/segments", body).json()["code"] == "taken"
    assert send(bob_client, "delete", f"/segments/{saved['id']}").status_code == 204


def test_a_segment_tells_nothing_of_columns_that_its_reader_may_not_see(
    acme: Workspace, alice: Person
) -> None:
    kinds = {"number": ("gte", "0"), "choice": ("not_empty", None), "text": ("not_empty", None)}
    shut = next(
        one for one in fields()
        if one.filterable and one.permission != "customers.read" and one.kind in kinds
    )  # fmt: skip
    condition = dict(zip(("field", "op", "value"), (shut.key, *kinds[shut.kind]), strict=True))
    _key, secret = api_keys.make_key("x", scopes=["customers.read", "customers.write"], by=alice)
    narrow = Client(headers={"authorization": f"Bearer {secret}"})
    for asked in ({"conditions": [condition]}, {"conditions": [], "sort": shut.key}):
        assert send(narrow, "post", "/segments", {"name": "x", **asked}).status_code == 422
    segment = a_segment("良い", conditions=[condition])
    assert narrow.get(f"{API}/segments/{segment.pk}/customers").status_code == 422


def test_a_cursor_of_another_workspace_is_refused(
    acme: Workspace, other_workspace: Workspace, bob_client: Client, charlie_client: Client
) -> None:
    for workspace in (acme, other_workspace):
        with open_workspace(workspace):
            a_customer("甲"), a_customer("乙")
    theirs = charlie_client.get(f"{API}/customers?limit=1").json()["next_cursor"]
    assert charlie_client.get(f"{API}/customers?limit=1&cursor={theirs}").status_code == 200
    answer = bob_client.get(f"{API}/customers?limit=1&cursor={theirs}")
    assert answer.status_code == 422 and answer.json()["code"] == "bad_cursor"


def test_a_condition_takes_only_its_three_fields(bob_client: Client) -> None:
    condition = {"field": "customers.tier", "op": "is", "value": "high", "workspace": "x"}
    answer = send(bob_client, "post", "/segments", {"name": "x", "conditions": [condition]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"].endswith("conditions.0.workspace")


def test_a_timeline_reads_in_the_callers_language(acme: Workspace, bob_client: Client) -> None:
    contract = a_contract(a_customer())
    path = f"{API}/customers/{contract.customer_id}/timeline"
    page = bob_client.get(path + "?limit=1").json()
    assert "¥100,000" in page["entries"][0]["text"]
    older = bob_client.get(path + f"?cursor={page['next_cursor']}").json()
    assert [one["name"] for one in older["entries"]] == ["customers.customer_created"]
    assert bob_client.get(path + "?cursor=rubbish").status_code == 422


def test_a_stranger_finds_nothing_and_changes_nothing(
    acme: Workspace, charlie_client: Client, vera_client: Client
) -> None:
    customer, segment = a_customer(), a_segment()
    path = f"/customers/{customer.pk}"
    assert charlie_client.get(API + path).status_code == 404
    assert send(charlie_client, "patch", path, {"name": "x"}).status_code == 404
    assert charlie_client.get(f"{API}/segments/{segment.pk}/customers").status_code == 404
    assert send(vera_client, "patch", path, {"name": "x"}).status_code == 403
    assert fresh(customer).name == customer.name


def test_every_column_tells_how_it_can_be_filtered(acme: Workspace, bob_client: Client) -> None:
    columns = {one["key"]: one for one in bob_client.get(f"{API}/columns").json()}
    assert columns["customers.tier"]["choices"] == ["high", "low", "tech"]
    assert "within_days" in columns["customers.renewal_on"]["operators"]


def test_a_contract_is_signed_by_its_last_day_and_its_deadline_is_counted(
    acme: Workspace, bob_client: Client
) -> None:
    customer, product = a_customer(), a_product()
    body = {"product_id": str(product.pk), "start_on": "2026-04-01", "amount": 1_200_000}
    told = {"last_day": "2027-03-31", "notice_months": 3, "minimum_months": 12, "number": "K-1"}
    path = f"/customers/{customer.pk}/contracts"
    made = send(bob_client, "post", path, {**body, **told}).json()
    days = (made["end_on"], made["last_day"], made["notice_on"])
    assert days == ("2027-04-01", "2027-03-31", "2026-12-31")
    assert (made["number"], made["notice_months"], made["minimum_months"]) == ("K-1", 3, 12)
    contradicting = {**body, "end_on": "2027-03-31", "last_day": "2027-03-31"}
    answer = send(bob_client, "post", path, contradicting)
    assert answer.status_code == 422 and Contract.objects.count() == 1
    change = {"kind": "renewal", "effective_on": "2027-04-01", "notice_days": 60}
    renewed = send(bob_client, "post", f"/contracts/{made['id']}/changes", change).json()
    assert (renewed["last_day"], renewed["notice_on"]) == ("2028-03-31", "2028-01-31")
    (line, _first) = bob_client.get(f"{API}/contracts/{made['id']}/changes").json()
    assert (line["last_day"], line["notice_days"]) == ("2028-03-31", 60)


def test_one_off_lines_are_added_listed_and_voided(acme: Workspace, bob_client: Client) -> None:
    contract = a_contract(a_customer(), currency="USD", amount=120_000)
    path = f"/contracts/{contract.pk}/charges"
    made = send(bob_client, "post", path, {"amount": 300.50, "name": "Setup"}).json()
    assert (made["kind"], made["amount"], made["currency"]) == ("setup", 300.5, "USD")
    assert send(bob_client, "post", path, {"amount": 1, "kind": "tip"}).status_code == 422
    voided = bob_client.put(f"{API}/charges/{made['id']}/voided").json()
    (listed,) = bob_client.get(API + path).json()
    assert listed["voided_at"] == voided["voided_at"] is not None


def test_parties_of_a_contract_are_customers_here_and_can_be_emptied(
    acme: Workspace, other_workspace: Workspace, bob_client: Client
) -> None:
    contract, reseller = a_contract(), a_customer("販売店")
    path = f"/contracts/{contract.pk}"
    told = {"reseller_id": str(reseller.pk), "first_support": "reseller"}
    assert send(bob_client, "patch", path, told).json()["reseller_id"] == str(reseller.pk)
    with open_workspace(other_workspace):
        foreign = a_customer("よその会社")
    stranger = send(bob_client, "patch", path, {"payer_id": str(foreign.pk)})
    assert stranger.status_code == 404 and fresh(contract).payer_id is None
    assert send(bob_client, "patch", path, {"first_support": "nobody"}).status_code == 422
    emptied = send(bob_client, "patch", path, {"reseller_id": None, "external_id": None}).json()
    assert (emptied["reseller_id"], emptied["first_support"]) == (None, "reseller")
