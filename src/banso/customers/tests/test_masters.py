"""Values that another system keeps: read-only here, written by that system alone."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from banso.core.errors import Refused
from banso.core.imports import planning, running
from banso.core.models import Person, Workspace
from banso.core.tests.builders import events, fresh
from banso.customers import services
from banso.customers.bulk_edits.choices import by_id
from banso.customers.bulk_edits.previews import preview
from banso.customers.bulk_edits.running import begin_bulk_edit
from banso.customers.bulk_edits.undoing import undo_bulk_edit
from banso.customers.merges.merging import merge_customers
from banso.customers.models import Customer, Master
from banso.customers.tests.builders import a_customer, a_master

ID15, ID18 = "001A0000006Vm9r", "001A0000006Vm9rIAC"
PLACE = f"/api/v1/customers/{ID15}?source=salesforce"


@pytest.fixture
def theirs(acme: Workspace) -> Customer:
    """Comes from Salesforce, which keeps its name and industry."""
    a_master("salesforce")
    return a_customer("株式会社青葉", source="salesforce", source_id=ID15, industry="小売")


def put(client: Client, place: str, **body: Any) -> Any:
    return client.put(place, body, content_type="application/json")


def test_what_a_master_keeps_is_changed_by_nobody_else(theirs: Customer, alice: Person) -> None:
    with pytest.raises(Refused, match="Salesforce") as refused:
        services.update_customer(theirs.pk, changes={"industry": "物流"}, by=alice)
    assert (refused.value.code, refused.value.field) == ("mastered", "industry")
    services.update_customer(theirs.pk, changes={"industry": "小売", "country": "JP"}, by=alice)
    assert (fresh(theirs).industry, fresh(theirs).country) == ("小売", "JP")


def test_nobody_unties_a_customer_from_its_master(theirs: Customer, alice: Person) -> None:
    for changes in ({"source": ""}, {"source_id": "other"}):
        with pytest.raises(Refused):
            services.update_customer(theirs.pk, changes=changes, by=alice)
    assert fresh(theirs).source_id == ID18


def test_customers_that_come_from_nowhere_stay_open(theirs: Customer, alice: Person) -> None:
    own = a_customer("若葉", industry="小売")
    services.update_customer(own.pk, changes={"industry": "物流"}, by=alice)
    assert fresh(own).industry == "物流"


def test_attributes_have_masters_too(acme: Workspace, alice: Person) -> None:
    services.create_attribute(key="rank", label="ランク", kind="text", by=alice)
    a_master("salesforce", fields=["attributes.rank"])
    one = a_customer(source="salesforce", source_id=ID15, attributes={"rank": "A"})
    with pytest.raises(Refused, match="ランク"):
        services.update_customer(one.pk, changes={"attributes": {"rank": "B"}}, by=alice)
    with pytest.raises(Refused):
        begin_bulk_edit(by_id([one.pk]), changes={"attributes.rank": "B"}, by=alice)


def test_the_form_shows_such_fields_closed_and_links_to_the_record(
    theirs: Customer, alice_client: Client
) -> None:
    place = f"/customers/{theirs.pk}/edit/"
    page = alice_client.get(place).content.decode()
    assert f'href="https://acme.my.salesforce.example/{ID18}"' in page
    assert "Salesforce が正です" in page
    form = alice_client.get(place).context["form"]
    assert [name for name, field in form.fields.items() if field.disabled] == ["name", "industry"]
    sent = {"name": "他社", "industry": "物流", "employees": "12", "tier": "tech"}
    assert alice_client.post(place, sent).status_code == 302
    changed = fresh(theirs)
    assert (changed.name, changed.industry, changed.employees) == ("株式会社青葉", "小売", 12)
    shown = alice_client.get(f"/customers/{theirs.pk}/").content.decode()
    assert "Salesforce で開く" in shown


def test_the_api_refuses_in_words_and_names_the_field(
    theirs: Customer, alice_client: Client
) -> None:
    answer = alice_client.patch(
        f"/api/v1/customers/{theirs.pk}", {"name": "他社"}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "name")


def test_a_bulk_change_leaves_such_customers_and_says_so(
    theirs: Customer, alice: Person, alice_client: Client
) -> None:
    services.save_master(code="crm", name="CRM", fields=["main_owner_id"], by=alice)
    tied = a_customer("紅葉", source="crm", source_id="7")
    own = a_customer("若葉")
    chosen, changes = by_id([tied.pk, own.pk]), {"main_owner_id": alice.pk, "tier": "high"}
    seen = preview(chosen, changes=changes)
    assert (seen.changed, seen.elsewhere, seen.fields[0].changed) == (2, 1, 1)
    edit = begin_bulk_edit(chosen, changes=changes, by=alice)
    assert (fresh(tied).main_owner, fresh(tied).tier) == (None, "high")
    assert (fresh(own).main_owner, fresh(own).tier) == (alice, "high")
    services.save_master(code="crm", name="CRM", fields=["tier"], by=alice, master_id=_id("crm"))
    undo_bulk_edit(edit.pk, by=alice)
    assert (fresh(tied).tier, fresh(own).tier, fresh(own).main_owner) == ("high", "tech", None)
    page = f"/customers/bulk-edit/?id={tied.pk}&id={own.pk}"
    shown = alice_client.post(page, {"tier": "low"}).content.decode()
    assert "1社では別のシステムが正" in shown


def _id(code: str) -> Any:
    return Master.objects.get(code=code).pk


def test_a_program_puts_a_customer_again_and_again(alice_client: Client, acme: Workspace) -> None:
    first = put(alice_client, PLACE, name="青葉", industry="小売", employees=120)
    again = put(alice_client, PLACE, name="青葉", industry="小売", employees=120)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() and first.json()["source_id"] == ID18
    longer = put(alice_client, f"/api/v1/customers/{ID18}?source=salesforce", industry="物流")
    assert longer.json()["industry"] == "物流" and Customer.objects.count() == 1
    assert len(events("customers.customer_updated")) == 1


def test_ids_that_differ_in_case_are_two_customers(alice_client: Client, acme: Workspace) -> None:
    put(alice_client, PLACE, name="青葉")
    put(alice_client, PLACE.replace("Vm9r", "vm9r"), name="若葉")
    assert Customer.objects.count() == 2


def test_blank_never_overwrites(alice_client: Client, theirs: Customer) -> None:
    answer = put(alice_client, PLACE, name="", industry="", attributes={}, former_names=[])
    assert answer.status_code == 200 and answer.json()["industry"] == "小売"


def test_the_master_itself_writes_what_it_keeps(alice_client: Client, theirs: Customer) -> None:
    assert put(alice_client, PLACE, industry="物流").json()["industry"] == "物流"
    a_customer("若葉", external_id="C-1")
    assert put(alice_client, "/api/v1/customers/C-1", industry="物流").json()["industry"] == "物流"
    services.update_customer(theirs.pk, changes={"external_id": "C-2"}, by=None)
    assert put(alice_client, "/api/v1/customers/C-2", industry="医療").status_code == 422


def test_an_id_that_is_a_uuid_is_ours_or_a_named_sources(
    alice_client: Client, theirs: Customer
) -> None:
    own = put(alice_client, f"/api/v1/customers/{theirs.pk}", employees=9)
    assert (own.status_code, own.json()["employees"]) == (200, 9)
    other = "0b0e7f0a-6d0e-4d5b-9a53-5a3f6f2f6a11"
    assert put(alice_client, f"/api/v1/customers/{other}", name="新").status_code == 404
    made = put(alice_client, f"/api/v1/customers/{other}?source=product", name="新")
    assert (made.status_code, made.json()["source_id"]) == (201, other)


def test_whoever_may_change_customers_may_not_speak_for_a_system(
    bob_client: Client, theirs: Customer
) -> None:
    assert put(bob_client, PLACE, industry="物流").status_code == 403
    assert fresh(theirs).industry == "小売"


def test_a_new_customer_needs_a_name_and_an_id_that_fits(
    alice_client: Client, acme: Workspace
) -> None:
    assert put(alice_client, PLACE, industry="物流").status_code == 422
    wrong = PLACE.replace(ID15, "001A0000006Vm9rIAD")
    assert put(alice_client, wrong, name="青葉").json()["field"] == "source_id"
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "url", ["javascript:alert({id})", "https://{id}.example/", "https://example.com/", "//x/{id}"]
)
def test_addresses_that_lead_astray_are_refused(acme: Workspace, url: str) -> None:
    with pytest.raises(Refused) as refused:
        a_master(url=url)
    assert refused.value.field == "url"


def test_masters_are_made_changed_and_removed_on_their_page(
    alice_client: Client, bob_client: Client, acme: Workspace
) -> None:
    sent = {"name": "Salesforce", "code": "salesforce", "fields_kept": ["name", "industry"]}
    assert alice_client.post("/masters/", sent).status_code == 302
    page = alice_client.get("/masters/").content.decode()
    assert "顧客名 · 業種" in page
    place = f"/masters/{_id('salesforce')}/"
    assert alice_client.post(place, {**sent, "fields_kept": ["name"]}).status_code == 302
    assert alice_client.post("/masters/", sent).status_code == 422
    assert bob_client.get("/masters/").status_code == 403
    assert alice_client.post(f"{place}remove/").status_code == 302
    assert not Master.objects.exists()


def test_the_id_of_a_merged_one_leads_on_and_fills_only_blanks(
    alice_client: Client, theirs: Customer, alice: Person
) -> None:
    other = a_customer("青葉商事", source="salesforce", source_id="001A0000006Vm9s")
    with pytest.raises(Refused, match="Salesforce"):
        merge_customers(theirs.pk, merged_id=other.pk, take=["name"], by=alice)
    merge_customers(theirs.pk, merged_id=other.pk, by=alice)
    place = PLACE.replace(ID15, "001A0000006Vm9s")
    answer = put(alice_client, place, name="青葉商事", industry="卸売", employees=7)
    assert (answer.status_code, answer.json()["id"]) == (200, str(theirs.pk))
    told = answer.json()
    assert (told["name"], told["industry"], told["employees"]) == ("株式会社青葉", "小売", 7)


def test_a_customer_whose_record_is_gone_is_untied_by_a_manager(
    theirs: Customer, alice_client: Client, bob_client: Client, alice: Person
) -> None:
    place = f"/customers/{theirs.pk}/untie/"
    assert place in alice_client.get(f"/customers/{theirs.pk}/edit/").content.decode()
    assert place not in bob_client.get(f"/customers/{theirs.pk}/edit/").content.decode()
    assert bob_client.post(place).status_code == 403
    assert alice_client.get(place).status_code == 200 and fresh(theirs).source_id == ID18
    assert alice_client.post(place).status_code == 302
    services.update_customer(theirs.pk, changes={"industry": "物流"}, by=alice)
    assert (fresh(theirs).source, fresh(theirs).industry) == ("", "物流")


def test_an_import_of_customers_from_nowhere_asks_for_no_master(
    acme: Workspace, tmp_path: Path
) -> None:
    a_master("salesforce")
    a_customer("青葉", external_id="1", industry="小売")
    path = tmp_path / "customers.csv"
    path.write_text("external_id,name,industry\n1,青葉,物流\n2,若葉,小売\n")
    plan = planning.plan_import([(path.name, path)])
    run = running.start_run(plan, source=path.name, by=None)
    with CaptureQueriesContext(connection) as asked:
        running.run_import(plan, run=run, by=None)
    assert run.report["tables"][0]["updated"] == 1
    assert [one["sql"] for one in asked if "customers_master" in one["sql"]] == []
