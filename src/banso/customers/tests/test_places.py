"""Places of a customer, and people who belong to several companies."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.tests.builders import TODAY, events
from banso.customers import queries, services
from banso.customers.models import Affiliation, Customer
from banso.customers.tests.builders import a_contact, a_contract, a_customer, an_affiliation
from banso.customers.tests.sheets import differences


def place(name: str, parent: Customer, seats: int, **given: Any) -> Customer:
    made = a_customer(name, parent_id=parent.pk, **given)
    a_contract(made, seats=seats)
    return made


@pytest.fixture
def head(acme: Workspace) -> Customer:
    """A head office with two shops, one of which has a branch."""
    customer = a_customer("本社株式会社")
    a_contract(customer, seats=10)
    shop = place("あ店", customer, 5)
    place("い店", customer, 7)
    place("あ店 駅前", shop, 3)
    return customer


def test_places_stand_below_who_stands_above_them_and_sum(head: Customer) -> None:
    group = queries.group_of(head.pk)
    names = [(one.customer.name, one.depth) for one in group.places]
    assert names == [("本社株式会社", 0), ("あ店", 1), ("あ店 駅前", 2), ("い店", 1)]
    assert group.totals["customers.seats"] == 25
    assert round(group.totals["customers.mrr"]) == 400_000
    assert group.totals["usage.active_people_28"] is None and group.is_whole


def test_amounts_in_two_currencies_are_not_summed(head: Customer) -> None:
    place("NY", head, 2, currency="USD")
    group = queries.group_of(head.pk)
    assert group.totals["customers.mrr"] is None and group.totals["customers.seats"] == 27


def test_the_sum_is_in_the_currency_of_the_places_that_pay(
    acme: Workspace, bob_client: Client
) -> None:
    owner = a_customer("持株会社")
    place("NY", owner, 2, currency="USD")
    assert queries.group_of(owner.pk).payer.currency == "USD"
    found = bob_client.get(f"/api/v1/customers/{owner.pk}/places").json()
    assert found["totals"]["customers.mrr"] == 1_000  # ¢100,000


def test_what_a_person_may_not_see_is_left_out(head: Customer) -> None:
    group = queries.group_of(head.pk, permits=frozenset({"customers.read"}))
    assert {one.key for one in group.fields} == {"customers.seats", "customers.mrr"}


def test_the_panel_lists_places_and_is_empty_without(head: Customer, bob_client: Client) -> None:
    htmx = {"hx-request": "true"}
    page = bob_client.get(f"/customers/{head.pk}/group/", headers=htmx).content.decode()
    assert "あ店 駅前" in page and ">25" in page
    alone = a_customer("ひとり")
    page = bob_client.get(f"/customers/{alone.pk}/group/", headers=htmx).content.decode()
    assert "<table" not in page


def test_a_place_begins_with_what_its_parent_is(head: Customer, bob_client: Client) -> None:
    page = bob_client.get(f"/customers/new/?parent={head.pk}").content.decode()
    assert 'value="本社株式会社"' in page
    assert bob_client.get("/customers/new/?parent=x").status_code == 200


def test_the_api_gives_places_in_major_units(head: Customer, bob_client: Client) -> None:
    found = bob_client.get(f"/api/v1/customers/{head.pk}/places").json()
    assert found["totals"]["customers.mrr"] == 400_000
    assert [one["depth"] for one in found["places"]] == [0, 1, 2, 1]


def test_a_contact_belongs_to_several_companies_each_with_a_role(acme: Workspace) -> None:
    home, other = a_customer("本務社"), a_customer("兼務社")
    contact = a_contact(home, "兼務 太郎", roles=("user",))
    for roles in (["admin"], ["champion"], ["champion"]):
        services.affiliate_contact(contact.pk, other.pk, roles=roles, title="顧問", by=None)
    [row] = queries.companies_of(contact.pk)
    assert (row.customer, row.roles, row.title) == (other, ["champion"], "顧問")
    assert [one.contact for one in queries.affiliates_of(other.pk)] == [contact]
    assert queries.people_of(other.pk) == [contact] == queries.people_of(home.pk)
    assert list(queries.contacts_of(other.pk)) == []  # the home stays the home
    told = events("customers.contact_affiliated")
    assert len(told) == 2 and {one.customer_id for one in told} == {other.pk}


def test_ones_own_company_and_unknown_roles_are_refused(acme: Workspace) -> None:
    contact, other = a_contact(), a_customer("兼務社")
    for customer, roles in ((contact.customer, []), (other, ["king"])):
        with pytest.raises(Refused):
            services.affiliate_contact(contact.pk, customer.pk, roles=roles, by=None)
    assert not Affiliation.objects.exists()


def test_a_champion_of_another_company_speaks_for_us_here_until_they_go(acme: Workspace) -> None:
    home, other = a_customer("本務社"), a_customer("兼務社")
    contact = a_contact(home)
    services.affiliate_contact(contact.pk, other.pk, roles=["champion"], by=None)
    keys = ["customers.champion", "customers.champion_gone_on"]
    for on in (date(2026, 3, 1), TODAY):
        assert differences(keys, on) == {}
    services.mark_contact_moved(contact.pk, presence="left", since=date(2026, 4, 1), by=None)
    a_contact(other, "前任", roles=("champion",), presence="left", presence_since=date(2026, 2, 1))
    assert differences(keys, TODAY) == {}
    card = queries.customer_card(other.pk, columns=keys)
    assert card.values == {keys[0]: "gone", keys[1]: date(2026, 4, 1)}


def test_who_belongs_to_a_company_in_the_bin_speaks_for_us_nowhere(acme: Workspace) -> None:
    home, other = a_customer("本務社"), a_customer("兼務社")
    contact = a_contact(home)
    services.affiliate_contact(contact.pk, other.pk, roles=["champion"], by=None)
    keys = ["customers.champion", "customers.champion_gone_on"]
    assert queries.customer_card(other.pk, columns=keys).values[keys[0]] == "here"
    services.bin_customer(home.pk, by=None)
    assert queries.customer_card(other.pk, columns=keys).values == {keys[0]: "none", keys[1]: None}
    assert differences(keys, TODAY) == {}


def test_another_company_is_added_and_taken_out_on_the_contacts_page(
    acme: Workspace, bob_client: Client
) -> None:
    contact, other = a_contact(), a_customer("兼務社")
    address = f"/contacts/{contact.pk}/"
    bob_client.post(f"{address}companies/", {"customer": "兼務社", "roles": ["champion"]})
    assert "兼務社" in bob_client.get(address).content.decode()
    beside = bob_client.get(f"/customers/{other.pk}/group/").content.decode()
    assert "山田 花子" in beside and "推進者" in beside
    bob_client.post(f"{address}companies/{other.pk}/part/")
    assert not Affiliation.objects.exists()
    wrong = bob_client.post(f"{address}companies/", {"customer": "いない会社"})
    assert wrong.status_code == 422


def test_the_api_knows_other_companies_and_history(acme: Workspace, bob_client: Client) -> None:
    row = an_affiliation()
    address = f"/api/v1/contacts/{row.contact_id}"
    body = {"presence": "moved", "since": "2026-04-01", "successor": {"name": "鈴木 一郎"}}
    moved = bob_client.put(f"{address}/presence", body, content_type="application/json")
    assert moved.json()["checked_on"] == "2026-11-20"
    whole = bob_client.get(address).json()
    assert [one["customer_id"] for one in whole["companies"]] == [str(row.customer_id)]
    assert whole["former_posts"][0]["successor_id"]
    path = f"{address}/companies/{row.customer_id}"
    for _time in range(2):
        assert bob_client.delete(path).json()["companies"] == []
    assert bob_client.get("/api/v1/contacts/to-confirm").json()["count"] == 0
