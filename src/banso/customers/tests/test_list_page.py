"""The list of customers: what it shows, how it narrows, sorts and pages, and what it refuses."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from banso.core.models import Person, Workspace
from banso.customers import services
from banso.customers.models import Customer, Segment
from banso.customers.tests.builders import a_contract, a_customer, a_segment, an_attribute

LIST = "/customers/"


def names(page: str) -> list[str]:
    """Customers named in the page, in the order of the rows."""
    found = [(page.find(f">{one.name}</a></th>"), one.name) for one in Customer.objects.all()]
    found += [
        (page.find(f'>{one.name}</a><span class="table__sub one-line">'), one.name)
        for one in Customer.objects.all()
    ]
    return [name for place, name in sorted(found) if place >= 0]


def shown(client: Client, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_book_offers_the_first_step(bob_client: Client) -> None:
    page = shown(bob_client)
    assert reverse("customers:create") in page
    assert "<table" not in page


def test_a_viewer_of_an_empty_book_is_offered_nothing_to_write(vera_client: Client) -> None:
    assert reverse("customers:create") not in shown(vera_client)


def test_a_row_says_name_reading_money_and_how_far_the_deadline_is(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_customer("株式会社ひかり商事", name_reading="ひかりしょうじ", main_owner_id=bob.pk)
    a_contract(customer, end_on=date(2026, 12, 1))
    page = shown(bob_client)
    for words in ("株式会社ひかり商事", "ひかりしょうじ", "¥100,000", "鈴木 坊", "あと10日"):
        assert words in page


def test_missing_values_read_as_no_data_and_never_as_zero(
    acme: Workspace, bob_client: Client
) -> None:
    a_customer()
    page = shown(bob_client, "?columns=customers.mrr,customers.employees")
    assert page.count("データなし") == 2
    assert "¥0" not in page


def test_any_field_can_be_a_column_custom_attributes_too(
    acme: Workspace, bob_client: Client
) -> None:
    an_attribute("crm_no")
    a_customer(attributes={"crm_no": "X-77"})
    assert "X-77" in shown(bob_client, "?columns=customers.attributes.crm_no")
    assert "X-77" not in shown(bob_client)


def test_the_search_narrows_and_can_be_cleared(acme: Workspace, bob_client: Client) -> None:
    a_customer("株式会社ひかり商事")
    a_customer("みどり工業")
    assert names(shown(bob_client, "?q=ヒカリ")) == ["株式会社ひかり商事"]
    none = shown(bob_client, "?q=そら")
    assert names(none) == [] and "絞り込みを解除" in none


def test_a_filter_in_force_is_a_chip_that_takes_itself_away(
    acme: Workspace, bob_client: Client
) -> None:
    a_customer("たかい", tier="high")
    a_customer("ひくい", tier="low")
    page = shown(bob_client, "?f=customers.tier:is:high&sort=customers.name")
    assert names(page) == ["たかい"]
    assert 'href="?sort=customers.name"' in page


def test_a_filter_is_added_without_a_script(acme: Workspace, bob_client: Client) -> None:
    a_customer("たかい", tier="high")
    asked = shown(bob_client, "?add=customers.tier&q=た")
    assert 'name="value"' in asked
    answer = bob_client.get(LIST, {"add": "customers.tier", "op": "is", "value": ["high", "low"]})
    assert answer.status_code == 302
    assert answer["Location"] == f"{LIST}?f=customers.tier%3Ain%3Ahigh%2Clow"


@pytest.mark.parametrize(
    ("field", "op", "value", "condition"),
    [
        ("customers.mrr", "gte", "５０，０００円", "customers.mrr:gte:50000"),
        ("customers.since", "gte", "令和8年4月1日", "customers.since:gte:2026-04-01"),
        ("customers.deadline_on", "within_days", "90", "customers.deadline_on:within_days:90"),
        ("customers.name", "contains", "ひかり", "customers.name:contains:ひかり"),
        ("customers.mrr", "empty", "", "customers.mrr:empty"),
    ],
)
def test_filters_read_what_people_type(
    acme: Workspace, bob_client: Client, field: str, op: str, value: str, condition: str
) -> None:
    answer = bob_client.get(LIST, {"add": field, "op": op, "value": value}, follow=True)
    assert answer.wsgi_request.GET.getlist("f") == [condition]


def test_a_filter_that_cannot_be_read_is_said_at_its_field(
    acme: Workspace, bob_client: Client
) -> None:
    a_customer()
    answer = bob_client.get(LIST, {"add": "customers.mrr", "op": "gte", "value": "たくさん"})
    assert answer.status_code == 422
    assert "filter_value_error" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["f=nothing:is:1", "f=customers.tier:is:huge", "sort=nothing", "columns=nothing", "after=x"],
)
def test_what_the_address_cannot_mean_is_refused_in_words(
    acme: Workspace, bob_client: Client, query: str
) -> None:
    assert bob_client.get(f"{LIST}?{query}").status_code == 422


def test_rows_sort_by_any_column_both_ways(acme: Workspace, bob_client: Client) -> None:
    a_customer("ちいさい", employees=5)
    a_customer("おおきい", employees=500)
    query = "?columns=customers.employees&sort={}customers.employees"
    assert names(shown(bob_client, query.format(""))) == ["ちいさい", "おおきい"]
    assert names(shown(bob_client, query.format("-"))) == ["おおきい", "ちいさい"]


def test_a_long_list_is_paged_and_says_its_total(acme: Workspace, bob_client: Client) -> None:
    rows = [services.NewCustomer(name=f"顧客{n:03}") for n in range(60)]
    services.create_customers(rows, by=None)
    first = bob_client.get(LIST)
    assert "60件中50件" in first.content.decode()
    second = shown(bob_client, f"?after={first.context['page'].next_cursor}")
    assert len(names(second)) == 10


def test_htmx_gets_the_rows_without_the_frame(acme: Workspace, bob_client: Client) -> None:
    a_customer("株式会社ひかり商事")
    part = bob_client.get(LIST, headers={"hx-request": "true"}).content.decode()
    assert part.strip().startswith('<div id="book"') and "<html" not in part
    assert "株式会社ひかり商事" in part


def test_a_segment_keeps_filters_order_and_columns(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    a_customer(tier="high")
    query = "?f=customers.tier%3Ais%3Ahigh&sort=-customers.mrr&columns=customers.mrr"
    answer = bob_client.post(f"/segments/new/{query}", {"name": "大口"})
    segment = Segment.objects.get()
    assert answer["Location"] == reverse("customers:segment", args=[segment.pk])
    opened = bob_client.get(answer["Location"])
    assert opened["Location"] == f"{LIST}?segment={segment.pk}&{query[1:]}"
    assert 'aria-current="page">大口' in shown(bob_client, opened["Location"].removeprefix(LIST))


def test_a_segment_whose_column_is_gone_opens_with_the_rest(
    acme: Workspace, bob_client: Client
) -> None:
    attribute = an_attribute("gone")
    gone = {"field": "customers.attributes.gone", "op": "is", "value": "x"}
    high = {"field": "customers.tier", "op": "is", "value": "high"}
    segment = a_segment(conditions=[gone, high], columns=["customers.attributes.gone"])
    services.delete_attribute(attribute.pk, by=None)
    opened = bob_client.get(f"/segments/{segment.pk}/", follow=True)
    assert opened.status_code == 200
    assert opened.wsgi_request.GET.getlist("f") == ["customers.tier:is:high"]
    assert "使えません" in opened.content.decode()


def test_a_segment_is_renamed_overwritten_and_deleted(acme: Workspace, bob_client: Client) -> None:
    segment = a_segment("大口")
    bob_client.post(f"/segments/{segment.pk}/rename/", {"name": "大口の顧客"})
    bob_client.post(f"/segments/{segment.pk}/update/?f=customers.tier:is:low")
    segment.refresh_from_db()
    assert segment.name == "大口の顧客" and segment.conditions[0]["value"] == "low"
    assert bob_client.get(f"/segments/{segment.pk}/remove/").status_code == 200
    assert Segment.objects.exists()
    bob_client.post(f"/segments/{segment.pk}/remove/")
    assert not Segment.objects.exists()


def test_a_taken_segment_name_is_said_at_the_name(acme: Workspace, bob_client: Client) -> None:
    a_segment("大口")
    answer = bob_client.post("/segments/new/", {"name": "大口"})
    assert answer.status_code == 422 and Segment.objects.count() == 1
    assert "id_name_error" in answer.content.decode()


def test_a_viewer_sees_the_list_and_cannot_save_segments(
    acme: Workspace, vera_client: Client
) -> None:
    a_customer()
    page = shown(vera_client, "?f=customers.tier:is:tech")
    assert "/segments/new/" not in page and reverse("customers:create") not in page
    assert vera_client.post("/segments/new/", {"name": "x"}).status_code == 403


def test_a_fragment_is_never_kept_as_the_page_of_its_address(
    acme: Workspace, bob_client: Client
) -> None:
    part = bob_client.get(LIST, headers={"hx-request": "true"})
    assert "no-store" in part["Cache-Control"] and "HX-Request" in part["Vary"]
    assert "no-store" not in bob_client.get(LIST).get("Cache-Control", "")
