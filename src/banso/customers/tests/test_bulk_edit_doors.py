"""The doors of bulk edits: pages from the list's ticks to undo, and the API."""

from typing import Any

from django.test import Client

from banso.core.models import Person
from banso.core.tests.builders import fresh
from banso.customers.bulk_edits.choices import by_id
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.models import BulkEdit
from banso.customers.tests.builders import a_customer, an_attribute

API = "/api/v1/customers/bulk-edit"
PAGE = "/customers/bulk-edit/"


def test_the_pages_lead_from_ticks_to_undo(bob_client: Client, bob: Person) -> None:
    one, two = a_customer("甲", tier="low"), a_customer("乙", tier="high")
    address = f"{PAGE}?id={one.pk}&id={two.pk}&q=%E7%94%B2"
    assert "2社" in bob_client.get(address).content.decode()
    nothing = bob_client.post(address, {})
    assert nothing.status_code == 422
    seen = bob_client.post(address, {"tier": "high"})
    text = seen.content.decode()
    assert seen.status_code == 200 and "1社" in text and fresh(one).tier == "low"
    mark = seen.context["mark"]
    again = bob_client.post(address, {"tier": "high", "seen": mark, "again": "1"})
    assert again.context["form"]["tier"].value() == "high"
    done = bob_client.post(address, {"tier": "high", "seen": mark, "save": "1"}, follow=True)
    assert fresh(one).tier == "high" and done.status_code == 200
    (edit,) = BulkEdit.objects.all()
    assert (
        edit.by == bob and str(edit.pk) in bob_client.get("/customers/bulk-edits/").content.decode()
    )
    back = bob_client.post(f"/customers/bulk-edits/{edit.pk}/undo/", follow=True)
    assert fresh(one).tier == "low" and back.status_code == 200


def test_what_was_looked_at_is_what_is_done(bob_client: Client) -> None:
    customer = a_customer(tier="low")
    address = f"{PAGE}?all=1"
    mark = bob_client.post(address, {"tier": "high"}).context["mark"]
    other = a_customer("乙", tier="low")
    answer = bob_client.post(address, {"tier": "high", "seen": mark, "save": "1"})
    assert answer.status_code == 422 and fresh(customer).tier == fresh(other).tier == "low"
    assert answer.context["seen"].changed == 2


def test_without_a_choice_the_page_leads_back_to_the_list(bob_client: Client) -> None:
    for query in ("", "?id=", "?id=x", "?all="):
        answer = bob_client.get(PAGE + query)
        assert answer.status_code == 302 and answer["Location"].startswith("/customers/?")


def test_an_attribute_is_set_or_emptied_on_the_page(bob_client: Client) -> None:
    an_attribute("note")
    an_attribute("pilot", "bool")
    customer = a_customer(attributes={"note": "古い", "pilot": True})
    address = f"{PAGE}?id={customer.pk}"
    both = {"attributes.note": "新", "empty.attributes.note": "on"}
    assert bob_client.post(address, both).status_code == 422
    bob_client.post(address, {"attributes.note": "新", "attributes.pilot": "false", "save": "1"})
    assert fresh(customer).attributes == {"note": "新", "pilot": False}
    emptied = {"empty.attributes.note": "on", "attributes.pilot": "__empty__", "save": "1"}
    bob_client.post(address, emptied)
    assert fresh(customer).attributes == {}


def test_a_viewer_sees_no_ticks_and_changes_nothing(vera_client: Client) -> None:
    customer = a_customer()
    listed = vera_client.get("/customers/").content.decode()
    assert 'name="id"' not in listed and PAGE not in listed
    for path in (f"{PAGE}?id={customer.pk}", "/customers/bulk-edits/"):
        assert vera_client.get(path).status_code == 403
    assert vera_client.post(API, {}, content_type="application/json").status_code in {403, 422}


def test_programs_look_first_change_and_take_back(alice_client: Client) -> None:
    one, _two = a_customer("甲", tier="low"), a_customer("乙", tier="high")
    body = {
        "filter": {
            "conditions": [{"field": "customers.tier", "op": "in", "value": ["low", "high"]}]
        },
        "changes": {"tier": "high"},
    }

    def post(path: str, sent: Any = None) -> Any:
        return alice_client.post(path, sent or {}, content_type="application/json")

    seen = post(f"{API}/preview", body).json()
    assert seen == {
        "total": 2,
        "changed": 1,
        "same": 1,
        "gone": 0,
        "fields": {"tier": {"changed": 1, "same": 1}},
    }
    made = post(API, {**body, "expected": seen["changed"]})
    assert made.status_code == 201 and made.json()["state"] == "done"
    assert post(API, {**body, "customer_ids": [str(one.pk)]}).status_code == 422
    path = f"/api/v1/customers/bulk-edits/{made.json()['id']}"
    rows = alice_client.get(f"{path}/customers?outcome=changed").json()["items"]
    assert [(row["customer_id"], row["before"]) for row in rows] == [(str(one.pk), {"tier": "low"})]
    assert post(f"{path}/undo").json()["restored"] == 1
    assert post(f"{path}/undo").status_code == 422
    assert alice_client.get("/api/v1/customers/bulk-edits").json()[0]["state"] == "undone"


def test_rows_come_by_pages(alice_client: Client) -> None:
    edit = begin_bulk_edit(
        by_id(a_customer(f"顧客{n}").pk for n in range(3)), changes={"tier": "high"}, by=None
    )
    path = f"/api/v1/customers/bulk-edits/{edit.pk}/customers?limit=2"
    first = alice_client.get(path).json()
    second = alice_client.get(f"{path}&after={first['next_after']}").json()
    found = [row["customer_id"] for row in first["items"] + second["items"]]
    assert len(set(found)) == 3 and second["next_after"] is None
