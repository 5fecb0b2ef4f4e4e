"""The customer list: search, filters, sorting and pages."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY
from banso.customers import filters, services
from banso.customers.fields import all_fields, fields
from banso.customers.queries import (
    customer_list,
    lists,
    renewals_due,
)
from banso.customers.tests.builders import (
    a_contract,
    a_customer,
    a_segment,
    an_attribute,
)

OURS = [one.key for one in fields() if one.key.startswith("customers.") and one.sortable]


def names(*found: str, **asked: Any) -> list[str]:
    conditions = filters.parse_query(found)
    return [row.customer.name for row in customer_list(conditions=conditions, **asked).rows]


@pytest.mark.parametrize(
    "wanted",
    [
        "アクメ",
        "ｱｸﾒ",
        "あくめ",
        "株式会社アクメ",
        "㈱アクメ",
        "アクメ工業",
        "あくめこう",
        "工業",
        "AC-01",
    ],
)
def test_search_bears_width_kana_and_legal_forms(acme: Workspace, wanted: str) -> None:
    a_customer("株式会社アクメ工業", name_reading="アクメコウギョウ", external_id="AC-01")
    a_customer("有限会社みなと")
    assert names(q=wanted) == ["株式会社アクメ工業"]


def test_percent_signs_and_underscores_are_only_letters(acme: Workspace) -> None:
    a_customer("100%果汁", industry="飲料_果汁")
    a_customer("みなと", industry="水運 50%")
    assert names(q="%") == ["100%果汁"]
    assert names("customers.industry:contains:%") == ["みなと"]
    assert names("customers.industry:contains:_") == ["100%果汁"]


def test_names_sort_by_reading(acme: Workspace) -> None:
    for name, reading in (("山田商店", "ヤマダ"), ("青木製作所", "あおき"), ("ハニー", "")):
        a_customer(name, name_reading=reading)
    assert names() == ["青木製作所", "ハニー", "山田商店"]
    assert names(sort="-customers.name") == ["山田商店", "ハニー", "青木製作所"]


@pytest.mark.parametrize("sort", [sign + key for key in OURS for sign in ("", "-")])
def test_pages_of_every_sort_show_each_customer_once_be_they_few_or_many(
    acme: Workspace, monkeypatch: Any, sort: str
) -> None:
    made = [a_customer(f"顧客{n}", tier=("high", "tech")[n % 2]) for n in range(5)]
    a_contract(made[0], amount=12, currency="USD")
    a_contract(made[1], amount=1200, notice_on=date(2026, 11, 30), seats=3)
    whole = [row.customer.pk for row in customer_list(sort=sort).rows]
    assert sorted(whole) == sorted(one.pk for one in made)
    for counted in (1000, 2):
        monkeypatch.setattr(lists, "COUNTED", counted)
        assert walked(sort) == whole


def walked(sort: str) -> list[Any]:
    """Every customer, page by page."""
    seen, cursor = [], ""
    while True:
        page = customer_list(sort=sort, cursor=cursor, limit=2)
        assert page.total == 5
        seen += [row.customer.pk for row in page.rows]
        if not (cursor := page.next_cursor):
            return seen


def test_of_many_a_page_says_only_that_they_are_many(acme: Workspace, monkeypatch: Any) -> None:
    monkeypatch.setattr(lists, "COUNTED", 2)
    for n in range(3):
        a_customer(f"顧客{n}")
    assert customer_list(count=False).total is None and customer_list().total == 3
    condition = filters.parse_query(["customers.name:contains:顧客1"])
    assert customer_list(count=False, conditions=condition).total == 1


def test_no_data_comes_last_either_way(acme: Workspace) -> None:
    a_customer("なし")
    for name, amount in (("小", 1200), ("大", 2400)):
        a_contract(a_customer(name), amount=amount)
    assert names(sort="customers.mrr") == ["小", "大", "なし"]
    assert names(sort="-customers.mrr") == ["大", "小", "なし"]


def test_choices_sort_in_their_order_and_money_in_major_units(acme: Workspace) -> None:
    for tier in ("tech", "high", "low"):
        a_customer(tier, tier=tier)
    assert names(sort="customers.tier") == ["high", "low", "tech"]
    a_contract(a_customer("円"), amount=12_000)
    a_contract(a_customer("ドル"), amount=120_000, currency="USD")
    assert names("customers.mrr:gte:101", sort="-customers.mrr") == ["円"]
    assert names("customers.mrr:gte:100", sort="-customers.mrr") == ["円", "ドル"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("customers.tier:is:high", ["甲"]),
        ("customers.tier:is_not:high", ["乙"]),
        ("customers.tier:in:high,tech", ["甲", "乙"]),
        ("customers.mrr:gte:100000", ["甲"]),
        ("customers.mrr:between:1,100000", ["甲"]),
        ("customers.mrr:gt:100000", []),
        ("customers.mrr:empty", ["乙"]),
        ("customers.mrr:not_empty", ["甲"]),
        ("customers.renewal_on:within_days:11", ["甲"]),
        ("customers.renewal_on:within_days:10", []),
        ("customers.since:past_days:365", ["甲"]),
        ("customers.since:lt:2025-12-01", ["乙"]),
        ("customers.name:contains:コウ", ["甲"]),
        ("customers.industry:contains:sａas", ["乙"]),
        ("customers.industry:empty", ["甲"]),
        ("customers.contract_state:is:active", ["甲"]),
        ("customers.days_to_deadline:lte:10", ["甲"]),
        ("customers.days_to_deadline:lte:9", []),
    ],
)
def test_each_operator_finds_what_it_says(
    acme: Workspace, condition: str, expected: list[str]
) -> None:
    first = a_customer("甲", name_reading="こう", tier="high")
    a_contract(first)
    a_customer("乙", name_reading="おつ", industry="SaaS", since=date(2024, 1, 1))
    assert sorted(names(condition)) == sorted(expected)


@pytest.mark.parametrize(
    "condition",
    [
        "customers.nothing:is:1",
        "customers.name__regex:is:1",
        "deleted_at:empty",
        "customers.tier:contains:h",
        "customers.tier:contains:high",
        "customers.mrr:nearly:1",
        "customers.tier:is:giant",
        "customers.mrr:gte:much",
        "customers.mrr:gte:NaN",
        "customers.mrr:gte:1e400",
        "customers.mrr:between:1",
        "customers.since:is:2026-13-01",
        "customers.since:within_days:-1",
        "customers.since:within_days:1.5",
        "customers.since:within_days:99999999",
        "customers.main_owner:is:me",
        "customers.name:contains:",
        "customers.name:contains:a\x00b",
        "customers.name:contains:\ud800",
        "customers.name:contains:" + "x" * 10_000,
        "customers.attributes.nothing:is:1",
        "",
        "::",
    ],
)
def test_what_cannot_be_read_is_refused_in_words(acme: Workspace, condition: str) -> None:
    with pytest.raises(Refused) as refusal:
        filters.parse_query([condition])
    assert str(refusal.value.message)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        "x",
        [1],
        [{"field": "customers.tier"}],
        [{"field": [], "op": "is"}],
        [{"field": "customers.tier", "op": {}}],
        [{"field": "customers.tier", "op": "is", "value": {"a": 1}}],
        [{"field": "customers.tier", "op": "is", "value": "high", "more": 1}],
        [{"field": "customers.mrr", "op": "gte", "value": True}],
        [{"field": "customers.mrr", "op": "gte", "value": 10**400}],
        [{"field": "customers.mrr", "op": "gte", "value": float("inf")}],
        [{"field": "customers.since", "op": "is", "value": 5}],
        [{"field": "customers.tier", "op": "in", "value": ["high"] * 101}],
        [{"field": "customers.name", "op": "empty"}] * 21,
    ],
)
def test_json_that_is_no_list_of_conditions_is_refused(acme: Workspace, raw: Any) -> None:
    with pytest.raises(Refused):
        filters.parse(raw)


def test_conditions_survive_json_and_addresses(acme: Workspace) -> None:
    for text in (
        "customers.tier:in:high,low",
        "customers.mrr:between:1,2.5",
        "customers.since:gte:2026-01-01",
        "customers.since:within_days:30",
        "customers.mrr:empty",
        "customers.name:contains:a:b",
    ):
        (one,) = filters.parse_query([text])
        assert one.to_query() == text
        assert filters.parse([one.to_json()]) == [one]


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "'", "é", "x" * 5000])
def test_rubbish_cursors_are_refused(acme: Workspace, cursor: str) -> None:
    with pytest.raises(Refused):
        customer_list(cursor=cursor)


def test_a_cursor_leads_on_in_its_own_list_only(acme: Workspace) -> None:
    for n in range(3):
        a_customer(f"顧客{n}")
    cursor = customer_list(limit=1).next_cursor
    with pytest.raises(Refused):
        customer_list(sort="-customers.name", cursor=cursor)
    with pytest.raises(Refused):
        customer_list(on=date(2026, 1, 1), cursor=cursor)


def test_columns_of_a_room_somebody_may_not_see_are_unknown(acme: Workspace) -> None:
    with pytest.raises(Refused):
        customer_list(columns=["customers.mrr"], permits=frozenset())
    with pytest.raises(Refused):
        filters.parse_query(["customers.mrr:gte:1"], permits=frozenset())


def test_a_page_costs_few_queries_whatever_its_size(
    acme: Workspace, bob: Person, django_assert_num_queries: Any
) -> None:
    for n in range(4):
        a_contract(a_customer(f"顧客{n}", main_owner_id=bob.pk))
    columns = OURS
    condition = filters.parse_query(["customers.mrr:gte:1"])
    services.keep_current()
    with django_assert_num_queries(3):  # whether rows are kept, who fits, and the page
        page = customer_list(columns=columns, conditions=condition, sort="-customers.main_owner")
        assert {row.customer.main_owner_id for row in page.rows} == {bob.pk}
    assert page.rows[0].values["customers.renewal_on"] == date(2026, 12, 1)


def test_attributes_filter_and_sort_like_any_field(acme: Workspace) -> None:
    an_attribute("arr", "number")
    for n in (10, 9):
        a_customer(f"顧客{n}", attributes={"arr": n})
    assert names("customers.attributes.arr:gte:9.5") == ["顧客10"]
    assert names(sort="customers.attributes.arr") == ["顧客9", "顧客10"]
    assert all_fields()[-1].key == "customers.attributes.arr"


def test_a_segment_is_whoever_fits_now(
    acme: Workspace, other_workspace: Workspace, alice_client: Client
) -> None:
    path = f"/api/v1/segments/{a_segment().pk}/customers"

    def members() -> list[str]:
        return [one["id"] for one in alice_client.get(path).json()["items"]]

    assert members() == []
    high = a_customer(tier="high")
    a_customer("別", tier="low")
    with open_workspace(other_workspace):
        a_customer("よそ", tier="high")
    assert members() == [str(high.pk)]
    services.bin_customer(high.pk, by=None)
    assert members() == []


def test_renewals_due_are_the_nearest_deadlines(
    acme: Workspace, django_assert_num_queries: Any
) -> None:
    a_contract(a_customer("満了"), end_on=date(2026, 12, 20))
    a_contract(a_customer("申出"), end_on=date(2027, 6, 1), notice_on=date(2026, 12, 1))
    a_contract(a_customer("先"), end_on=date(2027, 6, 1))
    services.keep_current()
    with django_assert_num_queries(2):  # whether rows are kept, and the rows
        due = renewals_due(TODAY, 90)
    assert [row.customer.name for row in due] == ["申出", "満了"]


def test_what_may_not_be_filtered_is_no_filter(acme: Workspace) -> None:
    shut = [one.key for one in fields() if not one.filterable]
    assert shut
    for key in shut:
        with pytest.raises(Refused):
            filters.condition(key, "not_empty")
