"""Merging by the pages and by the API; ids of the merged lead on."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from banso.core.models import Workspace
from banso.core.tests.builders import fresh
from banso.customers.models import Contact, Customer, Merge
from banso.customers.tests.builders import a_contact, a_contract, a_customer, a_merge

API = "/api/v1"


def send(client: Client, verb: str, path: str, body: Any = None) -> Any:
    call = getattr(client, verb)
    return call(API + path, json.dumps(body), content_type="application/json")


def page(name: str, *ids: Any) -> str:
    return reverse(f"customers:{name}", args=ids)


def test_two_are_looked_at_merged_and_taken_apart_by_pages(
    acme: Workspace, bob_client: Client
) -> None:
    one, other = a_customer(tier="high"), a_customer("㈱ひかり商事", tier="low", domain="h.example")
    a_contact(other, "山田 花子")
    asked = bob_client.get(page("merge", one.pk))
    assert f"?with={other.pk}" in asked.content.decode()  # its name reads the same
    seen = bob_client.get(page("merge", one.pk), {"with": str(other.pk)}).content.decode()
    assert "h.example" in seen and 'name="take.tier"' in seen and "先方担当者" in seen
    form = {"with": other.pk, "take.tier": "theirs"}
    answer = bob_client.post(page("merge", one.pk), form, follow=True)
    assert answer.redirect_chain[-1][0] == page("customer", one.pk)
    assert fresh(one).tier == "low" and Contact.objects.get().customer_id == one.pk
    made = Merge.objects.get()
    again = bob_client.post(page("merge", one.pk), form)
    assert again["Location"] == page("merge_done", made.pk)
    assert "㈱ひかり商事" in bob_client.get(page("merges")).content.decode()
    assert bob_client.get(page("merge_done", made.pk)).status_code == 200
    bob_client.post(page("unmerge", made.pk))
    assert Contact.objects.get().customer_id == other.pk
    told = bob_client.get(page("merge_done", made.pk)).content.decode()
    assert fresh(made).undone_at and page("unmerge", made.pk) not in told


def test_a_pair_is_led_to_its_page(acme: Workspace, bob_client: Client) -> None:
    one, other = a_customer(), a_customer("別")
    answer = bob_client.get(page("merge"), {"first": str(one.pk), "second": str(other.pk)})
    assert answer["Location"] == f"{page('merge', one.pk)}?with={other.pk}"
    assert bob_client.get(page("merge"), {"first": "x"})["Location"] == page("merges")


def test_the_search_finds_whom_to_merge_with(acme: Workspace, bob_client: Client) -> None:
    one, other = a_customer(), a_customer("みどり工業")
    found = bob_client.get(page("merge", one.pk), {"q": "みどり"}).content.decode()
    assert f"?with={other.pk}" in found and f"?with={one.pk}" not in found


def test_two_contacts_are_merged_by_pages(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    one, other = a_contact(customer), a_contact(customer, "山田花子", email="h@h.example")
    assert "山田花子" in bob_client.get(page("merge_contact", one.pk)).content.decode()
    assert (
        "h@h.example"
        in bob_client.get(page("merge_contact", one.pk), {"with": str(other.pk)}).content.decode()
    )
    bob_client.post(page("merge_contact", one.pk), {"with": other.pk})
    assert fresh(one).email == "h@h.example" and list(Contact.objects.all()) == [one]
    gone = bob_client.get(page("contact", other.pk))
    assert (gone.status_code, gone["Location"]) == (302, page("contact", one.pk))


def test_a_refusal_is_said_on_the_page(acme: Workspace, bob_client: Client) -> None:
    one, other = a_customer(), a_customer("別")
    a_contract(one), a_contract(other, currency="USD")
    answer = bob_client.post(page("merge", one.pk), {"with": other.pk})
    assert answer.status_code == 422 and "USD" in answer.content.decode()
    assert bob_client.post(page("merge", one.pk), {"with": "x"}).status_code == 422
    assert Customer.objects.count() == 2


def test_links_of_the_merged_lead_to_the_survivor(acme: Workspace, bob_client: Client) -> None:
    one, other = a_customer(), a_customer("別")
    made = a_merge(one, other)
    for name in ("customer", "timeline", "edit"):
        gone = bob_client.get(page(name, other.pk))
        assert (gone.status_code, gone["Location"]) == (302, page(name, one.pk))
    listed = bob_client.get("/activities", {"customer": str(other.pk)})
    assert (listed.status_code, listed["Location"]) == (302, f"/activities?customer={one.pk}")
    answer = bob_client.post(page("goals", other.pk), {"goals": "新しい目標"})
    assert answer.status_code == 409 and page("customer", one.pk) in answer.content.decode()
    assert fresh(one).goals == ""
    bob_client.post(page("unmerge", made.pk))
    assert bob_client.get(page("customer", other.pk)).status_code == 200


def test_the_api_looks_merges_and_takes_apart(acme: Workspace, bob_client: Client) -> None:
    one, other = a_customer(tier="high"), a_customer("別", tier="low", industry="IT")
    a_contact(other)
    asked = {"merged_customer_id": str(other.pk)}
    seen = send(bob_client, "post", f"/customers/{one.pk}/merges/preview", asked).json()
    assert {"name", "tier", "industry"} <= {one["name"] for one in seen["differences"]}
    assert {"先方担当者": 1}.items() <= {c["records"]: c["moves"] for c in seen["counts"]}.items()
    body = {**asked, "take": ["tier"]}
    answer = send(bob_client, "post", f"/customers/{one.pk}/merges", body)
    made = answer.json()
    assert answer.status_code == 201
    assert made["taken"]["tier"] == {"before": "high", "after": "low"}
    (listed,) = bob_client.get(f"{API}/customers/{one.pk}/merges").json()
    assert listed == made
    undone = send(bob_client, "put", f"/merges/{made['id']}/undone").json()
    assert undone["undone_at"] and fresh(one).tier == "high"
    assert send(bob_client, "put", f"/merges/{made['id']}/undone").json() == undone


def test_the_api_says_where_a_merged_id_leads(acme: Workspace, bob_client: Client) -> None:
    one, other = a_customer(), a_customer("別")
    a_merge(one, other)
    answer = bob_client.get(f"{API}/customers/{other.pk}/contacts")
    assert (answer.status_code, answer["Location"]) == (307, f"{API}/customers/{one.pk}/contacts")
    assert answer.json()["merged_into"] == str(one.pk)
    answer = send(bob_client, "patch", f"/customers/{other.pk}", {"name": "新"})
    assert (answer.status_code, answer.json()["code"]) == (409, "merged")
    assert answer.json()["merged_into"] == str(one.pk) and fresh(one).name == one.name


@pytest.mark.parametrize("name", ["merge", "merge_contact"])
def test_a_viewer_cannot_merge(acme: Workspace, vera_client: Client, name: str) -> None:
    contact = a_contact()
    subject = contact.customer if name == "merge" else contact
    assert vera_client.get(page(name, subject.pk)).status_code == 403
    assert vera_client.post(page(name, subject.pk), {"with": subject.pk}).status_code == 403
