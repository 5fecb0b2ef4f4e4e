"""Forms of the customer book: what people type is read generously, and refused at its field."""

from datetime import date

import pytest
from django.test import Client

from banso.core.models import Person, Workspace
from banso.core.tests.builders import events, fresh
from banso.customers import services
from banso.customers.models import (
    Contact,
    CustomAttribute,
    Customer,
    Plan,
    Product,
)
from banso.customers.tests.builders import (
    a_contact,
    a_contract,
    a_customer,
    a_notice,
    an_attribute,
)

NEW = {"name": "株式会社ひかり商事", "tier": "high", "stage": "trial"}


def test_a_customer_is_added_with_its_attributes(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    an_attribute("sites", "number")
    given = {**NEW, "attributes.sites": "１，２００", "employees": "３００", "main_owner": bob.pk}
    answer = bob_client.post("/customers/new/", given)
    customer = Customer.objects.get()
    assert answer["Location"] == f"/customers/{customer.pk}/"
    assert (customer.tier, customer.stage, customer.employees) == ("high", "trial", 300)
    assert customer.attributes == {"sites": 1200} and customer.main_owner == bob


def test_a_new_customer_keeps_what_the_form_proposed(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    page = bob_client.get("/customers/new/").context["form"]
    shown = {name: page[name].value() for name in ("country", "main_owner")}
    seen = {f"initial-{name}": value for name, value in shown.items()}
    bob_client.post("/customers/new/", {**NEW, **shown, **seen})
    customer = Customer.objects.get()
    assert customer.main_owner == bob and customer.country == acme.country != ""


def test_a_namesake_is_warned_of_and_may_be_registered_all_the_same(
    acme: Workspace, bob_client: Client
) -> None:
    a_customer("ひかり商事㈱", name_reading="ひかりしょうじ")
    warned = bob_client.post("/customers/new/", NEW)
    assert warned.status_code == 422 and "ひかり商事㈱" in warned.content.decode()
    assert Customer.objects.count() == 1
    bob_client.post("/customers/new/", {**NEW, "namesake_is_another": "on"})
    assert Customer.objects.count() == 2


def test_an_owner_of_another_workspace_is_no_choice(
    acme: Workspace, charlie: Person, bob_client: Client
) -> None:
    answer = bob_client.post("/customers/new/", {**NEW, "main_owner": charlie.pk})
    assert answer.status_code == 422 and not Customer.objects.exists()
    assert "Charlie" not in answer.content.decode()


def test_a_taken_external_id_is_said_at_its_field(acme: Workspace, bob_client: Client) -> None:
    a_customer("みどり工業", external_id="C-1")
    answer = bob_client.post("/customers/new/", {**NEW, "external_id": "C-1"})
    assert answer.status_code == 422 and "id_external_id_error" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "あ" * 10_000}, {"tier": "huge"}, {"since": "2026-13-01"},
     {"employees": "たくさん"}, {"country": "XX"}, {"parent": "いない会社"}, {"name": "a\x00b"}],
)  # fmt: skip
def test_wrong_values_are_refused_and_nothing_is_written(
    acme: Workspace, bob_client: Client, wrong: dict[str, str]
) -> None:
    assert bob_client.post("/customers/new/", {**NEW, **wrong}).status_code == 422
    assert not Customer.objects.exists()


