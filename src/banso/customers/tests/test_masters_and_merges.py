"""What another system keeps of a customer is written by no merge; names of systems know no case."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.tests.builders import fresh
from banso.customers import services
from banso.customers.merges.kinds import CUSTOMERS
from banso.customers.merges.merging import merge_customers
from banso.customers.merges.previews import preview
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Customer, Master
from banso.customers.tests.builders import a_customer, a_master, a_merge, an_attribute
from banso.customers.tests.files import imported

ID15, ID18 = "001A0000006Vm9r", "001A0000006Vm9rIAC"
OTHER15, OTHER18 = "001A0000006Vm9s", "001A0000006Vm9sIAC"


@pytest.fixture
def theirs(acme: Workspace) -> Customer:
    """Comes from Salesforce, which keeps its industry and its rank, both blank there."""
    an_attribute("rank")
    a_master("salesforce", fields=["industry", "attributes.rank", "parent_id"])
    return a_customer("株式会社青葉", source="salesforce", source_id=ID15)


def put(client: Client, source_id: str, source: str = "salesforce", **body: Any) -> Any:
    place = f"/api/v1/customers/{source_id}?source={source}"
    return client.put(place, body, content_type="application/json")


def test_a_merge_fills_no_blank_that_another_system_keeps(theirs: Customer) -> None:
    known = {"industry": "卸売", "country": "JP", "attributes": {"rank": "A"}}
    other = a_customer("青葉商事", **known)
    made = a_merge(theirs, other)
    one = fresh(theirs)
    assert (one.industry, one.country, one.attributes) == ("", "JP", {})
    assert set(made.taken) & {"industry", "attributes.rank"} == set()


def test_the_preview_says_who_keeps_it_and_offers_no_choice(
    theirs: Customer, alice_client: Client
) -> None:
    other = a_customer("青葉商事", industry="卸売")
    [seen] = [
        one for one in preview(CUSTOMERS, theirs.pk, other.pk).differences if one.name == "industry"
    ]
    assert (seen.fills, seen.kept_in) == (False, "Salesforce")
    page = alice_client.get(f"/customers/{theirs.pk}/merge/?with={other.pk}").content.decode()
    assert "Salesforce が正" in page and 'name="take.industry"' not in page
    asked = {"merged_customer_id": str(other.pk)}
    told = alice_client.post(
        f"/api/v1/customers/{theirs.pk}/merges/preview", asked, content_type="application/json"
    ).json()["differences"]
    assert {one["name"]: one["kept_in"] for one in told}["industry"] == "Salesforce"


def test_whoever_takes_over_the_link_takes_blanks_with_it_and_gives_them_back(
    theirs: Customer,
) -> None:
    Customer.objects.filter(pk=theirs.pk).update(industry="小売")
    own = a_customer("青葉")
    made = a_merge(own, theirs)
    assert (fresh(own).source_id, fresh(own).industry) == (ID18, "小売")
    unmerge(made.pk, by=None)
    assert (fresh(own).source_id, fresh(own).industry, fresh(theirs).industry) == ("", "", "小売")


def test_an_unmerge_leaves_what_another_system_keeps_by_then(acme: Workspace) -> None:
    one = a_customer("青葉", source="salesforce", source_id=ID15)
    made = a_merge(one, a_customer("青葉商事", industry="卸売", country="JP"))
    a_master("salesforce", fields=["industry"])
    unmerge(made.pk, by=None)
    assert (fresh(one).industry, fresh(one).country) == ("卸売", "")


def test_who_stands_below_the_other_is_not_moved_where_its_parent_is_kept(theirs: Customer) -> None:
    above = a_customer("青葉ホールディングス")
    Customer.objects.filter(pk=theirs.pk).update(parent=above)
    assert "Salesforce" in preview(CUSTOMERS, theirs.pk, above.pk).trouble
    with pytest.raises(Refused) as refused:
        merge_customers(theirs.pk, merged_id=above.pk, by=None)
    assert refused.value.code == "mastered" and fresh(theirs).parent_id == above.pk


def test_a_merged_ones_record_fills_attributes_one_by_one(
    acme: Workspace, alice_client: Client
) -> None:
    an_attribute("color"), an_attribute("rank")
    own = a_customer("青葉", source="crm", source_id="6", attributes={"color": "青"})
    a_merge(own, a_customer("青葉商事", source="crm", source_id="7"))
    told = put(alice_client, "7", "crm", attributes={"color": "赤", "rank": "A"})
    assert told.json()["attributes"] == {"color": "青", "rank": "A"}


def test_a_merged_ones_record_fills_nothing_that_is_kept_elsewhere(
    theirs: Customer, alice_client: Client
) -> None:
    a_merge(theirs, a_customer("青葉商事", source="salesforce", source_id=OTHER15))
    answer = put(alice_client, OTHER15, industry="卸売", employees=7, attributes={"rank": "B"})
    told = answer.json()
    assert (answer.status_code, told["industry"], told["attributes"]) == (200, "", {})
    assert told["employees"] == 7


def test_a_merged_ones_row_fills_attributes_too(acme: Workspace, tmp_path: Path) -> None:
    an_attribute("color"), an_attribute("rank")
    own = a_customer("青葉", external_id="1", attributes={"color": "青"})
    a_merge(own, a_customer("青葉商事", external_id="2"))
    report = imported(tmp_path, "external_id,name,color,rank\n2,青葉商事,赤,A\n")
    assert report["updated"] == 1 and fresh(own).attributes == {"color": "青", "rank": "A"}


def test_a_source_is_the_same_in_capitals(theirs: Customer, alice_client: Client) -> None:
    answer = put(alice_client, ID15, "Salesforce", industry="物流")
    assert (answer.status_code, answer.json()["id"]) == (200, str(theirs.pk))
    assert answer.json()["source"] == "salesforce" and answer.json()["industry"] == "物流"


def test_ids_of_a_source_keep_their_case(theirs: Customer, alice_client: Client) -> None:
    assert (
        put(alice_client, ID15.replace("Vm9r", "vm9r"), "SALESFORCE", name="他").status_code == 201
    )


def test_a_master_in_capitals_is_the_same_master(acme: Workspace) -> None:
    a_master("Salesforce", fields=["industry"])
    one = a_customer("青葉", source="ＳalesForce ", source_id=ID15)
    with pytest.raises(Refused):
        services.update_customer(one.pk, changes={"industry": "物流"}, by=None)
    with pytest.raises(Refused, match="登録"):
        a_master("SALESFORCE")


def test_files_find_their_source_whatever_its_case(theirs: Customer, tmp_path: Path) -> None:
    text = f"source,source_id,name,country\nSalesForce,{ID15},株式会社青葉,JP\n"
    assert imported(tmp_path, text)["updated"] == 1
    assert imported(tmp_path, text)["unchanged"] == 1
    assert Customer.objects.get().country == "JP"


def test_former_spellings_of_a_source_become_one(acme: Workspace) -> None:
    one, twin, old = (a_customer(f"顧客{n}") for n in range(3))
    rows = ((one, "crm", "1"), (twin, "CRM", "1"), (old, "Crm", "2"))
    for row, source, own in rows:
        Customer.objects.filter(pk=row.pk).update(source=source, source_id=own)
    master = a_master("crm")
    Master.objects.filter(pk=master.pk).update(code="CRM")
    import_module("banso.customers.migrations.0020_sources_in_small_letters").write_small(
        apps, None
    )
    assert [fresh(row).source for row, _source, _own in rows] == ["crm", "CRM", "crm"]
    assert fresh(master).code == "crm"