def test_two_people_who_change_different_fields_both_keep_their_change(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer("株式会社ひかり商事", industry="小売")
    address = f"/customers/{customer.pk}/edit/"
    form = bob_client.get(address).context["form"]
    seen = {f"initial-{b.html_name}": b.value() if b.value() is not None else "" for b in form}
    mine = {b.html_name: b.value() if b.value() is not None else "" for b in form}
    services.update_customer(customer.pk, changes={"industry": "物流"}, by=None)
    bob_client.post(address, {**mine, **seen, "domain": "hikari.example"})
    after = fresh(customer)
    assert (after.industry, after.domain) == ("物流", "hikari.example")


def test_a_parent_is_found_by_name_or_external_id(acme: Workspace, bob_client: Client) -> None:
    parent = a_customer("おや株式会社", external_id="P-1")
    for text in ("おや", "P-1"):
        Customer.objects.filter(name="株式会社ひかり商事").delete()
        bob_client.post("/customers/new/", {**NEW, "parent": text})
        assert Customer.objects.get(name="株式会社ひかり商事").parent == parent


def test_a_stage_of_tomorrow_is_refused_at_the_day(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    given = {"stage": "adoption", "entered_on": "2026-11-21"}
    answer = bob_client.post(f"/customers/{customer.pk}/stage/", given)
    assert answer.status_code == 422 and "id_entered_on_error" in answer.content.decode()
    bob_client.post(f"/customers/{customer.pk}/stage/", {**given, "entered_on": "2026/11/1"})
    assert fresh(customer).stage_since == date(2026, 11, 1)


def test_goals_are_kept_in_the_customers_words(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    bob_client.post(f"/customers/{customer.pk}/goals/", {"goals": "三日で締める"})
    assert fresh(customer).goals == "三日で締める"


def test_only_managers_bin_a_customer_and_the_bin_gives_it_back(
    acme: Workspace, bob_client: Client, alice_client: Client
) -> None:
    customer = a_customer()
    address = f"/customers/{customer.pk}/remove/"
    assert bob_client.post(address).status_code == 403
    assert "ごみ箱" in alice_client.get(address).content.decode()
    assert Customer.objects.exists()
    told = alice_client.post(address, follow=True).content.decode()
    assert f"/customers/{customer.pk}/restore/" in told and not Customer.objects.exists()
    assert customer.name in alice_client.get("/customers/bin/").content.decode()
    alice_client.post(f"/customers/{customer.pk}/restore/")
    assert Customer.objects.get() == customer


def test_a_contact_is_added_changed_moved_and_binned(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    given = {"name": "山田 花子", "roles": ["champion", "admin"], "email": "y@hikari.example"}
    bob_client.post(f"/customers/{customer.pk}/contacts/new/", given)
    contact = Contact.objects.get()
    assert contact.roles == ["champion", "admin"]
    bob_client.post(f"/contacts/{contact.pk}/edit/", {**given, "title": "部長"})
    moved = {"presence": "moved", "since": "2026-10-01"}
    bob_client.post(f"/contacts/{contact.pk}/presence/", moved)
    after = fresh(contact)
    assert (after.title, after.presence) == ("部長", "moved")
    assert "異動" in bob_client.get(f"/contacts/{contact.pk}/").content.decode()
    bob_client.post(f"/contacts/{contact.pk}/remove/")
    assert not Contact.objects.exists()
    bob_client.post(f"/contacts/{contact.pk}/restore/")
    assert Contact.objects.exists()


def test_a_contact_of_a_binned_customer_is_not_found(acme: Workspace, bob_client: Client) -> None:
    contact = a_contact()
    services.bin_customer(contact.customer_id, by=None)
    for part in ("", "edit/", "presence/"):
        assert bob_client.get(f"/contacts/{contact.pk}/{part}").status_code == 404


def test_managers_keep_products_and_plans(
    acme: Workspace, alice_client: Client, bob_client: Client
) -> None:
    assert bob_client.get("/products/").status_code == 403
    alice_client.post("/products/", {"name": "伴走クラウド"})
    product = Product.objects.get()
    alice_client.post(f"/products/{product.pk}/plans/", {"name": "スタンダード"})
    again = alice_client.post(f"/products/{product.pk}/plans/", {"name": "スタンダード"})
    assert again.status_code == 422 and Plan.objects.count() == 1
    alice_client.post(f"/products/{product.pk}/rename/", {"name": "伴走クラウド2"})
    assert "伴走クラウド2" in alice_client.get("/products/").content.decode()


def test_managers_keep_custom_attributes(
    acme: Workspace, alice_client: Client, bob_client: Client
) -> None:
    assert bob_client.get("/attributes/").status_code == 403
    given = {"label": "事例公開", "key": "reference", "kind": "choice", "choices": "可\n不可\n"}
    bad = alice_client.post("/attributes/", {**given, "key": "Ref!"})
    assert bad.status_code == 422 and "id_key_error" in bad.content.decode()
    alice_client.post("/attributes/", given)
    attribute = CustomAttribute.objects.get()
    assert attribute.choices == ["可", "不可"]
    alice_client.post(f"/attributes/{attribute.pk}/", {"label": "事例", "choices": "可"})
    assert fresh(attribute).label == "事例"
    a_customer(attributes={"reference": "可"})
    asked = alice_client.get(f"/attributes/{attribute.pk}/remove/").content.decode()
    assert "1社" in asked
    alice_client.post(f"/attributes/{attribute.pk}/remove/")
    assert not CustomAttribute.objects.exists()


@pytest.mark.parametrize("noun", ["customers", "contacts", "contracts", "notices", "segments"])
def test_ids_that_do_not_exist_are_not_found(
    acme: Workspace, alice_client: Client, noun: str
) -> None:
    unknown = "0192e53c-0000-7000-8000-000000000000"
    part = "withdraw/" if noun == "notices" else ""
    assert alice_client.get(f"/{noun}/{unknown}/{part}").status_code == 404


def test_a_viewer_is_refused_at_every_form_and_nothing_changes(
    acme: Workspace, vera_client: Client
) -> None:
    customer = a_customer("まえ")
    contract, contact, notice = a_contract(customer), a_contact(customer), a_notice(customer)
    for address in (
        "/customers/new/", f"/customers/{customer.pk}/edit/", f"/customers/{customer.pk}/goals/",
        f"/contacts/{contact.pk}/edit/", f"/contracts/{contract.pk}/end/",
        f"/notices/{notice.pk}/withdraw/", "/products/", "/attributes/",
    ):  # fmt: skip
        assert vera_client.get(address).status_code == 403, address
        assert vera_client.post(address, {"name": "あと"}).status_code == 403, address
    assert fresh(customer).name == "まえ"


def test_restoring_twice_is_restoring_once(acme: Workspace, alice_client: Client) -> None:
    contact = a_contact()
    services.bin_contact(contact.pk, by=None)
    for _time in range(2):
        answer = alice_client.post(f"/contacts/{contact.pk}/restore/")
        assert answer["Location"] == f"/customers/{contact.customer_id}/"
    assert len(events("customers.contact_restored")) == 1
